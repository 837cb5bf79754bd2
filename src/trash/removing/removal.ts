import type { Repository } from '../../git/spawn/repository.ts';
import type { Clock } from '../../model/clock.ts';
import type { AbsolutePath, BranchName, CommitId, RunId, VariantName } from '../../model/ids.ts';
import type { Store } from '../../store/layout.ts';

/** One worktree, branch, or both, to remove. */
export interface Removal {
  /** null: copse did not create it. */
  readonly owner: { readonly run: RunId; readonly variant: VariantName } | null;
  /** `path` as git has it (real). `nonce` null: no record of copse proves it, only git's own entry. */
  readonly worktree: { readonly path: AbsolutePath; readonly gitDir: AbsolutePath; readonly nonce: string | null } | null;
  /** At the commit where the caller saw it; if it has moved, it is kept. */
  readonly branch: { readonly name: BranchName; readonly commit: CommitId } | null;
  /** Ignored folders, relative to the worktree, that need no keeping. */
  readonly disposable: readonly string[];
  /** `landed on main`, `you named it`. */
  readonly why: string;
  /** Runs right before the removal, outside of every lock. Rejects: the worktree is kept. */
  readonly teardown: null | ((worktree: AbsolutePath) => Promise<void>);
  /**
   * The caller has just seen that index and files are as in HEAD, nothing untracked: saves another look. What changes after that
   * look is in the folder, which is kept as it is.
   */
  readonly clean?: boolean;
  /** On disk, if the caller measured it. */
  readonly bytes?: number | null;
}

export interface TakeAwayOptions {
  readonly repository: Repository;
  readonly store: Store;
  readonly clock: Clock;
  /** The command as typed: `copse prune dark`. */
  readonly command: string;
  readonly removals: readonly Removal[];
  /** The folder for worktrees that are inside a checkout; default: `<repository>.worktrees`. */
  readonly trashRoot?: AbsolutePath | null;
}
