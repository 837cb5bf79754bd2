import { dirname, join, resolve } from 'node:path';
import { gitIn } from '../../git/spawn/git-in.ts';
import { readRegular } from '../../git/spawn/read-regular.ts';
import { removeShadow, shadowPaths } from '../../git/spawn/shadow-directory.ts';
import { removeOwn, removeOwnWhatGoes } from '../../git/worktree/own-path.ts';
import type { PruneOperation } from '../../model/operation.ts';
import { withLock } from '../../store/lock.ts';
import { exists } from '../../system/files.ts';
import type { TrashContext } from '../finish-prune.ts';
import { ownTrash, type ProvenWorktree } from '../own-trash.ts';
import { placesOf, unpin } from '../pins.ts';
import { withLeft } from '../removing/dispose.ts';
import { removeEmpty } from '../removing/move-away.ts';

/**
 * Deletes files that the journal has as purged or gone and that still exist. Doing it again changes nothing. The caller does not hold the
 * repository lock: there may be many files. Those that cannot be deleted are listed in the operation's `left`.
 */
export async function finishPurge(o: TrashContext, operation: PruneOperation): Promise<PruneOperation> {
  const left: string[] = [];
  for (const [n, { step }] of operation.items.entries()) {
    if (step !== 'purged' && step !== 'gone') continue;
    const worktree = await ownTrash(o, operation, n);
    if (worktree === null) continue;
    const stuck = await deleteFiles(o, worktree);
    if (stuck !== null) left.push(stuck);
  }
  const gone = placesOf(operation.items, ({ step }) => step === 'gone');
  await unpin(gitIn(o.repository.commonDir), operation.id, gone);
  return withLeft(operation, left);
}

async function deleteFiles(o: TrashContext, worktree: ProvenWorktree): Promise<string | null> {
  const { trashPath, gitDir } = worktree;
  const stuck = (await exists(trashPath)) ? await removeOwnWhatGoes(trashPath) : null;
  await withLock(o.store.lock, { purpose: 'free the trash', clock: o.clock }, async () => {
    // The entry may be another's by now: git gives names out again.
    const pointer = (await readRegular(join(gitDir, 'gitdir')))?.trim();
    if (!worktree.missing && pointer !== undefined && dirname(resolve(gitDir, pointer)) === trashPath) {
      await removeOwn(gitDir);
      await removeShadow(shadowPaths(o.repository.commonDir, gitDir));
    }
  });
  await removeEmpty(trashPath);
  return stuck;
}
