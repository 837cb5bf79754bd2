import type { Store } from '../store/layout.ts';
import { listServing, removeServing, type Serving } from '../store/serving.ts';
import { findByMarker } from '../system/processes/process-identity.ts';
import { stopProcesses } from '../system/processes/stop-processes.ts';

const GRACE_MS = 2_000;

/** Servers whose owner died together with what should have ended them: the record, and pids that still run. */
export interface DeadServing {
  readonly serving: Serving;
  readonly pids: readonly number[];
  /** By which they are found. */
  readonly markers: readonly string[];
}

/** All leftovers; a record without processes means nothing. */
export async function deadServing(store: Store): Promise<readonly DeadServing[]> {
  const all = await listServing(store);
  // Another process may serve the same variant by now.
  const inUse = new Set(all.flatMap(({ alive, record }) => (alive === false ? [] : record.servers.map(({ marker }) => marker))));
  const dead = all.filter(({ alive }) => alive === false);
  return Promise.all(
    dead.map(async (serving) => {
      const markers = serving.record.servers.map(({ marker }) => marker).filter((marker) => !inUse.has(marker));
      const found = await Promise.all(markers.map(findByMarker));
      return { serving, markers, pids: found.flat().map(({ pid }) => pid) };
    }),
  );
}

/** Ends them and takes their records away; how many of them still ran. */
export async function clearDeadServing(store: Store): Promise<number> {
  const dead = await deadServing(store);
  for (const { serving, pids, markers } of dead) {
    const left = pids.length === 0 ? [] : markers;
    const survivors = await Promise.all(left.map((marker) => stopProcesses({ root: null, marker, graceMs: GRACE_MS })));
    if (survivors.flat().length === 0) await removeServing(store, serving.record.id, { output: 'removed' });
  }
  return dead.filter(({ pids }) => pids.length > 0).length;
}
