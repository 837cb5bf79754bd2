import type * as FileSystem from 'node:fs';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { findInside } from '../../../../src/trash/removing/find-inside.ts';

const CIFS = 0xff534d42;

/** A file system that says two links of every folder, as CIFS does if the server does not report them. */
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof FileSystem>();
  return {
    ...fs,
    statfsSync: (path: string) => ({ ...fs.statfsSync(path), type: CIFS }),
    lstatSync: (path: string, o?: { readonly throwIfNoEntry: false }) => {
      const stat = o === undefined ? fs.lstatSync(path) : fs.lstatSync(path, o);
      if (stat?.isDirectory() === true) stat.nlink = 2;
      return stat;
    },
  };
});

test.each(['deep/er/repo/.git', 'bare.git/objects'])('finds %s where links to folders are not counted', async (inside) => {
  const folder = mkdtempSync(join(tmpdir(), 'copse-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const path of [inside, 'bare.git/refs', 'bare.git/HEAD']) {
    if (path.startsWith('bare.git') && !inside.startsWith('bare.git')) continue;
    mkdirSync(join(folder, path), { recursive: true });
  }
  expect(await findInside(folder, async ([first = null]) => first)).toEqual({
    path: join(folder, inside, '..'),
    kind: 'repository',
  });
});
