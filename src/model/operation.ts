import type { AbsolutePath, BranchName, CommitId, Instant, RefName, RunId, VariantName } from './ids.ts';

/** A ulid: sorts by time. */
export type OperationId = string;

export type MergeMethod = 'squash' | 'merge' | 'rebase' | 'ff';

/**
 * `open`: intent, written before the first act; the next command finishes it or rolls it back. `rolled-back`: it was interrupted before
 * its deciding step, and reverted.
 */
export type OperationState = 'open' | 'done' | 'rolled-back';

interface AnyOperation {
  readonly schema: 1;
  readonly id: OperationId;
  readonly at: Instant;
  readonly state: OperationState;
  /** The command as typed, for `undo --list`: `copse merge adaptive`. */
  readonly command: string;
  /** The operation that undid it. */
  readonly undoneBy: OperationId | null;
  /** Why it could not be finished when that was last tried, as it was said then; it is said once. */
  readonly stuck?: string;
}

/** One merged variant. */
export interface LandedVariant {
  readonly run: RunId;
  readonly variant: VariantName;
  readonly branch: BranchName;
  /** Of the variant's branch, when it landed. */
  readonly tip: CommitId;
  readonly as: MergeMethod;
  /** The target's commit right after the merge. */
  readonly commit: CommitId;
}

/** A worktree in which the target is checked out, whose files follow the branch. */
export interface FollowingCheckout {
  readonly path: AbsolutePath;
  readonly gitDir: AbsolutePath;
}

/** The target moves once, from `from` to `to`, by compare-and-swap; the checkouts follow. */
export interface MergeOperation extends AnyOperation {
  readonly kind: 'merge';
  readonly target: BranchName;
  readonly from: CommitId;
  readonly to: CommitId;
  readonly checkouts: readonly FollowingCheckout[];
  readonly landed: readonly LandedVariant[];
  /** The user chose to merge without hooks. */
  readonly noVerify: boolean;
}

/** A worktree that was moved away, with what its registration said before. */
export interface TrashedWorktree {
  /** Its former path, and its path now. */
  readonly path: AbsolutePath;
  readonly trashPath: AbsolutePath;
  readonly gitDir: AbsolutePath;
  /** Content of its HEAD file before it was detached, and its commit; null: none yet. */
  readonly head: string;
  readonly headCommit: CommitId | null;
  /** Content of its lock file before; null: it was not locked. */
  readonly locked: string | null;
  /** Content of the entry's `gitdir` and of the folder's `.git` before: git 2.48 can write them relative. `gitFile` null: not there. */
  readonly pointers: { readonly gitdir: string; readonly gitFile: string | null };
  /** Its folder was gone: git's entry alone was put away, at `trashPath`. */
  readonly missing: boolean;
  /** Bytes on disk that stay in the trash; null: not measured. */
  readonly bytes: number | null;
  /** Ignored folders that needed no keeping and were deleted, with the bytes that freed. */
  readonly disposed: readonly { readonly path: string; readonly bytes: number }[];
}

export interface TrashedBranch {
  readonly name: BranchName;
  readonly commit: CommitId;
  /** Its section of the configuration, keys in full. */
  readonly config: readonly (readonly [key: string, value: string])[];
  /** Content of its reflog; null: it had none. */
  readonly reflog: string | null;
}

/**
 * `intended` ─▶ `trashed` ─▶ `restored` | `purged` (files deleted; pinned commits are deleted later) ─▶ `gone`.
 * `kept`: it was not removed after all.
 */
export type TrashStep = 'intended' | 'trashed' | 'restored' | 'purged' | 'gone' | 'kept';

export interface TrashedItem {
  /** null: a worktree or branch that copse did not make. */
  readonly owner: { readonly run: RunId; readonly variant: VariantName } | null;
  readonly worktree: TrashedWorktree | null;
  readonly branch: TrashedBranch | null;
  /** copse's refs that keep each object that only this worktree or branch held. */
  readonly pins: readonly { readonly ref: RefName; readonly id: string }[];
  /** `landed on main`, `you named it`: why it could be removed, for `undo --list`. */
  readonly why: string;
  readonly step: TrashStep;
  /** Why it had to stay, one sentence; set if the step is `kept`. */
  readonly kept?: string;
}

export interface PruneOperation extends AnyOperation {
  readonly kind: 'prune';
  readonly items: readonly TrashedItem[];
  /** Files in the trash that could not be deleted, one sentence each with the command that deletes them. */
  readonly left?: readonly string[];
}

/** The restored parts of one item, and where they are: a reused name or path gets a suffix. */
export interface RestoredItem {
  readonly path: AbsolutePath | null;
  readonly branch: BranchName | null;
  /** The part that could not be restored as it was, one sentence. */
  readonly note?: string;
}

/** Brings back what the operation `of` took away. Of a merge: the target moves from `from` back to `to`. */
export interface UndoOperation extends AnyOperation {
  readonly kind: 'undo';
  readonly of: OperationId;
  readonly merge: {
    readonly target: BranchName;
    readonly from: CommitId;
    readonly to: CommitId;
    readonly checkouts: readonly FollowingCheckout[];
  } | null;
  /** For each item of a prune, in its order; null: not brought back (yet). */
  readonly restored: readonly (RestoredItem | null)[];
}

/** `operations/<id>.json`. */
export type Operation = MergeOperation | PruneOperation | UndoOperation;
