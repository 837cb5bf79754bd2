import type { Measure } from './kit/measurement.ts';

/** Every row by its name, in the order of the table. A new one: a file in `rows/` that exports `measure`, and a line here. */
export const ROWS: Readonly<Record<string, () => Promise<{ readonly measure: Measure }>>> = {
  version: () => import('./rows/version.ts'),
  completion: () => import('./rows/completion.ts'),
  path: () => import('./rows/path.ts'),
  status: () => import('./rows/status.ts'),
  landed: () => import('./rows/landed.ts'),
  mess: () => import('./rows/mess.ts'),
  'worktrees-large': () => import('./rows/worktrees-large.ts'),
  'worktrees-small': () => import('./rows/worktrees-small.ts'),
  'twenty-agents': () => import('./rows/twenty-agents.ts'),
  streams: () => import('./rows/streams.ts'),
  compare: () => import('./rows/compare.ts'),
  pairs: () => import('./rows/pairs.ts'),
  merge: () => import('./rows/merge.ts'),
  'html-report': () => import('./rows/html-report.ts'),
  prune: () => import('./rows/prune.ts'),
  proxy: () => import('./rows/proxy.ts'),
  serve: () => import('./rows/serve.ts'),
  'first-agent': () => import('./rows/first-agent.ts'),
};
