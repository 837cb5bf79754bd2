import { findVerb, typedVerbs, type Verb } from '../commands/registry.ts';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import { nearest } from '../text/nearest.ts';

/** The request of a line, before any verb's file is loaded. */
export type CommandLine =
  | { readonly kind: 'version' }
  /** `verb` null: the help of copse itself. */
  | { readonly kind: 'help'; readonly verb: Verb | null }
  | { readonly kind: 'run'; readonly verb: Verb; readonly args: readonly string[] };

export interface GlobalFlags {
  readonly colour: boolean;
  /** Errors also go to stdout as JSON. */
  readonly json: boolean;
}

/** Flags that count at any position, and the line without them. Words after `--` belong to another program. */
export function takeGlobalFlags(args: readonly string[]): { readonly flags: GlobalFlags; readonly rest: readonly string[] } {
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  const ours = args.slice(0, end);
  return {
    flags: { colour: !ours.includes('--no-color'), json: ours.includes('--json') },
    rest: [...ours.filter((word) => word !== '--no-color'), ...args.slice(end)],
  };
}

/** Finds the verb. Throws CopseError (exit 2) for one that does not exist. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  const ours = args.slice(0, end);
  if (ours[0] === 'help') return { kind: 'help', verb: ours[1] === undefined ? null : verbNamed(ours[1]) };
  const at = ours.findIndex((word) => !word.startsWith('-'));
  const name = at < 0 ? '' : (ours[at] ?? '');
  if (at < 0 && ours.some((word) => word === '--version' || word === '-v' || word === '-V')) return { kind: 'version' };
  if (ours.includes('--help') || ours.includes('-h')) return { kind: 'help', verb: name === '' ? null : verbNamed(name) };
  return { kind: 'run', verb: verbNamed(name), args: at < 0 ? args : [...args.slice(0, at), ...args.slice(at + 1)] };
}

function verbNamed(name: string): Verb {
  const verb = findVerb(name);
  if (verb !== null) return verb;
  const near = nearest(
    name,
    typedVerbs().map((known) => known.name),
  );
  throw new CopseError({
    code: 'unknown-command',
    exit: EXIT.usage,
    what: `There is no command "${name}".`,
    ...(near === null ? {} : { why: `Did you mean ${near}?` }),
    hint: near === null ? 'See all commands: copse --help' : `Try: copse ${near}`,
  });
}
