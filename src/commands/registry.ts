import type { Command } from './command.ts';

export type VerbGroup = 'Start' | 'Watch' | 'Steer' | 'Choose' | 'Finish' | 'Use' | 'Set up';

/** A verb as far as help, completion and plain command lines need to know it; the rest is in its file, loaded when used. */
export interface Verb {
  readonly name: string;
  /** Positionals: `<variant>`, `[run]`, `[variant...]`, `-- <command...>`. */
  readonly usage: string;
  /** One line, no full stop. */
  readonly summary: string;
  /** null: not for people, neither shown nor completed. */
  readonly group: VerbGroup | null;
  /** The completions of its positionals: variants and runs that exist, variants that the variants file declares, or these words. */
  readonly completes: 'variants' | 'runs' | 'declared' | readonly string[];
  load(): Promise<{ readonly command: Command }>;
}

/** In the order of the help. A new verb: its file beside this one (exporting `command`), one line here, one test. */
// biome-ignore format: one line a verb.
export const VERBS: readonly Verb[] = [
  { name: 'init', usage: '', group: 'Start', completes: [], summary: 'write variants.yaml and .worktreerc for this repository', load: () => import('./init.ts') },
  { name: 'plan', usage: '[variant...]', group: 'Start', completes: 'declared', summary: 'show what run would create, run and cost', load: () => import('./plan.ts') },
  { name: 'run', usage: '[variant...]', group: 'Start', completes: 'declared', summary: 'start the variants side by side, and watch them', load: () => import('./run.ts') },
  { name: 'tour', usage: '', group: 'Start', completes: [], summary: 'see the whole workflow in a minute: offline, free', load: () => import('./tour.ts') },
  { name: 'status', usage: '[run]', group: 'Watch', completes: 'runs', summary: 'show all runs and variants', load: () => import('./status.ts') },
  { name: 'attach', usage: '[run]', group: 'Watch', completes: 'runs', summary: 'return to the live view', load: () => import('./attach.ts') },
  { name: 'logs', usage: '<variant>', group: 'Watch', completes: 'variants', summary: 'show the transcript of a variant', load: () => import('./logs.ts') },
  { name: 'wait', usage: '[run...]', group: 'Watch', completes: 'runs', summary: 'block until runs end, then print a verdict', load: () => import('./wait.ts') },
  { name: 'stop', usage: '[variant...]', group: 'Steer', completes: 'variants', summary: 'stop variants, or a whole run', load: () => import('./stop.ts') },
  { name: 'retry', usage: '[variant...]', group: 'Steer', completes: 'variants', summary: 'continue with a correction, or where it stopped', load: () => import('./retry.ts') },
  { name: 'resume', usage: '[run]', group: 'Steer', completes: 'runs', summary: 'start what is still queued', load: () => import('./resume.ts') },
  { name: 'compare', usage: '[variant...]', group: 'Choose', completes: 'variants', summary: 'compare variants: checks, changes, cost, conflicts', load: () => import('./compare.ts') },
  { name: 'diff', usage: '<a> [b] -- [path...]', group: 'Choose', completes: 'variants', summary: 'show what a variant changed, or how two differ', load: () => import('./diff.ts') },
  { name: 'choose', usage: '[variant]', group: 'Choose', completes: 'variants', summary: 'record which variant was chosen, and why', load: () => import('./choose.ts') },
  { name: 'merge', usage: '[variant...]', group: 'Finish', completes: 'variants', summary: 'merge variants into the target, rehearsed and checked first', load: () => import('./merge.ts') },
  { name: 'prune', usage: '[variant...]', group: 'Finish', completes: 'variants', summary: 'remove finished worktrees and branches; lose nothing', load: () => import('./prune.ts') },
  { name: 'undo', usage: '[operation]', group: 'Finish', completes: [], summary: 'undo a merge or prune', load: () => import('./undo.ts') },
  { name: 'serve', usage: '[variant...]', group: 'Choose', completes: 'variants', summary: 'show the variants running, side by side', load: () => import('./serve.ts') },
  { name: 'path', usage: '<variant>', group: 'Use', completes: 'variants', summary: "print the path of a variant's worktree", load: () => import('./path.ts') },
  { name: 'exec', usage: '[variant] -- <command...>', group: 'Use', completes: 'variants', summary: "run a command in a variant's worktree", load: () => import('./exec.ts') },
  { name: 'open', usage: '<variant>', group: 'Use', completes: 'variants', summary: 'take a variant over: Claude Code, editor or shell', load: () => import('./open.ts') },
  { name: 'config', usage: '', group: 'Set up', completes: [], summary: 'show each setting and its source', load: () => import('./config.ts') },
  { name: 'trust', usage: '[hash]', group: 'Set up', completes: [], summary: 'approve what this repository wants to run', load: () => import('./trust.ts') },
  { name: 'doctor', usage: '', group: 'Set up', completes: [], summary: 'check your setup, find and fix leftovers', load: () => import('./doctor.ts') },
  { name: 'mcp', usage: '', group: 'Set up', completes: [], summary: 'answer agents by the Model Context Protocol', load: () => import('./mcp.ts') },
  { name: 'plugin', usage: '<action>', group: 'Set up', completes: ['install', 'uninstall', 'path'], summary: 'install the plugin for Claude Code', load: () => import('./plugin.ts') },
  { name: 'completion', usage: '<shell>', group: 'Set up', completes: ['bash', 'zsh', 'fish'], summary: 'print the completion script of a shell', load: () => import('./completion.ts') },
  { name: 'bare', usage: '', group: null, completes: [], summary: 'state of your runs, next steps', load: () => import('./bare.ts') },
  { name: '__supervise', usage: '<run>', group: null, completes: [], summary: "a run's supervisor", load: () => import('./supervise.ts') },
];

/** Verbs a person can type, in the help's order. */
export function typedVerbs(): readonly Verb[] {
  return VERBS.filter((verb) => verb.group !== null);
}

/** The verb of this name; `''` is `copse` alone, which has no name that could be typed. */
export function findVerb(name: string): Verb | null {
  const wanted = name === '' ? 'bare' : name === 'bare' ? '' : name;
  return VERBS.find((verb) => verb.name === wanted) ?? null;
}
