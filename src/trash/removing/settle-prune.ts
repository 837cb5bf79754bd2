import { clearDeadGc } from '../../git/objects/hold-gc.ts';
import { readRef } from '../../git/refs/head.ts';
import { gitIn } from '../../git/spawn/git-in.ts';
import { refused } from '../../git/worktree/own-path.ts';
import type { PruneOperation, TrashedItem } from '../../model/operation.ts';
import { withLock } from '../../store/lock.ts';
import { finishPrune, stays, type TrashContext } from '../finish-prune.ts';
import { ownItems, type ProvenWorktree } from '../own-trash.ts';
import { pinsNow } from '../pins.ts';
import { finishPurge } from '../purging/purge-files.ts';
import { tellPurged } from '../tell-runs.ts';
import { deleteBranches } from './delete-branches.ts';
import { emptyBins } from './dispose.ts';
import { dropShadow } from './drop-shadow.ts';
import { finishMove, isMoved, takeBackMove } from './move-away.ts';

const CUT_SHORT = 'The command was interrupted before removing it. Look again: copse prune';

/**
 * Finishes an interrupted prune, from the state on disk: moved worktrees are finished, all others are as before. The
 * caller holds the operations' lock. Doing it again changes nothing.
 */
export async function settlePrune(o: TrashContext, operation: PruneOperation): Promise<PruneOperation> {
  const proven = await ownItems(o, operation, ({ step }) => step === 'intended' || step === 'purged' || step === 'gone');
  const settled = await withLock(o.store.lock, { purpose: operation.command, clock: o.clock }, async () => {
    // An interrupted purge: the removal is done, and a branch of that name is a new one.
    if (operation.items.every(({ step }) => step !== 'intended')) return operation;
    const items: TrashedItem[] = [];
    for (const [n, item] of operation.items.entries())
      items.push(item.step === 'intended' ? await settleItem(o, operation, item, proven[n] ?? null) : item);
    await requirePinned(o, { ...operation, items });
    return deleteBranches(o, { ...operation, items });
  });
  await clearDeadGc({ commonDir: o.repository.commonDir, clock: o.clock });
  const freed = await finishPurge(o, await emptyBins(o, settled));
  await tellPurged(
    o,
    freed,
    freed.items.filter(({ step }) => step === 'purged' || step === 'gone'),
  );
  return finishPrune(o, freed);
}

/** A branch is deleted only once its commit is kept: nothing is lost then, whoever wrote the journal. */
async function requirePinned(o: TrashContext, { id, items }: PruneOperation): Promise<void> {
  const { commonDir } = o.repository;
  const pinned = new Set((await pinsNow(gitIn(commonDir), id)).map((pin) => pin.id));
  for (const { branch, step } of items)
    if (step === 'trashed' && branch !== null && !pinned.has(branch.commit)) {
      const ref = `refs/heads/${branch.name}`;
      if ((await readRef(commonDir, ref)) !== null) throw refused(ref, `Its commit is not in the trash of ${id}.`);
    }
}

async function settleItem(
  o: TrashContext,
  operation: PruneOperation,
  item: TrashedItem,
  worktree: ProvenWorktree | null,
): Promise<TrashedItem> {
  const { branch } = item;
  const branchThere = branch === null || (await readRef(o.repository.commonDir, `refs/heads/${branch.name}`)) !== null;
  if (worktree === null) return branchThere ? stays(item, CUT_SHORT) : { ...item, step: 'trashed' };
  if (!(await isMoved(worktree))) {
    await takeBackMove(worktree, branchThere);
    return stays(item, CUT_SHORT);
  }
  await finishMove(worktree, operation.id);
  await dropShadow(o.repository.commonDir, worktree);
  return { ...item, step: 'trashed' };
}
