import type { Repository } from '../git/spawn/repository.ts';
import { isRefusedRecord, refusalSentence } from '../git/worktree/own-path.ts';
import type { RunId } from '../model/ids.ts';
import type { Store } from '../store/layout.ts';
import { withLock } from '../store/lock.ts';
import { openWorktree } from './open-worktree.ts';
import { takeBack } from './take-back.ts';
import { listIntents, removeIntent, type WorktreeRecord } from './worktree-record.ts';

/**
 * Removes a run's incomplete worktrees after a crash; the caller knows that none is being created (it holds the run's lock). Complete
 * worktrees stay. Returns the removed ones.
 */
export async function rollBackHalfMade(o: {
  readonly repository: Repository;
  readonly store: Store;
  readonly run: RunId;
}): Promise<{ readonly taken: readonly WorktreeRecord[]; readonly refused: readonly string[] }> {
  const taken: WorktreeRecord[] = [];
  const refused: string[] = [];
  for (const record of await listIntents(o.store)) {
    if (record.run !== o.run) continue;
    await withLock(o.store.lock, { purpose: `roll back the worktree of ${record.run}/${record.variant}` }, async () => {
      const whole = await openWorktree({ repository: o.repository, path: record.path, nonce: record.nonce });
      if (whole !== null) return removeIntent(o.store, record.run, record.variant);
      try {
        await takeBack(o, record, { branch: true });
        taken.push(record);
      } catch (error) {
        if (!isRefusedRecord(error)) throw error;
        refused.push(refusalSentence(error));
      }
    });
  }
  return { taken, refused };
}
