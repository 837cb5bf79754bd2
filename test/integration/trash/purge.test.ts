import { spawn } from 'node:child_process';
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { acquireLock } from '../../../src/store/lock.ts';
import { systemClock } from '../../../src/system/system-clock.ts';
import { type Purged, purge } from '../../../src/trash/purging/purge.ts';
import { purgeExpired } from '../../../src/trash/purging/purge-expired.ts';
import { expectWhole, git, Sandbox, type Worktree, write } from '../../support/git-repository.ts';
import { back, expectNoPins, operations, removalOf, take } from '../../support/trash.ts';

const DAY = 24 * 3600 * 1000;

async function context(sandbox: Sandbox) {
  return { repository: await sandbox.repository(), store: await sandbox.store(), clock: systemClock };
}

async function trashed(): Promise<{ sandbox: Sandbox; dark: Worktree; trash: string; id: string }> {
  const sandbox = new Sandbox();
  const dark = await sandbox.worktree('dark');
  dark.write({ 'x.txt': 'x'.repeat(5000) });
  const operation = await take(sandbox, removalOf(sandbox, dark));
  return { sandbox, dark, trash: operation.items[0]?.worktree?.trashPath ?? '', id: operation.id };
}

async function expire(sandbox: Sandbox, daysLater: number): Promise<Purged> {
  const later = { ...systemClock, now: () => new Date(Date.now() + daysLater * DAY) };
  return purgeExpired({ ...(await context(sandbox)), clock: later, filesAfterMs: 14 * DAY, commitsAfterMs: 90 * DAY });
}

describe('purge', () => {
  test('frees files, entry and pins; nothing comes back', async () => {
    const { sandbox, trash, id } = await trashed();
    const { bytes, operations: freed } = await purge({ ...(await context(sandbox)), operations: [id] });
    expect(bytes).toBeGreaterThan(5000);
    expect(freed).toEqual([id]);
    expect(existsSync(trash)).toBe(false);
    expect(readdirSync(join(sandbox.root, '.git/worktrees'))).toEqual([]);
    expect(readdirSync(join(sandbox.root, '.git/copse/v1/worktrees')).filter((name) => !name.startsWith('@'))).toEqual([]);
    expectNoPins(sandbox);
    expectWhole(sandbox);
    const [operation] = await operations(sandbox);
    if (operation?.kind !== 'prune') throw new Error('no prune on record');
    await expect(back(sandbox, operation)).rejects.toMatchObject({ code: 'nothing-to-undo' });
    expect(await purge({ ...(await context(sandbox)), operations: [id] })).toEqual({ bytes: 0, operations: [], kept: [] });
  });

  test('a trash that is not available, as on a disk that is not mounted, is freed when it is', async () => {
    const { sandbox, trash, id } = await trashed();
    const place = join(sandbox.folder, 'app.worktrees/.copse-trash');
    renameSync(place, `${place}.away`);
    const kept = [expect.stringContaining(`The trash ${place} is missing.`)];
    expect(await purge({ ...(await context(sandbox)), operations: [id], keepCommits: true })).toMatchObject({
      operations: [],
      kept,
    });
    expect(await expire(sandbox, 15)).toMatchObject({ operations: [], kept });
    renameSync(`${place}.away`, place);
    expect((await purge({ ...(await context(sandbox)), operations: [id], keepCommits: true })).bytes).toBeGreaterThan(5000);
    expect(existsSync(trash)).toBe(false);
  });

  test('of a trash that is gone for good the commits are let go in the end', async () => {
    const { sandbox, id } = await trashed();
    rmSync(join(sandbox.folder, 'app.worktrees'), { recursive: true });
    expect((await expire(sandbox, 91)).operations).toEqual([id]);
    expectNoPins(sandbox);
  });

  test('looks again: who works in the trash, or made a repository there, keeps it', async () => {
    const { sandbox, trash, id } = await trashed();
    const child = spawn('sh', ['-c', 'echo up; exec sleep 60'], { cwd: trash, stdio: ['ignore', 'pipe', 'ignore'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const busy = await purge({ ...(await context(sandbox)), operations: [id] });
    expect(busy).toMatchObject({ bytes: 0, operations: [], kept: [expect.stringContaining(`pid ${child.pid}`)] });
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    git(trash, 'init', '-q', 'mine');
    const nested = await purge({ ...(await context(sandbox)), operations: [id] });
    expect(nested.kept).toEqual([expect.stringContaining('mine is another repository')]);
    expect(existsSync(join(trash, 'x.txt'))).toBe(true);
  });

  test('holds nobody up while files are deleted: the repository lock is taken only behind them', async () => {
    const { sandbox, trash, id } = await trashed();
    const { store } = await context(sandbox);
    const lock = await acquireLock(store.lock, { purpose: 'copse run' });
    const purging = purge({ ...(await context(sandbox)), operations: [id] });
    await vi.waitFor(() => expect(existsSync(trash)).toBe(false), { timeout: 20_000 });
    expect(readdirSync(join(sandbox.root, '.git/worktrees'))).toHaveLength(1);
    await lock.release();
    expect(await purging).toMatchObject({ operations: [id], kept: [] });
    expect(readdirSync(join(sandbox.root, '.git/worktrees'))).toEqual([]);
  });

  test('a worktree that somebody moved out of the trash by hand is not touched', async () => {
    const { sandbox, trash, id } = await trashed();
    const mine = join(sandbox.folder, 'mine');
    sandbox.git('worktree', 'move', '--force', '--force', trash, mine);
    await purge({ ...(await context(sandbox)), operations: [id] });
    expect(existsSync(join(mine, 'x.txt'))).toBe(true);
    expect(git(mine, 'status', '--porcelain')).toBe('?? x.txt');
  });
});

describe('what has been in the trash long enough', () => {
  test('goes after 14 days, its commits after 90; what was added meanwhile is kept too', async () => {
    const { sandbox, trash, id } = await trashed();
    expect(await expire(sandbox, 13)).toEqual({ bytes: 0, operations: [], kept: [] });
    write(trash, { 'late.txt': 'written in the trash' });
    git(trash, 'commit', '-q', '--allow-empty', '-m', 'Committed in the trash');
    const late = git(trash, 'rev-parse', 'HEAD');
    expect((await expire(sandbox, 14)).operations).toEqual([id]);
    expect(existsSync(trash)).toBe(false);
    sandbox.git('gc', '-q', '--prune=now');
    expect(sandbox.git('cat-file', '-t', late)).toBe('commit');
    expect(sandbox.git('show', `refs/copse/v1/trash/${id}/0/late-files:late.txt`)).toBe('written in the trash');
    expect(sandbox.git('show', `refs/copse/v1/trash/${id}/0/files:x.txt`)).toMatch(/^x+$/);
    expect((await expire(sandbox, 90)).operations).toEqual([id]);
    expectNoPins(sandbox);
    expect(await operations(sandbox)).toMatchObject([{ items: [{ step: 'gone' }] }]);
    expectWhole(sandbox);
  });
});
