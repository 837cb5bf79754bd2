/**
 * Restores what a prune removed.
 *
 *   places chosen ─▶ journal (open) ─▶ folders, branches, registrations (repository lock) ─▶ runs informed ─▶ the prune's journal ─▶
 *   journal (done) ─▶ unpinned
 *
 * A crash anywhere is finished by the next command (`recover.ts`): each place is in the journal before anything moves. The pins are removed
 * last: until then everything is kept twice.
 */
import { gitIn } from '../../git/spawn/git-in.ts';
import { CopseError } from '../../model/errors.ts';
import { EXIT } from '../../model/exit-code.ts';
import type { PruneOperation, RestoredItem, TrashedItem, UndoOperation } from '../../model/operation.ts';
import { withLock } from '../../store/lock.ts';
import { operationsLock, readOperation, writeOperation } from '../../store/operations.ts';
import { ulid } from '../../store/ulid.ts';
import { failpoint } from '../../system/failpoint.ts';
import type { TrashContext } from '../finish-prune.ts';
import { ownItems } from '../own-trash.ts';
import { placesOf, unpin } from '../pins.ts';
import { requireTrash } from '../require-trash.ts';
import { tellRestored } from '../tell-runs.ts';
import { hasFolder, isRestorable, planReturn } from './plan-return.ts';
import { returnItems } from './return-items.ts';

/**
 * Name and path get a number if they are taken by now. CopseErrors: `locked`, `nothing-to-undo` (exit 1), `trash-missing`
 * (exit 3).
 */
export async function bringBack(
  o: TrashContext & { readonly command: string; readonly operation: PruneOperation },
): Promise<UndoOperation> {
  return withLock(operationsLock(o.store), { purpose: o.command, clock: o.clock }, async () => {
    const operation = await readOperation(o.store, o.operation.id);
    if (operation?.kind !== 'prune' || operation.state !== 'done' || !operation.items.some(isRestorable))
      throw nothingLeft(o.operation);
    await requireTrash(operation, { command: o.command, planned: null });
    await ownItems(o, operation, hasFolder);
    const open: UndoOperation = {
      schema: 1,
      id: ulid(o.clock),
      at: o.clock.now().toISOString(),
      kind: 'undo',
      state: 'open',
      command: o.command,
      undoneBy: null,
      of: operation.id,
      merge: null,
      restored: await planReturn(o.repository, operation),
    };
    await writeOperation(o.store, open);
    failpoint('undo-intended');
    return carryOutReturn(o, open, operation);
  });
}

/** From the open journal to the end; again after a crash. The caller holds the operations' lock. CopseErrors `locked`, `trash-missing`. */
export async function carryOutReturn(o: TrashContext, open: UndoOperation, operation: PruneOperation): Promise<UndoOperation> {
  await requireTrash(operation, { command: open.command, planned: open.restored });
  const restored = await withLock(o.store.lock, { purpose: open.command, clock: o.clock }, () =>
    returnItems(o, operation, open.restored),
  );
  const any = restored.some((item) => item !== null);
  const done: UndoOperation = { ...open, restored, state: any ? 'done' : 'rolled-back' };
  await tellRestored(o, operation, done);
  failpoint('undo-told');
  const items = operation.items.map((item, n) => afterReturn(item, restored[n] ?? null));
  const left = items.some(isRestorable);
  // Before its own journal: if interrupted between the two, the restoration runs again and finds everything done.
  await writeOperation(o.store, { ...operation, items, undoneBy: any && !left ? open.id : operation.undoneBy });
  failpoint('undo-noted');
  const whole = placesOf(items, ({ step, pins }) => step === 'restored' && pins.length === 0);
  await unpin(gitIn(o.repository.commonDir), operation.id, whole);
  failpoint('undo-unpinned');
  await writeOperation(o.store, done);
  return done;
}

function afterReturn(item: TrashedItem, restored: RestoredItem | null): TrashedItem {
  if (restored === null) return item;
  // An item restored without its files or its branch still has objects that only the pins hold.
  const whole = (item.worktree === null || restored.path !== null) && (item.branch === null || restored.branch !== null);
  return { ...item, step: 'restored', pins: whole ? [] : item.pins };
}

function nothingLeft({ id, items }: PruneOperation): CopseError {
  const purged = items.some(({ step }) => step === 'gone' || step === 'purged');
  return new CopseError({
    code: 'nothing-to-undo',
    exit: EXIT.failed,
    what: `Nothing of ${id} is left to restore.`,
    why: purged ? 'What it removed has been deleted permanently.' : 'All of it is back already.',
    hint: 'See what can be undone: copse undo --list',
  });
}
