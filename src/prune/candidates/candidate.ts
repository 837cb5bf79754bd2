import type { Head } from '../../git/refs/head.ts';
import type { AbsolutePath, BranchName, CommitId, RefName } from '../../model/ids.ts';
import type { Plan } from '../../model/plan.ts';
import type { Rest } from '../../model/reports/prune-report.ts';
import type { RunState, VariantState } from '../../model/run-state/state.ts';
import type { RunPaths } from '../../store/layout.ts';

/** A run as the command found it. */
export interface RunAtHand {
  readonly state: RunState;
  readonly paths: RunPaths;
  /** Its supervisor is not provably dead. */
  readonly alive: boolean;
}

/** A candidate for removal: a variant, or a worktree or branch that copse did not create. */
export interface Candidate {
  /** Its name on the command line: `ui/dark`; of others the branch, else the path. */
  readonly name: string;
  readonly variant: { readonly run: RunAtHand; readonly plan: Plan; readonly state: VariantState } | null;
  readonly rest: Rest;
  readonly worktree: {
    readonly path: AbsolutePath;
    readonly gitDir: AbsolutePath;
    readonly nonce: string | null;
    readonly there: boolean;
    readonly head: Head;
  } | null;
  /** To be removed with it; null: there is none, or something else still needs it. */
  readonly branch: { readonly name: BranchName; readonly commit: CommitId } | null;
  /** The start of its own work, if known. */
  readonly start: CommitId | null;
  /** The refs that it may have landed on. */
  readonly targets: readonly RefName[];
  readonly disposable: readonly string[];
  readonly blocked: string | null;
  readonly neededBy: readonly string[];
  /** When anything happened to it last, ms since 1970; null: not known. */
  readonly at: number | null;
  /** Whether it was chosen by its name, its run, or as one of all. */
  readonly chosen: boolean;
}
