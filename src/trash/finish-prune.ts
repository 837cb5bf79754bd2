import { gitIn } from '../git/spawn/git-in.ts';
import type { Repository } from '../git/spawn/repository.ts';
import type { Clock } from '../model/clock.ts';
import type { PruneOperation, TrashedItem } from '../model/operation.ts';
import type { Store } from '../store/layout.ts';
import { writeOperation } from '../store/operations.ts';
import { failpoint } from '../system/failpoint.ts';
import { placesOf, unpin } from './pins.ts';
import { tellRemoved } from './tell-runs.ts';

export interface TrashContext {
  readonly repository: Repository;
  readonly store: Store;
  readonly clock: Clock;
}

/** An item that is not removed after all. `kept`: why, one sentence. */
export function stays(item: TrashedItem, kept: string): TrashedItem {
  return { ...item, step: 'kept', kept };
}

/** The end of a prune: kept items need no pins, the runs get their events, the journal is closed. */
export async function finishPrune(o: TrashContext, operation: PruneOperation): Promise<PruneOperation> {
  const stayed = placesOf(operation.items, ({ step }) => step === 'kept');
  await unpin(gitIn(o.repository.commonDir), operation.id, stayed);
  failpoint('prune-unpinned');
  await tellRemoved(o, operation);
  failpoint('prune-told');
  const items = operation.items.map((item) => (item.step === 'kept' ? { ...item, pins: [] } : item));
  const any = items.some(({ step }) => step !== 'kept');
  const done: PruneOperation = { ...operation, items, state: any ? 'done' : 'rolled-back' };
  await writeOperation(o.store, done);
  return done;
}
