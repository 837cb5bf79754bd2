import { dirname } from 'node:path';
import type { Repository } from '../git/spawn/repository.ts';
import type { AbsolutePath } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import type { Store } from '../store/layout.ts';
import type { Environment } from '../system/environment.ts';

/** The run that checks and metrics belong to, with what they need of the world. */
export interface CheckedRun {
  readonly plan: Plan;
  readonly repository: Repository;
  readonly store: Store;
  /** The person's environment, whole: commands take from it what may pass. */
  readonly environment: Environment;
  readonly portRegistry: AbsolutePath;
  readonly signal: AbortSignal;
  /** The run has not been started: nothing is kept in its name, which another one may get. */
  readonly unstarted?: true;
  /** Digest of the files that the plan copies, if known. */
  readonly copied?: string;
}

/** The folder that the run's worktrees are in. */
export function worktreeRoot(plan: Plan): AbsolutePath {
  return dirname(plan.variants[0]?.worktree ?? plan.repository.root);
}
