import type { PruneOperation } from '../../model/operation.ts';
import { listOperations } from '../../store/operations.ts';
import type { TrashContext } from '../finish-prune.ts';
import { type Purged, purge } from './purge.ts';

/** Frees what has been in the trash long enough: first its files, later what pins keep. Milliseconds since the operation. */
export async function purgeExpired(
  o: TrashContext & { readonly filesAfterMs: number; readonly commitsAfterMs: number },
): Promise<Purged> {
  const now = o.clock.now().getTime();
  const done = (await listOperations(o.store)).filter(
    (operation): operation is PruneOperation => operation.kind === 'prune' && operation.state === 'done',
  );
  const older = (ms: number): PruneOperation[] => done.filter(({ at }) => now - Date.parse(at) >= ms);
  const commits = older(o.commitsAfterMs).filter(({ items }) =>
    items.some(({ step, pins }) => step === 'trashed' || step === 'purged' || (step === 'restored' && pins.length > 0)),
  );
  const files = older(o.filesAfterMs).filter(
    (operation) =>
      !commits.includes(operation) && operation.items.some(({ step, worktree }) => step === 'trashed' && worktree !== null),
  );
  const nothing: Purged = { bytes: 0, operations: [], kept: [] };
  // Most of the time nothing has expired: then no lock is taken.
  const first = files.length === 0 ? nothing : await purge({ ...o, operations: files, keepCommits: true });
  const second = commits.length === 0 ? nothing : await purge({ ...o, operations: commits });
  return {
    bytes: first.bytes + second.bytes,
    operations: [...first.operations, ...second.operations],
    kept: [...first.kept, ...second.kept],
  };
}
