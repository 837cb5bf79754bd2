/**
 * What an agent is shown of a text with commands. A hint that widens its rights, skips a check or removes work that is not landed is one
 * that it would follow: it is left out. Approving stays, worded for the person who has to do it.
 */

/** Options by which a command grants, skips or deletes permanently. */
const FOR_PERSON =
  /\s--(no-verify|purge|skip-teardown|allowed-tools|judge|judge-budget-usd|lan|trust|isolation[ =]bypass)(?![\w-])/;

/** Whether only a person may type it. */
export function isForPerson(command: string): boolean {
  if (!/^copse\b/.test(command)) return false;
  if (/^copse (trust\b|undo$)/.test(command) || FOR_PERSON.test(command)) return true;
  // Names, a run, or all: landed or not. What is done goes without them.
  const [, rest] = /^copse prune\b(.*)$/.exec(command) ?? [];
  return rest !== undefined && / --(all|run)\b| [^-\s]/.test(rest.replace(/ --older[ =]\S+/, ''));
}

const ASK = 'Ask a person to run, in their own terminal:';
const COMMAND = /(?:^ *|: |; |, |`)(copse [^;`\n]*?)(?=[;`.]?$|; |`|\. [A-Z])/g;

/** The text without what is only for a person. A text without commands of that kind is returned as it is. */
export function textForAgent(text: string): string {
  if (!commandsIn(text).some(isForPerson)) return text;
  const kept: string[] = [];
  const approvals = new Set<string>();
  let heading: string | null = null;
  for (const line of text.split('\n')) {
    // A line that only announces the commands below it goes with them.
    if (heading !== null && !/^\s/.test(line)) heading = null;
    if (/^\S.*:$/.test(line)) {
      heading = line;
      continue;
    }
    const parts = line.split(/(?<=\.) (?=[A-Z])|; (?=or )/);
    const allowed = parts.filter((part) => !commandsIn(part).some(isForPerson));
    for (const part of parts) for (const command of commandsIn(part)) if (isApproval(command)) approvals.add(command);
    if (allowed.length === 0) continue;
    if (heading !== null) kept.push(heading);
    heading = null;
    kept.push(allowed.join(' '));
  }
  const asked = [...approvals].map((command) => `${ASK} ${command}`);
  const all = [...asked, ...kept];
  return all.length === 0 ? 'Only a person can decide this.' : all.join('\n');
}

/** Everything in a report that is text, as an agent may read it. */
export function forAgent<T>(report: T): T {
  return deep(report) as T;
}

function deep(value: unknown): unknown {
  if (typeof value === 'string') return textForAgent(value);
  if (Array.isArray(value)) return value.map(deep);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, deep(inner)]));
}

const commandsIn = (text: string): string[] =>
  text.split('\n').flatMap((line) => [...line.matchAll(COMMAND)].map(([, command = '']) => command.trim()));

/** Without a hash, which is what approves. */
const isApproval = (command: string): boolean => /^copse trust(?! [0-9a-f]{64}\b)/.test(command);
