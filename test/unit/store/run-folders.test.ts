import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runPaths, storeAt } from '../../../src/store/layout.ts';
import { listRunIds, reserveRun, unstartedRuns } from '../../../src/store/run-folders.ts';
import { readSupervisor, supervisorAlive, writeSupervisor } from '../../../src/store/supervisor-record.ts';
import { hostIdentity, ownIdentity } from '../../../src/system/processes/process-identity.ts';
import { SAMPLE_BODIES } from '../../support/sample-events.ts';
import { appendAll, temporaryFolder, temporaryRun, temporaryStore } from '../../support/temporary-run.ts';

test('a reserved id is never given twice, and taken ones are skipped', async () => {
  const store = await temporaryStore();
  expect(await reserveRun(store, 'ui')).toBe('ui');
  expect(await reserveRun(store, 'ui', (id) => id === 'ui-2')).toBe('ui-3');
  expect(await reserveRun(store, 'ui')).toBe('ui-2');
});

test('runs are listed by their creation, newest last; what never became one is not', async () => {
  const store = await temporaryStore();
  expect(await listRunIds(storeAt(await temporaryFolder()))).toEqual([]);
  for (const name of ['b', 'a', 'never']) await reserveRun(store, name);
  await writeFile(join(store.runs, 'stray'), '');
  await mkdir(join(store.runs, '.hidden'));
  for (const [name, at] of [
    ['b', '2026-01-01T00:00:00.000Z'],
    ['a', '2026-01-02T00:00:00.000Z'],
  ] as const) {
    await writeFile(runPaths(store, name).events, `${JSON.stringify({ seq: 1, at, gen: 0, type: 'run.created' })}\n`);
  }
  expect(await listRunIds(store)).toEqual(['b', 'a']);
  expect((await unstartedRuns(store)).sort()).toEqual(['never', 'stray']);
});

test('the supervisor of a run is alive as long as its process is', async () => {
  const paths = await temporaryRun();
  await appendAll(paths, [SAMPLE_BODIES['run.created']]);
  expect(await supervisorAlive(paths)).toBe(false);
  const identity = await ownIdentity();
  const record = { identity, host: await hostIdentity(), nonce: 'n', generation: 3 };
  await writeSupervisor(paths, record);
  expect(await readSupervisor(paths)).toMatchObject(record);
  expect(await supervisorAlive(paths)).toBe(true);
  await writeSupervisor(paths, { ...record, identity: { ...identity, startTime: '0' } });
  expect(await supervisorAlive(paths)).toBe(false);
  await writeFile(paths.supervisor, '{"schema":1,"iden');
  expect(await readSupervisor(paths)).toBeNull();
});
