import type { Store } from '../store/layout.ts';
import { listOperations } from '../store/operations.ts';

/**
 * What became of a prune that was stopped: `nothing` was removed; it stands open, and the next command ends it; or it was past the point
 * of return, and was ended. `since`: when it began.
 */
export async function stoppedAt(store: Store, since: Date): Promise<'nothing' | 'open' | 'done'> {
  const last = (await listOperations(store)).findLast(({ kind, at }) => kind === 'prune' && Date.parse(at) >= since.getTime());
  return last === undefined || last.state === 'rolled-back' ? 'nothing' : last.state;
}
