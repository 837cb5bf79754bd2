import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { putRequest, removeRequest, takeRequests } from '../../../src/store/request-files.ts';
import { temporaryRun } from '../../support/temporary-run.ts';

test('requests come in the order in which they were put, until they are removed', async () => {
  const paths = await temporaryRun();
  expect(await takeRequests(paths)).toEqual([]);
  const ids: string[] = [];
  for (let count = 0; count < 40; count += 1)
    ids.push(await putRequest(paths, { kind: 'stop', variants: [`v${count}`], force: false }));
  const taken = await takeRequests(paths);
  expect(taken.map((request) => request.id)).toEqual(ids);
  expect(taken[7]).toMatchObject({ kind: 'stop', variants: ['v7'], force: false });
  expect(await takeRequests(paths)).toHaveLength(40);
  for (const id of ids.slice(1)) await removeRequest(paths, id);
  expect(await takeRequests(paths)).toMatchObject([{ id: ids[0] }]);
  await removeRequest(paths, ids[0] ?? '');
  await removeRequest(paths, ids[0] ?? '');
  expect(await readdir(paths.requests)).toEqual([]);
});

test('what is no request of ours is set aside, and does not hold up the others', async () => {
  const paths = await temporaryRun();
  const id = '0'.repeat(26);
  await writeFile(join(paths.requests, `${id}.json`), '{"kind":"stop"');
  await writeFile(join(paths.requests, `1${id.slice(1)}.json`), JSON.stringify({ id: `1${id.slice(1)}`, kind: 'dance' }));
  await writeFile(join(paths.requests, '.half-written.tmp'), '');
  const good = await putRequest(paths, { kind: 'resume' });
  expect(await takeRequests(paths)).toMatchObject([{ id: good, kind: 'resume' }]);
  expect((await readdir(paths.requests)).filter((name) => name.endsWith('.refused'))).toHaveLength(2);
});
