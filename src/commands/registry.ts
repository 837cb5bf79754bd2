import type { Command } from './command.ts';

export type VerbGroup = 'Start' | 'Watch' | 'Steer' | 'Use' | 'Set up';

/** A verb as far as help, completion and plain command lines need to know it; the rest is in its file, loaded when used. */
export interface Verb {
  readonly name: string;
  /** Positionals: `<variant>`, `[run]`, `[variant...]`, `-- <command...>`. Those named variant or run complete. */
  readonly usage: string;
  readonly summary: string;
  /** null: not shown and not completed. */
  readonly group: VerbGroup | null;
  load(): Promise<{ readonly command: Command }>;
}

/** In the order of the help. A new verb: its file beside this one (exporting `command`), one line here, one test. */
export const VERBS: readonly Verb[] = [
  verb('init', '', 'write variants.yaml and .worktreerc for this repository', 'Start'),
  verb('plan', '[variant...]', 'what run would create, run and may cost', 'Start'),
  verb('run', '[variant...]', 'start the variants, side by side', 'Start'),
  verb('tour', '', 'see the whole loop in a minute, offline, for nothing', 'Start'),
  verb('status', '[run]', 'all runs and variants', 'Watch'),
  verb('attach', '[run]', 'the live view again', 'Watch'),
  verb('logs', '<variant>', 'readable transcript of a variant', 'Watch'),
  verb('wait', '[run...]', 'block until runs end, print a verdict', 'Watch'),
  verb('stop', '[variant...]', 'stop variants, or the whole run', 'Steer'),
  verb('retry', '[variant...]', 'go on with a correction, or where it stopped', 'Steer'),
  verb('resume', '[run]', 'launch what is still queued', 'Steer'),
  verb('path', '<variant>', "print where a variant's worktree is", 'Use'),
  verb('exec', '[variant] -- <command...>', "run a command in a variant's worktree", 'Use'),
  verb('config', '', 'each effective setting and where it comes from', 'Set up'),
  verb('trust', '[hash]', 'approve what this repository wants to run', 'Set up'),
  verb('doctor', '', 'look for what is missing or stale, with fixes', 'Set up'),
  verb('completion', '[shell]', 'print the completion script for bash, zsh or fish', 'Set up'),
  verb('bare', '', 'where I stand, what to do next', null),
  verb('__supervise', '<run>', "a run's supervisor", null, 'supervise'),
];

function verb(name: string, usage: string, summary: string, group: VerbGroup | null, file = name): Verb {
  return { name, usage, summary, group, load: () => import(`./${file}.ts`) as Promise<{ command: Command }> };
}

/** Verbs a person can type, in the help's order. */
export function typedVerbs(): readonly Verb[] {
  return VERBS.filter((v) => v.group !== null);
}

/** The verb of this name; `''` is `copse` alone. */
export function findVerb(name: string): Verb | null {
  const wanted = name === '' ? 'bare' : name === 'bare' ? '' : name;
  return VERBS.find((v) => v.name === wanted) ?? null;
}
