/**
 * Removes worktrees and branches such that everything can be restored.
 *
 *   looked ─▶ journal (open) ─▶ pinned ─▶ torn down ─▶ looked again at the runs (their locks) ─▶ moved (repository lock) ─▶
 *   branches deleted ─▶ runs informed ─▶ disposed ─▶ journal (done)
 *
 * Invariants: nothing is deleted but branches (their commits, reflogs and configuration are kept) and what the person called
 * disposable; a folder is only ever renamed. Each item's rename, or the deletion of a branch without a worktree, is the step that
 * decides: a crash before it is rolled back, one after it is finished (`recover.ts`).
 */

import { holdGc } from '../../git/objects/hold-gc.ts';
import { branchConfigs } from '../../git/refs/branch-config.ts';
import { updateRefs } from '../../git/refs/refs.ts';
import { gitIn } from '../../git/spawn/git-in.ts';
import { isRefusedRecord, refusalSentence } from '../../git/worktree/own-path.ts';
import type { PruneOperation, TrashedItem } from '../../model/operation.ts';
import { withLock } from '../../store/lock.ts';
import { operationsLock, writeOperation } from '../../store/operations.ts';
import { ulid } from '../../store/ulid.ts';
import { failpoint } from '../../system/failpoint.ts';
import { checkoutsNow } from '../checkouts-now.ts';
import { finishPrune, stays } from '../finish-prune.ts';
import { ownTrash } from '../own-trash.ts';
import { creations } from '../pins.ts';
import { tellRemoved } from '../tell-runs.ts';
import { deleteBranches } from './delete-branches.ts';
import { dispose } from './dispose.ts';
import { dropShadow } from './drop-shadow.ts';
import { examine } from './examine.ts';
import { holdRuns } from './hold-runs.ts';
import { moveAway } from './move-away.ts';
import { prepareItems } from './prepare-item.ts';
import type { TakeAwayOptions } from './removal.ts';
import { removeYourself } from './remove-yourself.ts';
import { settlePrune } from './settle-prune.ts';

/**
 * Removes what may be removed; the rest are items with the step `kept` and the reason. Items are in the order of the removals. The
 * caller has let `recoverOperations` finish open operations. CopseErrors: `locked`, `no-space`, `state-not-writable`.
 */
export async function takeAway(o: TakeAwayOptions): Promise<PruneOperation> {
  return withLock(operationsLock(o.store), { purpose: o.command, clock: o.clock }, () => act(o));
}

async function act(o: TakeAwayOptions): Promise<PruneOperation> {
  const { commonDir } = o.repository;
  const [kept, checkouts, configs] = await Promise.all([examine(o), checkoutsNow(o.repository), branchConfigs(commonDir)]);
  const id = ulid(o.clock);
  // Nothing refers to the objects that are created here until they are pinned.
  const pinned = await holdGc({ commonDir, clock: o.clock }, async () => {
    const items = await prepareItems({ ...o, operation: id, checkouts, configs, kept });
    const open: PruneOperation = {
      schema: 1,
      id,
      at: o.clock.now().toISOString(),
      kind: 'prune',
      state: 'open',
      command: o.command,
      undoneBy: null,
      items,
    };
    if (items.every(({ step }) => step === 'kept')) return { ...open, state: 'rolled-back' as const };
    await writeOperation(o.store, open);
    failpoint('prune-intended');
    const pins = items.flatMap((item) => item.pins);
    await updateRefs(gitIn(commonDir), creations(pins), 'copse: trash').catch(async (error: unknown) => {
      await settlePrune(o, open);
      throw error;
    });
    return open;
  });
  if (pinned.state !== 'open') return pinned;
  failpoint('prune-pinned');
  try {
    return await carryOut(o, pinned);
  } catch (error) {
    // A full disk, a lock that stays: nothing may stay halfway. Should even this fail, the journal is open and the next command does it.
    await settlePrune(o, pinned);
    throw error;
  }
}

async function carryOut(o: TakeAwayOptions, open: PruneOperation): Promise<PruneOperation> {
  const torn = await tearDown(o, open);
  failpoint('prune-torn-down');
  const moved = await moveAtRest(o, torn);
  const disposed = await dispose(o, moved, o.removals);
  return finishPrune(o, disposed);
}

/** Under the locks of the runs, until they know of it: a retry that begins now finds that it was removed. */
async function moveAtRest(o: TakeAwayOptions, torn: PruneOperation): Promise<PruneOperation> {
  const held = await holdRuns(o, torn);
  try {
    failpoint('prune-runs-held');
    const moved = await withLock(o.store.lock, { purpose: o.command, clock: o.clock }, async () =>
      deleteBranches(o, await moveAll(o, held.operation)),
    );
    await tellRemoved(o, moved, held.runs);
    return moved;
  } finally {
    await held.release();
  }
}

async function tearDown(o: TakeAwayOptions, operation: PruneOperation): Promise<PruneOperation> {
  if (o.removals.every(({ teardown }) => teardown === null)) return operation;
  const items: TrashedItem[] = [];
  for (const [n, item] of operation.items.entries()) {
    const teardown = o.removals[n]?.teardown ?? null;
    if (teardown === null || item.step !== 'intended' || item.worktree === null || item.worktree.missing) {
      items.push(item);
      continue;
    }
    try {
      await teardown(item.worktree.path);
      items.push(item);
    } catch (error) {
      // Ctrl-C: nothing has moved yet, and nothing will.
      if (!(error instanceof Error) || error.name === 'AbortError') throw error;
      // A command of the person's that failed: they decide, nothing is taken away.
      items.push(stays(item, `Its teardown failed: ${error.message}`));
    }
  }
  // Meanwhile a process may have started there, or the teardown itself may have left one.
  const again = await examine(o);
  return { ...operation, items: items.map((item, n) => keptFor(item, again[n] ?? null)) };
}

function keptFor(item: TrashedItem, reason: string | null): TrashedItem {
  return reason === null || item.step !== 'intended' ? item : stays(item, reason);
}

async function moveAll(o: TakeAwayOptions, operation: PruneOperation): Promise<PruneOperation> {
  const items: TrashedItem[] = [];
  for (const [n, item] of operation.items.entries()) items.push(await moveOne(o, operation, item, n));
  return { ...operation, items };
}

async function moveOne(o: TakeAwayOptions, operation: PruneOperation, item: TrashedItem, n: number): Promise<TrashedItem> {
  if (item.step !== 'intended' || item.worktree === null) return item;
  try {
    const worktree = await ownTrash(o, operation, n);
    if (worktree === null) return item;
    await moveAway(worktree, operation.id, n);
    await dropShadow(o.repository.commonDir, worktree);
    return { ...item, step: 'trashed' };
  } catch (error) {
    if (isRefusedRecord(error)) return stays(item, refusalSentence(error));
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    // Not ours to write, on another disk after all, in use by the system: it stays as it is. Never copied, never deleted.
    return stays(item, `It cannot be moved: ${error.message}. ${removeYourself(item.worktree.path, { force: false })}`);
  }
}
