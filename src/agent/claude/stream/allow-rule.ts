import { type JsonObject, textOf } from '../json.ts';

/** Programs whose first argument is a command of their own. */
const WITH_SUBCOMMAND = new Set(
  'npm pnpm yarn bun npx bunx deno cargo go git docker podman kubectl gh pip pip3 uv poetry bundle gem mix make just dotnet brew apt terraform helm'.split(
    ' ',
  ),
);
/** `npm run test`: the script's name belongs to the rule. */
const WITH_SCRIPT = new Set(['npm run', 'pnpm run', 'yarn run', 'bun run', 'deno task', 'uv run', 'poetry run', 'bundle exec']);
/** A rule for these with anything after it would allow everything. */
const RUNS_ANYTHING = new Set(
  'sh bash zsh fish dash ksh env sudo su doas eval exec source xargs nohup time timeout watch ssh node python python3 ruby perl php osascript awk'.split(
    ' ',
  ),
);
/** `git diff --output=/anywhere`: a rule for these writes files outside. */
const WRITES_ANYWHERE = new Set(['git diff', 'git log', 'git show', 'git format-patch', 'git archive', 'git config']);
/** Claude Code's own read-only set; within a compound command they are not what was denied. */
const READ_ONLY = new Set(
  'cd ls cat echo pwd head tail wc grep rg find sort uniq cut tr date which true false test stat file du diff'.split(' '),
);

/**
 * The `allowedTools` entry that would allow a denied call, e.g. `Bash(npm install *)` (which also matches `npm install` alone).
 * Null if nothing sensible would: paths outside the worktree, interpreters and shells (their rule would allow everything),
 * compound commands of which several parts need a rule.
 */
export function allowRule(tool: string, input: JsonObject, reason: string): string | null {
  if (/outside (?:the |allowed )?working director|outside .*; --restricted|path outside|sensitive file/i.test(reason))
    return null;
  if (tool === 'Bash') return bashRule(textOf(input['command']) ?? '');
  if (tool === 'WebFetch') return webRule(textOf(input['url']) ?? '');
  return tool === 'WebSearch' || tool.startsWith('mcp__') ? tool : null;
}

function webRule(url: string): string | null {
  return URL.canParse(url) ? `WebFetch(domain:${new URL(url).hostname})` : null;
}

function bashRule(command: string): string | null {
  const parts = splitCommand(command);
  if (parts === null) return null;
  const needing = parts.filter((part) => !READ_ONLY.has(part[0] ?? ''));
  const rules = new Set(needing.map(ruleOf));
  const [rule] = rules;
  return rules.size === 1 && rule !== undefined ? rule : null;
}

function ruleOf(words: readonly string[]): string | null {
  const [program, second, third] = words;
  if (program === undefined || RUNS_ANYTHING.has(program) || !/^[\w./+-]+$/.test(program)) return null;
  if (!WITH_SUBCOMMAND.has(program) || second === undefined || !/^[\w:.@/-]+$/.test(second) || second.startsWith('-')) {
    return words.length === 1 ? `Bash(${program})` : WITH_SUBCOMMAND.has(program) ? null : `Bash(${program} *)`;
  }
  const two = `${program} ${second}`;
  if (WRITES_ANYWHERE.has(two)) return null;
  if (WITH_SCRIPT.has(two)) return third !== undefined && /^[\w:.@/-]+$/.test(third) ? `Bash(${two} ${third} *)` : null;
  return `Bash(${two} *)`;
}

/** The simple commands of a line, in words; null if that is not clear from the text (expansions, redirections, here-documents). */
function splitCommand(command: string): readonly (readonly string[])[] | null {
  const parts: string[][] = [[]];
  let word = '';
  let quote = '';
  const endWord = (): void => {
    if (word !== '') parts.at(-1)?.push(word);
    word = '';
  };
  for (const character of command) {
    if (quote !== '') {
      if (character === quote) quote = '';
      else word += quote === '"' && /[$`\\]/.test(character) ? '\0' : character;
    } else if (character === '"' || character === "'") quote = character;
    else if (/[;&|\n]/.test(character)) {
      endWord();
      if (parts.at(-1)?.length !== 0) parts.push([]);
    } else if (/\s/.test(character)) endWord();
    else word += /[$`<>(){}\\]/.test(character) ? '\0' : character;
  }
  endWord();
  const whole = parts.filter((part) => part.length > 0);
  if (quote !== '' || whole.length === 0 || whole.some((part) => part.some((text) => text.includes('\0')))) return null;
  // A variable set in front (`CI=1 npm test`) is part of what a rule must match, and none of copse's patterns would.
  return whole.some((part) => /^\w+=/.test(part[0] ?? '')) ? null : whole;
}
