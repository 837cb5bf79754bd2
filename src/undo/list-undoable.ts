import type { Operation, PruneOperation, TrashedItem, UndoOperation } from '../model/operation.ts';
import type { OperationRow } from '../model/reports/undo-report.ts';
import type { Store } from '../store/layout.ts';
import { listOperations } from '../store/operations.ts';
import { trashedSum } from '../trash/purging/trashed-bytes.ts';
import { isRestorable } from '../trash/returning/plan-return.ts';

/** Everything on record, newest first, with what of it can still come back. */
export async function listUndoable(store: Store): Promise<readonly OperationRow[]> {
  const all = await listOperations(store);
  const rows = await Promise.all(
    all.map(async (operation) => rowOf(operation, all, operation.kind === 'prune' ? await bytesOf(operation) : 0)),
  );
  return rows.reverse();
}

const SHORTEST = 8;

/** The first characters of an id that no other one begins with. */
export function shortId({ id }: Operation, all: readonly Operation[]): string {
  for (let length = SHORTEST; length < id.length; length += 1) {
    const short = id.slice(0, length);
    if (all.every((other) => other.id === id || !other.id.startsWith(short))) return short;
  }
  return id;
}

async function bytesOf({ items }: PruneOperation): Promise<number> {
  return trashedSum(items.flatMap(({ worktree, step }) => (worktree !== null && step === 'trashed' ? [worktree] : [])));
}

function rowOf(operation: Operation, all: readonly Operation[], bytes: number): OperationRow {
  const { id, at, kind, command, state, undoneBy } = operation;
  return {
    id,
    short: shortId(operation, all),
    at,
    kind,
    command,
    state,
    undoneBy,
    bytes,
    restorable: restorableOf(operation),
    taken: kind === 'prune' ? operation.items.filter(({ step }) => step !== 'kept').map(thingOf) : [],
    undid: operation.kind === 'undo' ? undidOf(operation, all) : null,
    merge:
      kind === 'merge'
        ? {
            target: operation.target,
            from: operation.from,
            to: operation.to,
            landed: operation.landed.map(({ run, variant }) => `${run}/${variant}`),
          }
        : null,
  };
}

function undidOf({ of }: UndoOperation, all: readonly Operation[]): OperationRow['undid'] {
  const undone = all.find(({ id }) => id === of);
  return undone === undefined ? null : { operation: of, short: shortId(undone, all), command: undone.command };
}

function thingOf({ owner, worktree, branch, why, step }: TrashedItem): OperationRow['taken'][number] {
  return { owner, path: worktree?.path ?? null, branch: branch?.name ?? null, why, step };
}

function restorableOf(operation: Operation): OperationRow['restorable'] {
  if (operation.kind === 'undo' || operation.state !== 'done' || operation.undoneBy !== null) return 'none';
  if (operation.kind === 'merge') return 'all';
  const taken = operation.items.filter(({ step }) => step !== 'kept');
  const back = taken.filter(isRestorable);
  if (back.length === 0) return 'none';
  if (back.every(({ step }) => step === 'purged')) return 'commits';
  return back.length === taken.length && back.every(({ step }) => step === 'trashed') ? 'all' : 'some';
}
