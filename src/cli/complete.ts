import type { Command, OptionSpec } from '../commands/command.ts';
import { findVerb, typedVerbs, type Verb } from '../commands/registry.ts';

/** Makes the shell complete file names by itself. */
const FILES = ':files';

/**
 * What a shell offers for the last of `words` (those after `copse`): a line each, value and description with a tab between.
 * Never throws: the user is typing, and a message in the middle of their line does not help.
 */
export async function complete(words: readonly string[], cwd: string): Promise<string> {
  const typed = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  try {
    const offers = await offersFor(before, typed, cwd);
    const lines = offers.filter(([value]) => value === FILES || value.startsWith(typed));
    return (
      lines.map(([value, description]) => (description === '' ? value : `${value}\t${description}`)).join('\n') +
      (lines.length > 0 ? '\n' : '')
    );
  } catch {
    // Not in a repository, a broken file, a verb whose file does not load: nothing to offer.
    return '';
  }
}

type Offer = readonly [value: string, description: string];

async function offersFor(before: readonly string[], typed: string, cwd: string): Promise<readonly Offer[]> {
  const verb = findVerb(before.find((word) => !word.startsWith('-')) ?? '');
  if (verb === null) return [];
  if (verb.group === null) {
    if (typed.startsWith('-'))
      return [
        ['--help', 'all commands'],
        ['--version', ''],
        ['--no-color', 'no colours'],
        ...options((await verb.load()).command),
      ];
    return typedVerbs().map(({ name, summary }) => [name, summary]);
  }
  const dashes = before.indexOf('--');
  // Words after `--` are another program's line.
  if (dashes >= 0) return [[FILES, '']];
  const last = before.at(-1) ?? '';
  if (last.startsWith('-') || typed.startsWith('-')) {
    const { command } = await verb.load();
    const taken = valueOffers(command, last);
    if (taken !== null) return taken;
    if (typed.startsWith('-')) return [...options(command), ['--help', 'options and examples']];
  }
  return positionalOffers(verb, typed, cwd);
}

async function positionalOffers(verb: Verb, typed: string, cwd: string): Promise<readonly Offer[]> {
  if (typeof verb.completes !== 'string') return verb.completes.map((word) => [word, '']);
  const { knownNames } = await import('../commands/completion/known-names.ts');
  return knownNames(verb.completes, typed, cwd);
}

/** The kind of value that the option before the cursor takes; null if it takes none. */
function valueOffers(command: Command, option: string): readonly Offer[] | null {
  const found = Object.entries(command.options).find(([name, spec]) => option === `--${name}` || option === `-${spec.alias}`);
  const spec: OptionSpec | undefined = found?.[1];
  if (spec === undefined || spec.kind === 'flag') return null;
  if (spec.choices !== undefined) return spec.choices.map((choice) => [choice, '']);
  return spec.file === true ? [[FILES, '']] : [];
}

function options(command: Command): readonly Offer[] {
  return Object.entries(command.options)
    .filter(([, spec]) => spec.hidden !== true)
    .map(([name, spec]) => [`--${name}`, spec.summary]);
}
