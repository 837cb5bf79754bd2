import { isAncestor } from '../git/objects/is-ancestor.ts';
import { readRef } from '../git/refs/head.ts';
import { gitIn } from '../git/spawn/git-in.ts';
import type { Repository } from '../git/spawn/repository.ts';
import { moveBranch } from '../git/target/move-branch.ts';
import type { BranchName, CommitId } from '../model/ids.ts';
import type { FollowingCheckout, MergeOperation, UndoOperation } from '../model/operation.ts';
import { withLock } from '../store/lock.ts';
import { writeOperation } from '../store/operations.ts';
import type { TrashContext } from './finish-prune.ts';
import { tellLanded, tellMergeUndone } from './tell-runs.ts';

interface Move {
  readonly target: BranchName;
  readonly from: CommitId;
  readonly to: CommitId;
  readonly checkouts: readonly FollowingCheckout[];
}

/** Finishes an interrupted merge: the branch moved, and the rest follows, or it did not, and nothing happened. */
export async function settleMerge(o: TrashContext, operation: MergeOperation): Promise<MergeOperation> {
  const moved = await settleMove(o, operation, operation.command);
  if (moved) await tellLanded(o, operation);
  const settled: MergeOperation = { ...operation, state: moved ? 'done' : 'rolled-back' };
  await writeOperation(o.store, settled);
  return settled;
}

/** The same of an undo of a merge. */
export async function settleMergeUndo(
  o: TrashContext,
  undo: UndoOperation & { readonly merge: Move },
  merge: MergeOperation,
): Promise<UndoOperation> {
  const moved = await settleMove(o, undo.merge, undo.command);
  if (moved) {
    await tellMergeUndone(o, merge, undo);
    await writeOperation(o.store, { ...merge, undoneBy: undo.id });
  }
  const settled: UndoOperation = { ...undo, state: moved ? 'done' : 'rolled-back' };
  await writeOperation(o.store, settled);
  return settled;
}

/** Whether the branch moved; its checkouts follow then. */
async function settleMove(o: TrashContext, move: Move, purpose: string): Promise<boolean> {
  return withLock(o.store.lock, { purpose, clock: o.clock }, async () => {
    const now = await readRef(o.repository.commonDir, `refs/heads/${move.target}`);
    if (now === move.to) {
      await moveBranch({ ...move, repository: o.repository, branch: move.target, message: purpose });
      return true;
    }
    // The user has committed on top since: then the checkout followed one way or the other.
    return now !== null && now !== move.from && (await contains(o.repository, now, move));
  });
}

async function contains({ commonDir }: Repository, now: CommitId, { from, to }: Move): Promise<boolean> {
  const git = gitIn(commonDir, { reads: true });
  // Back from `from` to `to`: a checkout at `from` is at `to` as well, and did not move.
  const back = await isAncestor(git, to, from, { gone: 'no' });
  return (await isAncestor(git, to, now, { gone: 'no' })) && !(back && (await isAncestor(git, from, now, { gone: 'no' })));
}
