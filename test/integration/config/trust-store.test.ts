import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { trustHash } from '../../../src/config/trust/trust-items.ts';
import { type TrustStore, trustStore } from '../../../src/config/trust/trust-store.ts';
import type { TrustItem } from '../../../src/model/plan.ts';
import { folderOf } from '../../support/folder-of.ts';

const ITEMS: readonly TrustItem[] = [{ kind: 'setup', where: 'setup', text: 'npm ci' }];
const COMMON_DIR = '/home/ann/app/.git';
const HASH = trustHash(COMMON_DIR, ITEMS);

async function emptyStore(): Promise<{ store: TrustStore; folder: string }> {
  const state = await folderOf();
  return { store: trustStore({ XDG_STATE_HOME: state }), folder: join(state, 'copse/trust') };
}

it('remembers an approval, for nobody else to read', async () => {
  const { store, folder } = await emptyStore();
  expect(await store.isApproved(HASH)).toBe(false);
  await store.approve({ hash: HASH, commonDir: COMMON_DIR, items: ITEMS });
  expect(await store.isApproved(HASH)).toBe(true);
  expect(await store.list()).toEqual([{ hash: HASH, commonDir: COMMON_DIR, items: ITEMS }]);
  expect(await readdir(folder)).toEqual([`${HASH}.json`]);
  expect((await stat(join(folder, `${HASH}.json`))).mode & 0o777).toBe(0o600);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
});

it('takes it back', async () => {
  const { store } = await emptyStore();
  await store.approve({ hash: HASH, commonDir: COMMON_DIR, items: ITEMS });
  expect(await store.revoke(HASH)).toBe(true);
  expect(await store.isApproved(HASH)).toBe(false);
  expect(await store.revoke(HASH)).toBe(false);
});

it('does not believe a file whose content gives another hash, a broken one, a link, or one that others may write', async () => {
  const { store, folder } = await emptyStore();
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${HASH}.json`);
  const honest = JSON.stringify({ schema: 1, commonDir: COMMON_DIR, items: ITEMS });
  for (const text of [
    '',
    '{',
    '[]',
    '{"schema":1}',
    honest.replace('npm ci', 'rm -rf x'),
    honest.replace('"schema":1', '"schema":2'),
  ]) {
    await writeFile(file, text, { mode: 0o600 });
    expect(await store.isApproved(HASH)).toBe(false);
  }
  await writeFile(file, honest, { mode: 0o600 });
  expect(await store.isApproved(HASH)).toBe(true);
  await chmod(file, 0o666);
  expect(await store.isApproved(HASH)).toBe(false);
  const other = await emptyStore();
  await mkdir(other.folder, { recursive: true });
  await chmod(file, 0o600);
  await symlink(file, join(other.folder, `${HASH}.json`));
  expect(await other.store.isApproved(HASH)).toBe(false);
});

it.each(['', '../../x', 'x', HASH.toUpperCase()])('has never approved the hash %j', async (hash) => {
  const { store } = await emptyStore();
  await store.approve({ hash: HASH, commonDir: COMMON_DIR, items: ITEMS });
  expect(await store.isApproved(hash)).toBe(false);
  expect(await store.revoke(hash)).toBe(false);
});

it('uses ~/.local/state where XDG_STATE_HOME is not absolute, and fails clearly without a home', async () => {
  const home = await folderOf();
  const store = trustStore({ HOME: home, XDG_STATE_HOME: 'relative' });
  await store.approve({ hash: HASH, commonDir: COMMON_DIR, items: ITEMS });
  expect(await readFile(join(home, '.local/state/copse/trust', `${HASH}.json`), 'utf8')).toContain('npm ci');
  const nowhere = trustStore({});
  expect(await nowhere.isApproved(HASH)).toBe(false);
  expect(await nowhere.list()).toEqual([]);
  await expect(nowhere.approve({ hash: HASH, commonDir: COMMON_DIR, items: ITEMS })).rejects.toMatchObject({
    code: 'no-state-directory',
    exit: 3,
  });
});
