import type { AbsolutePath, BranchName, CommitId, Instant, RefName, RunId, VariantName } from './ids.ts';

/** A ulid: sorts by time. */
export type OperationId = string;

export type MergeMethod = 'squash' | 'merge' | 'rebase' | 'ff';

/**
 * `open`: intent, written before the first act; whoever comes next finishes it or rolls it back. `rolled-back`: it was cut short before
 * anything counted, and what it had begun is taken back.
 */
export type OperationState = 'open' | 'done' | 'rolled-back';

interface AnyOperation {
  readonly schema: 1;
  readonly id: OperationId;
  readonly at: Instant;
  readonly state: OperationState;
  /** What the person typed, for `undo --list`: `copse merge adaptive`. */
  readonly command: string;
  /** The operation that undid it. */
  readonly undoneBy: OperationId | null;
  /** Why it could not be finished when that was last tried, as it was said then; it is said once. */
  readonly stuck?: string;
}

/** One variant landed by a merge. */
export interface LandedVariant {
  readonly run: RunId;
  readonly variant: VariantName;
  readonly branch: BranchName;
  /** Of the variant's branch, when it landed. */
  readonly tip: CommitId;
  readonly as: MergeMethod;
  /** The target's commit right after it landed. */
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
  /** The person chose to land without hooks. */
  readonly noVerify: boolean;
}

/** A worktree that was moved away, with what its registration said before. */
export interface TrashedWorktree {
  /** Where it stood, and where it stands now. */
  readonly path: AbsolutePath;
  readonly trashPath: AbsolutePath;
  readonly gitDir: AbsolutePath;
  /** Content of its HEAD file before it was detached, and the commit that this stood for; null: none yet. */
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
 * `intended` ─▶ `trashed` ─▶ `restored` | `purged` (files gone; pinned commits stay until they go too) ─▶ `gone`.
 * `kept`: nothing of it was taken away after all.
 */
export type TrashStep = 'intended' | 'trashed' | 'restored' | 'purged' | 'gone' | 'kept';

export interface TrashedItem {
  /** null: a worktree or branch that copse did not make. */
  readonly owner: { readonly run: RunId; readonly variant: VariantName } | null;
  readonly worktree: TrashedWorktree | null;
  readonly branch: TrashedBranch | null;
  /** Refs of ours that keep each object that only this worktree or branch held. */
  readonly pins: readonly { readonly ref: RefName; readonly id: string }[];
  /** `landed on main`, `you named it`: why it could go, for `undo --list`. */
  readonly why: string;
  readonly step: TrashStep;
  /** Why it had to stay, one sentence; set where the step is `kept`. */
  readonly kept?: string;
}

export interface PruneOperation extends AnyOperation {
  readonly kind: 'prune';
  readonly items: readonly TrashedItem[];
  /** What could not be deleted and lies in the trash for good, one sentence each with the command that frees it. */
  readonly left?: readonly string[];
}

/** What came back of one item, and where: a reused name or path gets a suffix. */
export interface RestoredItem {
  readonly path: AbsolutePath | null;
  readonly branch: BranchName | null;
  /** What of it could not come back as it was, one sentence. */
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
