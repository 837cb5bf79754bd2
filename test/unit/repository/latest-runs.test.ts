import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { RunEventBody } from '../../../src/model/run-state/events.ts';
import { findVariant } from '../../../src/repository/find-variant.ts';
import { lookAtLatestRuns, lookAtRuns } from '../../../src/repository/read-runs.ts';
import { loadState, writeSnapshot } from '../../../src/store/events/run-snapshot.ts';
import { type RunPaths, runPaths, type Store } from '../../../src/store/layout.ts';
import { reserveRun } from '../../../src/store/run-folders.ts';
import { SAMPLE_BODIES } from '../../support/sample-events.ts';
import { appendAll, temporaryStore } from '../../support/temporary-run.ts';

const FINISHED: RunEventBody = { type: 'run.finished', ending: 'completed', fatal: null, reason: '' };
const COUNT = 12;

async function makeRun(store: Store, bodies: readonly RunEventBody[]): Promise<RunPaths> {
  const id = await reserveRun(store, 'ui');
  const paths = runPaths(store, id);
  await appendAll(paths, [{ ...SAMPLE_BODIES['run.created'], run: id } as RunEventBody, ...bodies]);
  await writeSnapshot(paths, await loadState(paths));
  return paths;
}

/** From the second line on it is garbage of the same length: reading more than its beginning would find it damaged. */
async function spoil({ events, snapshot }: RunPaths): Promise<void> {
  for (const path of [events, snapshot]) {
    const text = await readFile(path, 'latin1');
    const kept = path === events ? text.indexOf('\n') + 1 : 150;
    await writeFile(path, `${text.slice(0, kept)}${'#'.repeat(text.length - kept - 1)}\n`);
  }
}

/** Finished runs of which only the newest can be read. */
async function manyRuns(): Promise<Store> {
  const store = await temporaryStore();
  for (let n = 1; n <= COUNT; n += 1) {
    const paths = await makeRun(store, [FINISHED]);
    if (n <= COUNT - 5) await spoil(paths);
  }
  expect((await lookAtRuns(store)).unreadable).toHaveLength(COUNT - 5);
  return store;
}

describe('the latest of many runs', () => {
  it('are found without reading those that ended long ago', async () => {
    const { runs, unreadable } = await lookAtLatestRuns(await manyRuns(), 5);
    expect(unreadable).toEqual([]);
    expect(runs.map(({ state }) => state.id)).toEqual(['ui-8', 'ui-9', 'ui-10', 'ui-11', 'ui-12']);
  });

  it('include an old one that is not finished, or to which something was added since', async () => {
    const store = await temporaryStore();
    await makeRun(store, []);
    const second = await makeRun(store, [FINISHED]);
    const third = await makeRun(store, [FINISHED]);
    for (let n = 0; n < COUNT; n += 1) await spoil(await makeRun(store, [FINISHED]));
    await makeRun(store, [FINISHED]);
    await appendAll(second, [SAMPLE_BODIES['run.adopted']], 'next');
    const { runs } = await lookAtLatestRuns(store, 1);
    expect(runs.map(({ state }) => state.id)).toEqual(['ui', second.run, 'ui-16']);
    expect(runs.map(({ state }) => state.phase.kind)).toEqual(['created', 'running', 'finished']);
    expect(third.run).toBe('ui-3');
  });

  it('are all that a variant is looked for in, once it is found', async () => {
    const found = await findVariant(await manyRuns(), 'dark');
    expect(found.run.state.id).toBe(`ui-${COUNT}`);
  });
});
