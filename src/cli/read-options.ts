import type { ParserConfigurationOptions } from 'yargs';
import type { OptionSpec } from '../commands/command.ts';

export type Specs = Readonly<Record<string, OptionSpec>>;

/** A command line taken apart, nothing checked yet but its form. */
export interface ReadLine {
  readonly words: readonly string[];
  /** The words after `--`; null if there is no `--`. */
  readonly afterDashes: readonly string[] | null;
  /** Flags are all there, lists too; a text only when given. */
  readonly options: Readonly<Record<string, string | boolean | readonly string[]>>;
  /** Options that the verb does not have, as typed. */
  readonly unknown: readonly string[];
  /** Options that want a value and got none. */
  readonly valueless: readonly string[];
  /** A sentence for each option that was given none of its choices. */
  readonly refused: readonly string[];
}

// Everything that guesses is off: numbers stay text (zod reads them), `--no-x` is an option called no-x.
const CONFIGURATION: Partial<ParserConfigurationOptions> = {
  'boolean-negation': false,
  'camel-case-expansion': false,
  'dot-notation': false,
  'duplicate-arguments-array': true,
  'flatten-duplicate-arrays': true,
  'greedy-arrays': false,
  'nargs-eats-options': true,
  'parse-numbers': false,
  'parse-positional-numbers': false,
  'populate--': true,
  'short-option-groups': true,
  'strip-aliased': true,
};

/** Errors of yargs, in copse's words. Of an option without its value only the name: the caller knows what it takes. */
const WORDS = {
  'Not enough arguments following: %s': '%s',
  'Invalid values:': ' ',
  'Argument: %s, Given: %s, Choices: %s': '--%s cannot be %s. It takes %s.',
};

/** Reads a line that has options, with yargs. */
export async function readOptions(args: readonly string[], specs: Specs): Promise<ReadLine> {
  const { default: yargs } = await import('yargs');
  const valueless: string[] = [];
  const refused: string[] = [];
  const parser = yargs([])
    .parserConfiguration(CONFIGURATION)
    .locale('en')
    .updateStrings(WORDS)
    .help(false)
    .version(false)
    .exitProcess(false)
    .fail((message, error: Error | undefined) => {
      // Only its parser hands an error over, and only for an option at the end that needs a value; choices come without.
      if (error !== undefined) valueless.push(typed(message));
      else refused.push(...message.trim().split(/\n */));
    });
  for (const [name, spec] of Object.entries(specs)) {
    const alias = spec.alias === undefined ? {} : { alias: spec.alias };
    const choices = spec.choices === undefined ? {} : { choices: spec.choices };
    if (spec.kind === 'flag') parser.option(name, { type: 'boolean', ...alias });
    else parser.option(name, { type: 'string', nargs: 1, array: spec.kind === 'list', ...alias, ...choices });
  }
  parser.middleware((argv) => settle(argv, specs), true);
  const argv: Record<string, unknown> = await parser.parse(withValues(args, specs));
  const options: Record<string, string | boolean | readonly string[]> = { ...noOptions(specs).options };
  const unknown: string[] = [];
  for (const [name, value] of Object.entries(argv)) {
    if (name === '_' || name === '--' || name === '$0') continue;
    const spec = specs[name];
    if (spec === undefined) unknown.push(typed(name));
    else if (value !== undefined) options[name] = value as string | boolean | readonly string[];
  }
  const words = Array.isArray(argv['_']) ? argv['_'].map(String) : [];
  const behind = argv['--'];
  const afterDashes = Array.isArray(behind) ? behind.map(String) : args.includes('--') ? [] : null;
  return { words, afterDashes, options, unknown, valueless, refused };
}

/** An option that may be given without a value gets its value attached: yargs would take the next word for it. */
function withValues(args: readonly string[], specs: Specs): string[] {
  const dashes = args.indexOf('--');
  return args.map((arg, at) => {
    const alone = dashes >= 0 && at > dashes ? undefined : specs[arg.replace(/^--/, '')]?.alone;
    return alone === undefined || !arg.startsWith('--') ? arg : `${arg}=${alone}`;
  });
}

/**
 * Most lines have no option at all, and loading yargs costs as much as starting Node: those are read here. null where the line
 * has an option.
 */
export function readPlain(args: readonly string[], specs: Specs): ReadLine | null {
  const dashes = args.indexOf('--');
  const words = dashes < 0 ? args : args.slice(0, dashes);
  if (words.some((word) => word.startsWith('-'))) return null;
  return {
    ...noOptions(specs),
    words,
    afterDashes: dashes < 0 ? null : args.slice(dashes + 1),
    unknown: [],
    valueless: [],
    refused: [],
  };
}

function noOptions(specs: Specs): Pick<ReadLine, 'options'> {
  const options: Record<string, boolean | readonly string[]> = {};
  for (const [name, { kind }] of Object.entries(specs)) {
    if (kind === 'flag') options[name] = false;
    if (kind === 'list') options[name] = [];
  }
  return { options };
}

/** Before yargs looks at the choices: of what was repeated the last counts, and a list may hold commas. */
function settle(argv: Record<string, unknown>, specs: Specs): void {
  for (const [name, { kind }] of Object.entries(specs)) {
    const given = argv[name];
    if (given === undefined) continue;
    const values: unknown[] = Array.isArray(given) ? given : [given];
    argv[name] =
      kind === 'list' ? values.flatMap((text) => String(text).split(',')).filter((text) => text !== '') : values.at(-1);
  }
}

function typed(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`;
}
