import type { Clock } from '../../model/clock.ts';
import type { RunEventBody } from '../../model/run-state/events.ts';
import type { RunState } from '../../model/run-state/state.ts';
import type { RunPaths } from '../layout.ts';
import { withLock } from '../lock.ts';
import { requirePlainRun } from '../plain-store.ts';
import { EventWriter } from './event-log.ts';
import { loadState, writeSnapshot } from './run-snapshot.ts';

/**
 * Appends to the log of a run without a supervisor: the effects of merge, prune and undo on its variants. `bodies` sees the state
 * under the run's lock, so that an event that is there already is not written twice. CopseError `locked` if a supervisor
 * still holds the run (`waitMs`: how long to wait for it, default 0).
 */
export async function appendToRun(
  paths: RunPaths,
  o: { readonly purpose: string; readonly clock: Clock; readonly waitMs?: number },
  bodies: (state: RunState) => readonly RunEventBody[],
): Promise<void> {
  await withLock(paths.lock, { purpose: o.purpose, waitMs: o.waitMs ?? 0, clock: o.clock }, () =>
    appendHolding(paths, o.clock, bodies),
  );
}

/** The same for a caller that holds the run's lock already. */
export async function appendHolding(
  paths: RunPaths,
  clock: Clock,
  bodies: (state: RunState) => readonly RunEventBody[],
): Promise<void> {
  requirePlainRun(paths);
  const wanted = bodies(await loadState(paths));
  if (wanted.length === 0) return;
  const log = await EventWriter.open(paths.events, { gen: 'next', clock });
  try {
    // Together: appends that wait at once share one flush.
    await Promise.all(wanted.map((body) => log.append(body)));
  } finally {
    await log.close();
  }
  await writeSnapshot(paths, await loadState(paths));
}
