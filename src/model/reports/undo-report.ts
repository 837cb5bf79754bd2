import type { AbsolutePath, BranchName, CommitId, Instant, RunId, VariantName } from '../ids.ts';
import type { OperationId, TrashStep } from '../operation.ts';

/** One worktree or branch that an operation took away. */
export interface TakenThing {
  readonly owner: { readonly run: RunId; readonly variant: VariantName } | null;
  readonly path: AbsolutePath | null;
  readonly branch: BranchName | null;
  readonly why: string;
  readonly step: TrashStep;
}

/** A merge, prune or undo on record, for `undo --list`. */
export interface OperationRow {
  readonly id: OperationId;
  /** As much of the id as names it. */
  readonly short: string;
  readonly at: Instant;
  readonly kind: 'merge' | 'prune' | 'undo';
  readonly command: string;
  readonly state: 'open' | 'done' | 'rolled-back';
  readonly undoneBy: OperationId | null;
  /** `all`: everything it took away is there; `some`; `commits`: files are gone, branches can come back; `none`. */
  readonly restorable: 'all' | 'some' | 'commits' | 'none';
  /** On disk, in the trash. */
  readonly bytes: number;
  readonly taken: readonly TakenThing[];
  /** Of an undo: the operation that it took back, and what was typed then. */
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
  /** Where it is now; null: it had no worktree, or that could not come back. */
  readonly path: AbsolutePath | null;
  readonly branch: BranchName | null;
  /** Where it was, if that is elsewhere. */
  readonly movedFrom: AbsolutePath | null;
  readonly renamedFrom: BranchName | null;
  /** What of it could not come back as it was. */
  readonly notes: readonly string[];
}

export interface UndoReport {
  readonly operation: OperationId;
  readonly of: OperationId;
  /** What was typed then. */
  readonly command: string;
  readonly restored: readonly RestoredThing[];
  /** What is still in the trash, one sentence each. */
  readonly left: readonly string[];
  readonly merge: {
    readonly target: BranchName;
    readonly from: CommitId;
    readonly to: CommitId;
    readonly checkouts: readonly AbsolutePath[];
    /** What was taken back had been pushed: where it still is, as of the last fetch, and what to type to take it back there. null: it had not. */
    readonly pushed: { readonly branches: readonly string[]; readonly commands: readonly string[] } | null;
  } | null;
}
