import type { AbsolutePath, BranchName, CommitId, Instant, RunId, VariantName } from '../ids.ts';
import type { OperationId, TrashStep } from '../operation.ts';

/** One worktree or branch that an operation removed. */
export interface TakenThing {
  readonly owner: { readonly run: RunId; readonly variant: VariantName } | null;
  readonly path: AbsolutePath | null;
  readonly branch: BranchName | null;
  readonly why: string;
  readonly step: TrashStep;
}

/** A recorded merge, prune or undo, for `undo --list`. */
export interface OperationRow {
  readonly id: OperationId;
  /** As much of the id as names it. */
  readonly short: string;
  readonly at: Instant;
  readonly kind: 'merge' | 'prune' | 'undo';
  readonly command: string;
  readonly state: 'open' | 'done' | 'rolled-back';
  readonly undoneBy: OperationId | null;
  /** `all`: everything it removed can be restored; `some`; `commits`: files are deleted, branches can be restored; `none`. */
  readonly restorable: 'all' | 'some' | 'commits' | 'none';
  /** On disk, in the trash. */
  readonly bytes: number;
  readonly taken: readonly TakenThing[];
  /** Of an undo: the operation that it reversed, and its command line. */
  readonly undid: { readonly operation: OperationId; readonly short: string; readonly command: string } | null;
  readonly merge: {
    readonly target: BranchName;
    readonly from: CommitId;
    readonly to: CommitId;
    readonly landed: readonly string[];
  } | null;
}

export interface RestoredThing {
  readonly owner: { readonly run: RunId; readonly variant: VariantName } | null;
  /** Its path now; null: it had no worktree, or that could not be restored. */
  readonly path: AbsolutePath | null;
  readonly branch: BranchName | null;
  /** Its former path, if that differs. */
  readonly movedFrom: AbsolutePath | null;
  readonly renamedFrom: BranchName | null;
  /** Parts of it that could not be restored as they were. */
  readonly notes: readonly string[];
}

export interface UndoReport {
  readonly operation: OperationId;
  readonly of: OperationId;
  /** The command line. */
  readonly command: string;
  readonly restored: readonly RestoredThing[];
  /** The parts still in the trash, one sentence each. */
  readonly left: readonly string[];
  readonly merge: {
    readonly target: BranchName;
    readonly from: CommitId;
    readonly to: CommitId;
    readonly checkouts: readonly AbsolutePath[];
    /** If the undone merge had been pushed: the remote branches that still have it, as of the last fetch, and the commands to revert it there. null: it had not. */
    readonly pushed: { readonly branches: readonly string[]; readonly commands: readonly string[] } | null;
  } | null;
}
