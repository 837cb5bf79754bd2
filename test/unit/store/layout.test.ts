import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ensureStore, runPaths, storeAt } from '../../../src/store/layout.ts';
import { temporaryFolder } from '../../support/temporary-run.ts';

const paths = runPaths(storeAt('/r/.git'), 'ui');

describe('runPaths', () => {
  test('puts everything of a run below the common directory', () => {
    expect(paths.events).toBe('/r/.git/copse/v1/runs/ui/events.ndjson');
    expect(paths.attempt('dark', 2)).toEqual({
      prompt: '/r/.git/copse/v1/runs/ui/dark/2.prompt',
      stdout: '/r/.git/copse/v1/runs/ui/dark/2.ndjson',
      stderr: '/r/.git/copse/v1/runs/ui/dark/2.stderr',
      exit: '/r/.git/copse/v1/runs/ui/dark/2.exit',
      extras: '/r/.git/copse/v1/runs/ui/dark/2.extras',
    });
    expect(paths.checkLog('dark', 'test', 'a'.repeat(40))).toBe(
      `/r/.git/copse/v1/runs/ui/dark/checks/test.${'a'.repeat(12)}.log`,
    );
  });

  test('a variant may be called like one of our own entries', () => {
    const own = [paths.lock, paths.requests, paths.checkLog(null, 'test', 'a'.repeat(40))];
    for (const variant of ['lock', 'requests', 'checks', 'base']) {
      for (const path of own) expect(`${path}/`.startsWith(`${paths.variantDir(variant)}/`)).toBe(false);
    }
  });

  test('a check of any name has a log of its own within the folder', () => {
    const logs = ['a/b', 'a-b', '../../x', 'ü', 'x'.repeat(300), 'y'.repeat(300)].map((name) =>
      paths.checkLog('dark', name, 'a'.repeat(40)),
    );
    expect(new Set(logs).size).toBe(logs.length);
    for (const log of logs) expect(join(log, '..')).toBe('/r/.git/copse/v1/runs/ui/dark/checks');
  });

  test.each(['..', '.', '', 'a/b', '../ui', '-x', 'a\0b', 'a\nb', '.hidden'])('%j is no run', (id) => {
    expect(() => runPaths(storeAt('/r/.git'), id)).toThrow(expect.objectContaining({ code: 'no-such-run', exit: 2 }));
  });
});

describe('ensureStore', () => {
  test('makes private folders and leaves nothing else', async () => {
    const store = storeAt(await temporaryFolder());
    await ensureStore(store);
    await ensureStore(store);
    expect((await readdir(store.root)).sort()).toEqual(['operations', 'runs']);
    for (const folder of [store.home, store.root, store.runs]) expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  test('closes folders that others could look into', async () => {
    const store = storeAt(await temporaryFolder());
    await mkdir(store.root, { recursive: true, mode: 0o755 });
    await ensureStore(store);
    expect((await stat(store.root)).mode & 0o777).toBe(0o700);
  });
});
