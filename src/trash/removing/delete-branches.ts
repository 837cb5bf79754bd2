import { removeBranchConfig } from '../../git/refs/branch-config.ts';
import { readRef } from '../../git/refs/head.ts';
import { type RefUpdate, updateRefs } from '../../git/refs/refs.ts';
import { gitIn } from '../../git/spawn/git-in.ts';
import { CopseError } from '../../model/errors.ts';
import type { PruneOperation, TrashedItem } from '../../model/operation.ts';
import { failpoint } from '../../system/failpoint.ts';
import { stays } from '../finish-prune.ts';
import { ownTrash, type TrashOwner } from '../own-trash.ts';
import { putFolderBack } from '../returning/put-back.ts';
import { takeBackMove } from './move-away.ts';

/** All in one transaction; if one branch moved meanwhile, one by one, and the item of that branch is restored. */
export async function deleteBranches(o: TrashOwner, operation: PruneOperation): Promise<PruneOperation> {
  const git = gitIn(o.repository.commonDir);
  const going = operation.items.filter(
    ({ step, branch, worktree }) => branch !== null && (step === 'trashed' || (step === 'intended' && worktree === null)),
  );
  const refused = new Map<TrashedItem, string>();
  try {
    await updateRefs(git, going.flatMap(deletion), 'copse: prune');
  } catch (error) {
    if (!(error instanceof CopseError && error.code === 'ref-moved')) throw error;
    for (const item of going) {
      await updateRefs(git, deletion(item), 'copse: prune').catch(async (single: unknown) => {
        if (!(single instanceof CopseError && single.code === 'ref-moved')) throw single;
        // Gone already: by us, before we were killed.
        if (item.branch === null || (await readRef(o.repository.commonDir, `refs/heads/${item.branch.name}`)) === null) return;
        refused.set(item, `Branch ${item.branch?.name ?? ''} moved meanwhile. Look again: copse prune`);
      });
    }
  }
  failpoint('branches-deleted');
  const items: TrashedItem[] = [];
  for (const [n, item] of operation.items.entries()) {
    const why = refused.get(item);
    if (why === undefined) {
      items.push(going.includes(item) ? { ...item, step: 'trashed' } : item);
      continue;
    }
    const worktree = await ownTrash(o, operation, n);
    if (worktree !== null) {
      await putFolderBack(o, worktree, worktree.path);
      await takeBackMove(worktree);
    }
    items.push(stays(item, why));
  }
  for (const { branch, step } of items) {
    if (step === 'trashed' && branch !== null && branch.config.length > 0)
      await removeBranchConfig(o.repository.commonDir, branch.name);
  }
  failpoint('branch-config-removed');
  return { ...operation, items };
}

function deletion({ branch }: TrashedItem): RefUpdate[] {
  return branch === null ? [] : [{ ref: `refs/heads/${branch.name}`, to: null, from: branch.commit }];
}
