import type { AbsolutePath, BranchName, CommitId, RunId, VariantName } from '../ids.ts';
import type { OperationId } from '../operation.ts';
import type { Outcome } from '../outcome.ts';

/** What became of the work on a branch, as git and the person's forge tell. `on`: short name of the ref it is on. */
export type LandedHow =
  /** It has no commit of its own. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'merged'; readonly on: string }
  | { readonly kind: 'squashed'; readonly on: string; readonly commit: CommitId | null }
  /** Copse landed it there, on record, and that stands. `missingOn`: the branch that its run was to land on, where that is without it. */
  | { readonly kind: 'landed'; readonly on: string; readonly commit: CommitId; readonly missingOn: string | null }
  /** It was there whole in this commit; the target changed the same lines since. */
  | { readonly kind: 'landed-then-changed'; readonly on: string; readonly commit: CommitId }
  /** Through a merged pull request whose head holds it. */
  | { readonly kind: 'pull-request'; readonly number: number }
  | { readonly kind: 'reverted'; readonly on: string; readonly commit: CommitId }
  | { readonly kind: 'not-landed' }
  /** There is nothing to compare it with: no target, or no common history. */
  | { readonly kind: 'unknown'; readonly why: string };

/** What a look into a worktree found, in files. */
export interface LookedInside {
  readonly uncommitted: number;
  readonly untracked: number;
  /** Tracked files that are edited where `git status` does not look (`update-index --skip-worktree`, `--assume-unchanged`); missing: none. */
  readonly hidden?: readonly string[];
  /** Work that neither the commit nor these counts hold: ignored files, files in submodules. In words; missing: none. */
  readonly beside?: readonly string[];
  /** A rebase, merge, cherry-pick, revert or bisect that stands open. */
  readonly operation: string | null;
  /** On disk, about; null: could not be told. */
  readonly bytes: number | null;
  /** Of these, ignored folders that need no keeping. */
  readonly disposableBytes: number;
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
  /** HEAD stands on commits that are neither on the branch nor landed. */
  readonly looseHead: boolean;
  /**
   * null: there is no worktree, it could not be read (`unreadable` says why), or copse did not make it and it stays whatever is in it.
   */
  readonly inside: LookedInside | null;
  readonly unreadable: string | null;
  /** Why it must stay whatever anybody says: a process works in it, submodules, it is the main worktree … */
  readonly blocked: string | null;
  /** `copse serve` shows it; its server is stopped first. Only known of what would go. */
  readonly served: boolean;
  /** Unfinished variants that start from it. */
  readonly neededBy: readonly VariantName[];
  /** Milliseconds since anything happened to it; null: not known. */
  readonly idleMs: number | null;
}

/** What the person asked for. */
export interface PruneChoice {
  /** Things that were named one by one, or by their run, or all. */
  readonly chosen: 'named' | 'swept';
  /** Only what has been at rest this long. */
  readonly olderMs: number | null;
}

export type PruneVerdict =
  /**
   * `losing`: what of it is not landed or not committed, which only undo brings back; empty: nothing. `keepsBranch`: only git's entry of
   * a folder that is gone is cleared.
   */
  | { readonly kind: 'goes'; readonly why: string; readonly losing: readonly string[]; readonly keepsBranch: boolean }
  /** `name`: naming it would let it go. */
  | { readonly kind: 'kept'; readonly why: string; readonly name: boolean };

export interface PruneRow {
  /** As it is addressed: `dark`, `ui-2/dark`, or the branch or folder of somebody else's. */
  readonly name: string;
  readonly facts: PruneFacts;
  readonly verdict: PruneVerdict;
}

/** What a prune found, before anything is touched. */
export interface PruneLook {
  readonly rows: readonly PruneRow[];
  /** Things beside the rows, one sentence each: a fetch that failed, `gh` that is not logged in. */
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
  /** Its files were freed for good right away. */
  readonly purged: boolean;
  /** When what is retained goes by itself; null: nothing is retained. */
  readonly keptUntil: string | null;
  readonly notes: readonly string[];
}
