import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { MergeOperation, Operation, PruneOperation } from '../model/operation.ts';
import type { Store } from '../store/layout.ts';
import { listOperations } from '../store/operations.ts';
import { isRestorable } from '../trash/returning/plan-return.ts';
import { shortId } from './list-undoable.ts';

/**
 * The operation that a person means: `asked` is an id or the beginning of one; null: the newest that can be undone and is no undo
 * itself. CopseErrors: `nothing-to-undo`, `no-such-operation`, `ambiguous-operation`.
 */
export async function chooseOperation(store: Store, asked: string | null): Promise<MergeOperation | PruneOperation> {
  const all = await listOperations(store);
  if (asked === null) {
    const newest = all.filter(canBeUndone).at(-1);
    if (newest === undefined) throw nothing(all);
    return newest;
  }
  const found = all.filter(({ id }) => id.startsWith(asked.toLowerCase()));
  const [only, ...others] = found;
  if (only === undefined || asked === '') throw noSuch(asked, all);
  if (others.length > 0) throw ambiguous(asked, found, all);
  if (canBeUndone(only)) return only;
  throw cannot(only);
}

function canBeUndone(operation: Operation): operation is MergeOperation | PruneOperation {
  if (operation.kind === 'undo' || operation.state !== 'done' || operation.undoneBy !== null) return false;
  return operation.kind === 'merge' || operation.items.some(isRestorable);
}

const LIST = 'See recorded operations: copse undo --list';

function nothing(all: readonly Operation[]): CopseError {
  return new CopseError({
    code: 'nothing-to-undo',
    exit: EXIT.precondition,
    what: 'There is nothing to undo.',
    why:
      all.length === 0
        ? 'No merge and no prune is on record here.'
        : 'Every merge and prune on record is undone, or its trash was freed.',
    hint: LIST,
  });
}

function noSuch(asked: string, all: readonly Operation[]): CopseError {
  if (all.length === 0) return nothing(all);
  return new CopseError({
    code: 'no-such-operation',
    exit: EXIT.usage,
    what: `No operation on record begins with ${asked}.`,
    hint: LIST,
  });
}

function ambiguous(asked: string, found: readonly Operation[], all: readonly Operation[]): CopseError {
  const ids = found.map((operation) => shortId(operation, all));
  return new CopseError({
    code: 'ambiguous-operation',
    exit: EXIT.usage,
    what: `${found.length} operations begin with ${asked}.`,
    why: `They are ${ids.join(', ')}.`,
    hint: `Say which, for example: copse undo ${ids.at(-1) ?? ''}`,
  });
}

function cannot(operation: Operation): CopseError {
  const { command, id } = operation;
  const parts = { code: 'nothing-to-undo', exit: EXIT.failed };
  if (operation.kind === 'undo')
    return new CopseError({
      ...parts,
      what: `${id} is an undo itself.`,
      why: 'To redo it, run the original command again.',
      hint: LIST,
    });
  if (operation.state === 'rolled-back')
    return new CopseError({ ...parts, what: `${command} changed nothing: it was interrupted.`, hint: LIST });
  if (operation.undoneBy !== null) return new CopseError({ ...parts, what: `${command} is undone already.`, hint: LIST });
  return new CopseError({
    ...parts,
    what: `Nothing of ${command} is left to restore.`,
    why: 'What it removed has been deleted permanently.',
    hint: LIST,
  });
}
