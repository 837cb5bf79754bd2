import { chmod, link, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { copyTree } from '../../../src/system/copy-tree.ts';
import {
  directorySize,
  exists,
  type HardLinks,
  heldElsewhere,
  readTail,
  readTextIfExists,
  replaceFile,
} from '../../../src/system/files.ts';
import { temporaryFolder } from '../../support/temporary-run.ts';

describe('replaceFile', () => {
  test('replaces the whole, mode 0600, and leaves no temporary file', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'a');
    await writeFile(path, 'old', { mode: 0o644 });
    await replaceFile(path, 'new');
    expect(await readFile(path, 'utf8')).toBe('new');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['a']);
  });

  test('leaves what cannot be replaced, and no temporary file', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'a');
    await mkdir(join(path, 'full'), { recursive: true });
    await expect(replaceFile(path, 'new')).rejects.toThrow();
    await expect(replaceFile(join(folder, 'missing', 'a'), 'new')).rejects.toThrow('ENOENT');
    expect(await readdir(folder)).toEqual(['a']);
  });

  test('replaces a symlink itself, never what it points to', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'target'), 'old');
    await symlink('target', join(folder, 'link'));
    await replaceFile(join(folder, 'link'), 'new');
    expect(await readFile(join(folder, 'target'), 'utf8')).toBe('old');
  });
});

test('missing files are null, empty, or not there', async () => {
  const folder = await temporaryFolder();
  const missing = join(folder, 'a', 'b');
  expect(await readTextIfExists(missing)).toBeNull();
  expect(await readTail(missing, 10)).toBe('');
  expect(await exists(missing)).toBe(false);
  await symlink('nowhere', join(folder, 'dangling'));
  expect(await exists(join(folder, 'dangling'))).toBe(true);
});

test('the tail of a file is its last bytes', async () => {
  const path = join(await temporaryFolder(), 'a');
  await writeFile(path, 'abcdef');
  expect(await readTail(path, 3)).toBe('def');
  expect(await readTail(path, 30)).toBe('abcdef');
});

test('a folder is as large as what is in it; symlinks are not followed', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'a/b'), { recursive: true });
  await writeFile(join(folder, 'a/one'), 'x'.repeat(10));
  await writeFile(join(folder, 'a/b/two'), 'x'.repeat(20));
  await symlink(folder, join(folder, 'a/loop'));
  expect(await directorySize(join(folder, 'a'))).toEqual({ bytes: 30 + folder.length, files: 3 });
  expect(await directorySize(join(folder, 'a/one'))).toEqual({ bytes: 10, files: 1 });
  expect(await directorySize(join(folder, 'missing'))).toEqual({ bytes: 0, files: 0 });
  await link(join(folder, 'a/one'), join(folder, 'a/again'));
  await link(join(folder, 'a/one'), join(folder, 'elsewhere'));
  const links: HardLinks = new Map();
  expect(await directorySize(join(folder, 'a'), links)).toEqual({ bytes: 30 + folder.length, files: 4 });
  expect(heldElsewhere(links)).toBe(10);
  await directorySize(join(folder, 'elsewhere'), links);
  expect(heldElsewhere(links)).toBe(0);
});

describe('copyTree', () => {
  test('keeps modes and symlinks', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, '-a'));
    await writeFile(join(folder, '-a/script'), '#!/bin/sh');
    await chmod(join(folder, '-a/script'), 0o755);
    await symlink('script', join(folder, '-a/link'));
    await copyTree(join(folder, '-a'), join(folder, 'b'));
    expect((await readdir(join(folder, 'b'))).sort()).toEqual(['link', 'script']);
    expect((await stat(join(folder, 'b/script'))).mode & 0o777).toBe(0o755);
  });

  test('says why it cannot, and leaves nothing', async () => {
    const folder = await temporaryFolder();
    await expect(copyTree(join(folder, 'missing'), join(folder, 'b'))).rejects.toMatchObject({
      code: 'cannot-copy',
      why: expect.stringContaining('No such file'),
    });
    expect(await readdir(folder)).toEqual([]);
  });
});
