import type { AbsolutePath, BranchName, CommitId, RunId, VariantName } from '../ids.ts';
import type { OperationId } from '../operation.ts';
import type { Outcome } from '../outcome.ts';

/** What became of the work on a branch, by git and the person's forge. `on`: short name of the ref it is on. */
export type LandedHow =
  /** It has no own commit. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'merged'; readonly on: string }
  | { readonly kind: 'squashed'; readonly on: string; readonly commit: CommitId | null }
  /** copse has merged it there, on record, and it is still there. `missingOn`: the target of its run, if the work is not on it. */
  | { readonly kind: 'landed'; readonly on: string; readonly commit: CommitId; readonly missingOn: string | null }
  /** It was there whole in this commit; the target changed the same lines since. */
  | { readonly kind: 'landed-then-changed'; readonly on: string; readonly commit: CommitId }
  /** Through a merged pull request whose head holds it. */
  | { readonly kind: 'pull-request'; readonly number: number }
  | { readonly kind: 'reverted'; readonly on: string; readonly commit: CommitId }
  | { readonly kind: 'not-landed' }
  /** There is nothing to compare it with: no target, or no common history. */
  | { readonly kind: 'unknown'; readonly why: string };

/** The files that a look into a worktree found. */
export interface LookedInside {
  readonly uncommitted: number;
  readonly untracked: number;
  /** Tracked files that are edited where `git status` does not look (`update-index --skip-worktree`, `--assume-unchanged`); missing: none. */
  readonly hidden?: readonly string[];
  /** Work that neither the commit nor these counts hold: ignored files, files in submodules. In words; missing: none. */
  readonly beside?: readonly string[];
  /** An open rebase, merge, cherry-pick, revert or bisect. */
  readonly operation: string | null;
  /** On disk, approximately; null: unknown. */
  readonly bytes: number | null;
  /** Of these, ignored folders that need no keeping. */
  readonly disposableBytes: number;
  /** These folders, relative to the worktree: they are deleted with it and no undo restores them; missing: none. */
  readonly disposable?: readonly string[];
}

/** At rest, or why not. */
export type Rest =
  | { readonly kind: 'at-rest'; readonly outcome: Outcome | null }
  | { readonly kind: 'running' }
  /** Its supervisor died before it ended. */
  | { readonly kind: 'interrupted' };

/** Everything that decides about one variant, or about one worktree or branch that copse did not make. */
export interface PruneFacts {
  readonly owner: { readonly run: RunId; readonly variant: VariantName } | null;
  readonly rest: Rest;
  readonly worktree: AbsolutePath | null;
  /** `missing`: registered, but its folder is gone. */
  readonly folder: 'there' | 'missing' | 'none';
  readonly branch: { readonly name: BranchName; readonly commit: CommitId } | null;
  readonly landed: LandedHow;
  /** HEAD is at commits that are neither on the branch nor landed. */
  readonly looseHead: boolean;
  /**
   * null: there is no worktree, it could not be read (`unreadable` says why), or copse did not make it and it stays whatever is in it.
   */
  readonly inside: LookedInside | null;
  readonly unreadable: string | null;
  /** Why it must stay whatever anybody says: a process works in it, submodules, it is the main worktree … */
  readonly blocked: string | null;
  /** `copse serve` shows it; its server is stopped first. Only known for items that would be removed. */
  readonly served: boolean;
  /** Unfinished variants that start from it. */
  readonly neededBy: readonly VariantName[];
  /** Milliseconds since anything happened to it; null: not known. */
  readonly idleMs: number | null;
}

/** The user's request. */
export interface PruneChoice {
  /** Things that were named one by one, or by their run, or all. */
  readonly chosen: 'named' | 'swept';
  /** Only what has been at rest this long. */
  readonly olderMs: number | null;
}

export type PruneVerdict =
  /**
   * `losing`: its work that is not landed or not committed, which only undo restores; empty: none. `keepsBranch`: only git's entry of
   * a missing folder is removed.
   */
  | { readonly kind: 'goes'; readonly why: string; readonly losing: readonly string[]; readonly keepsBranch: boolean }
  /** `name`: it is removed if it is named. */
  | { readonly kind: 'kept'; readonly why: string; readonly name: boolean };

export interface PruneRow {
  /** As it is addressed: `dark`, `ui-2/dark`, or a branch or folder that copse did not create. */
  readonly name: string;
  readonly facts: PruneFacts;
  readonly verdict: PruneVerdict;
}

/** How far the look of a prune is. */
export type PruneProgress =
  /** `known`: branches of which an earlier look knows what became of them; `open`: those that are compared with their target now. */
  | { readonly kind: 'comparing'; readonly known: number; readonly open: number }
  /** `done` of `of` worktrees were searched for work that is in no commit. */
  | { readonly kind: 'searching'; readonly done: number; readonly of: number };

/** The findings of a prune, before anything is touched. */
export interface PruneLook {
  readonly rows: readonly PruneRow[];
  /** Further findings, one sentence each: a fetch that failed, `gh` that is not logged in. */
  readonly notes: readonly string[];
}

export interface PruneOutcome {
  /** null: nothing was taken away. */
  readonly operation: OperationId | null;
  readonly removed: readonly {
    readonly name: string;
    readonly worktree: AbsolutePath | null;
    readonly branch: BranchName | null;
  }[];
  readonly kept: readonly { readonly name: string; readonly why: string }[];
  /** Bytes that are free now, and bytes in the trash that still take room. */
  readonly freedBytes: number;
  readonly retainedBytes: number;
  /** Its files were deleted permanently right away. */
  readonly purged: boolean;
  /** When the retained files are deleted by themselves; null: nothing is retained. */
  readonly keptUntil: string | null;
  readonly notes: readonly string[];
}
