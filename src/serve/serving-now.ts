import type { ServeRecord } from '../model/reports/served.ts';
import type { Store } from '../store/layout.ts';
import { listServing } from '../store/serving.ts';
import { clearDeadServing } from '../worktree/clear-dead-serving.ts';

/** The running servers of this repository, oldest first; also those on another machine or in a container, as far as known. */
export async function servingNow(store: Store): Promise<readonly ServeRecord[]> {
  return (await listServing(store)).filter(({ alive }) => alive !== false).map(({ record }) => record);
}

/** Ends servers that were left behind; how many `copse serve` had left some. */
export async function endDeadServing(store: Store): Promise<number> {
  return clearDeadServing(store);
}
