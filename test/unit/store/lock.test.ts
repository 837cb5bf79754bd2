import { lstat, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { LockOwner } from '../../../src/store/lock.ts';
import { acquireLock, lockOwner, withLock } from '../../../src/store/lock.ts';
import { hostIdentity, ownIdentity } from '../../../src/system/processes/process-identity.ts';
import { temporaryFolder } from '../../support/temporary-run.ts';

async function temporaryLock(): Promise<string> {
  return join(await temporaryFolder(), 'lock');
}

async function plant(path: string, change: Partial<LockOwner> = {}): Promise<void> {
  const identity = { ...(await ownIdentity()), startTime: '0' };
  const owner = {
    identity,
    host: await hostIdentity(),
    nonce: 'planted',
    purpose: 'copse run ui',
    since: '2026-01-01',
    ...change,
  };
  await writeFile(path, JSON.stringify(owner));
}

describe('acquireLock', () => {
  test('takes a free lock, names its owner, and leaves nothing behind', async () => {
    const path = await temporaryLock();
    expect(await lockOwner(path)).toBeNull();
    const lock = await acquireLock(path, { purpose: 'copse run ui' });
    expect(await lockOwner(path)).toMatchObject({ alive: true, owner: { purpose: 'copse run ui', nonce: lock.nonce } });
    await lock.release();
    await lock.release();
    expect(await readdir(join(path, '..'))).toEqual([]);
  });

  test('refuses while another lives, with who it is', async () => {
    const path = await temporaryLock();
    const identity = await ownIdentity();
    await plant(path, { identity });
    await expect(acquireLock(path, { purpose: 'x', waitMs: 30 })).rejects.toMatchObject({
      code: 'locked',
      exit: 3,
      message: `copse run ui (pid ${identity.pid}) holds the lock ${path}.`,
    });
  });

  test('takes over from an owner that is dead', async () => {
    const path = await temporaryLock();
    await plant(path);
    expect(await lockOwner(path)).toMatchObject({ alive: false });
    await withLock(path, { purpose: 'x', waitMs: 0 }, async () => {
      expect(await lockOwner(path)).toMatchObject({ alive: true, owner: { purpose: 'x' } });
      expect(await readdir(join(path, '..'))).toEqual(['lock']);
    });
    expect(await readdir(join(path, '..'))).toEqual([]);
  });

  test('is a file, which no tool that walks by stumbles over', async () => {
    const path = await temporaryLock();
    await withLock(path, { purpose: 'x' }, async () => expect((await lstat(path)).isFile()).toBe(true));
  });

  test('knows a lock that an earlier version made as a symlink', async () => {
    const path = await temporaryLock();
    for (const identity of [await ownIdentity(), { ...(await ownIdentity()), startTime: '0' }]) {
      await plant(path, { identity });
      const record = await readFile(path, 'utf8');
      await rm(path);
      await symlink(record, path);
      const alive = identity.startTime !== '0';
      expect(await lockOwner(path)).toMatchObject({ alive, owner: { nonce: 'planted' } });
      const taken = withLock(path, { purpose: 'x', waitMs: 0 }, async () => 'taken over');
      if (alive) await expect(taken).rejects.toMatchObject({ code: 'locked' });
      else expect(await taken).toBe('taken over');
      await rm(path, { force: true });
    }
  });

  test.each([
    ['another machine', { host: 'elsewhere#1', bootId: 'b', pidNamespace: 'p' }],
    ['another container of this machine', { pidNamespace: 'pid:[1]' }],
  ])('never takes over from %s, and says how to', async (_, other) => {
    const path = await temporaryLock();
    await plant(path, { host: { ...(await hostIdentity()), ...other } });
    expect(await lockOwner(path)).toMatchObject({ alive: 'unknown' });
    await expect(acquireLock(path, { purpose: 'x', waitMs: 0 })).rejects.toMatchObject({
      code: 'locked',
      hint: expect.stringContaining(`rm ${path}`),
    });
  });

  test('a host that changed its name is still the same boot', async () => {
    const path = await temporaryLock();
    await plant(path, { host: { ...(await hostIdentity()), host: 'renamed#1' } });
    expect(await withLock(path, { purpose: 'x', waitMs: 0 }, async () => 'taken over')).toBe('taken over');
  });

  test.each([
    ['file', (path: string) => writeFile(path, '')],
    ['link', (path: string) => symlink('/somewhere', path)],
    ['folder', (path: string) => mkdir(path)],
  ] as const)('leaves a foreign %s alone', async (_, make) => {
    const path = await temporaryLock();
    await make(path);
    await expect(acquireLock(path, { purpose: 'x', waitMs: 0 })).rejects.toMatchObject({ code: 'lock-unreadable', exit: 3 });
    expect(await readdir(join(path, '..'))).toEqual(['lock']);
  });

  test('a lock that somebody removed by hand and another took is not given away on release', async () => {
    const path = await temporaryLock();
    const lock = await acquireLock(path, { purpose: 'x' });
    const { rename } = await import('node:fs/promises');
    await plant(`${path}.new`);
    await rename(`${path}.new`, path);
    await lock.release();
    expect(await lockOwner(path)).toMatchObject({ owner: { nonce: 'planted' } });
  });
});

describe('within one process', () => {
  test('waiters come in turn, one at a time, also after one that failed', async () => {
    const path = await temporaryLock();
    const order: string[] = [];
    const turns = Array.from({ length: 50 }, (_, index) =>
      withLock(path, { purpose: 'x' }, async () => {
        order.push(`in ${index}`);
        await new Promise((resolve) => setImmediate(resolve));
        order.push(`out ${index}`);
        if (index === 3) throw new Error('failed inside');
      }),
    );
    const ends = await Promise.allSettled(turns);
    expect(ends.filter((end) => end.status === 'rejected')).toHaveLength(1);
    expect(order).toEqual(Array.from({ length: 50 }, (_, index) => [`in ${index}`, `out ${index}`]).flat());
  });

  test('one that runs out of patience does not hold up those behind', async () => {
    const path = await temporaryLock();
    const first = await acquireLock(path, { purpose: 'x' });
    const impatient = acquireLock(path, { purpose: 'x', waitMs: 20 });
    const patient = acquireLock(path, { purpose: 'x' });
    await expect(impatient).rejects.toMatchObject({ code: 'locked' });
    await first.release();
    await (await patient).release();
    expect(await lockOwner(path)).toBeNull();
  });
});

test.each(['this process', 'another process'])('a stop ends the waiting for what %s holds', async (whose) => {
  const path = await temporaryLock();
  const held = whose === 'this process' ? await acquireLock(path, { purpose: 'hold' }) : null;
  if (held === null) await plant(path, { identity: await ownIdentity() });
  const stop = new AbortController();
  const waiting = acquireLock(path, { purpose: 'wait', waitMs: 3_600_000, signal: stop.signal });
  stop.abort(new Error('stopped'));
  await expect(waiting).rejects.toThrow('stopped');
  if (held === null) return;
  await held.release();
  await (await acquireLock(path, { purpose: 'next', waitMs: 0 })).release();
});
