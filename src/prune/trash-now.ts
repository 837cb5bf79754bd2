import type { OperationId, PruneOperation } from '../model/operation.ts';
import type { Store } from '../store/layout.ts';
import { listOperations } from '../store/operations.ts';
import type { TrashContext } from '../trash/finish-prune.ts';
import { purge } from '../trash/purging/purge.ts';
import { purgeExpired } from '../trash/purging/purge-expired.ts';
import { trashedSum } from '../trash/purging/trashed-bytes.ts';

/** The contents of the trash: the operations whose files still take room, and approximately how much. */
export async function trashNow(
  store: Store,
): Promise<{ readonly operations: readonly OperationId[]; readonly bytes: number; readonly worktrees: number }> {
  const prunes = (await listOperations(store)).filter(
    (operation): operation is PruneOperation => operation.kind === 'prune' && operation.state === 'done',
  );
  const held = prunes.map((operation) => ({
    id: operation.id,
    worktrees: operation.items.flatMap(({ step, worktree }) => (step === 'trashed' && worktree !== null ? [worktree] : [])),
  }));
  const full = held.filter(({ worktrees }) => worktrees.length > 0);
  const all = full.flatMap(({ worktrees }) => worktrees);
  return {
    operations: full.map(({ id }) => id),
    bytes: await trashedSum(all),
    worktrees: all.length,
  };
}

/** Deletes the files of these operations permanently; their commits stay until they expire. `kept`: what is kept after all, and why. */
export function freeTrash(
  o: TrashContext,
  operations: readonly OperationId[],
): Promise<{ readonly bytes: number; readonly kept: readonly string[] }> {
  return purge({ ...o, operations, keepCommits: true });
}

/** Deletes what has been in the trash long enough. `kept`: what is kept after all, and why. */
export function freeExpired(
  o: TrashContext,
  after: { readonly files: number; readonly commits: number },
): Promise<{ readonly bytes: number; readonly kept: readonly string[] }> {
  return purgeExpired({ ...o, filesAfterMs: after.files, commitsAfterMs: after.commits });
}
