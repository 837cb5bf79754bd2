import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { RunEvent, RunEventBody } from '../../src/model/run-state/events.ts';
import { EventWriter } from '../../src/store/events/event-log.ts';
import type { RunPaths, Store } from '../../src/store/layout.ts';
import { ensureStore, runPaths, storeAt } from '../../src/store/layout.ts';
import { reserveRun } from '../../src/store/run-folders.ts';
import { systemClock } from '../../src/system/system-clock.ts';

/** An empty folder that is deleted with the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'copse-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A store in its own folder, or in the given one. */
export async function temporaryStore(folder?: string): Promise<Store> {
  const store = storeAt(folder ?? (await temporaryFolder()));
  await ensureStore(store);
  return store;
}

/** A run `ui` in its own store, its log not yet begun. */
export async function temporaryRun(folder?: string): Promise<RunPaths> {
  const store = await temporaryStore(folder);
  return runPaths(store, await reserveRun(store, 'ui'));
}

/** Appends to a run's log as a new supervisor would. */
export async function appendAll(paths: RunPaths, bodies: readonly RunEventBody[], gen: number | 'next' = 1): Promise<RunEvent[]> {
  const writer = await EventWriter.open(paths.events, { gen, clock: systemClock });
  const events = await Promise.all(bodies.map((body) => writer.append(body)));
  await writer.close();
  return events;
}
