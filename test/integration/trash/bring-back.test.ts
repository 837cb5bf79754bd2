import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CopseError } from '../../../src/model/errors.ts';
import { openWorktree } from '../../../src/worktree/open-worktree.ts';
import { expectWhole, git, Sandbox, write } from '../../support/git-repository.ts';
import { back, dieAt, expectNoPins, foreignRemoval, operations, recover, removalOf, take, whole } from '../../support/trash.ts';

describe('a name or place that something else has by now', () => {
  test('gets a number; the worktree knows itself by it', async () => {
    const sandbox = new Sandbox();
    const dark = await sandbox.worktree('dark');
    dark.write({ 'x.txt': 'x' });
    const operation = await take(sandbox, removalOf(sandbox, dark));
    sandbox.git('worktree', 'add', '-q', '-b', 'ui/dark', dark.path);
    const undo = await back(sandbox, operation);
    const path = `${dark.path}-2`;
    expect(undo.restored).toMatchObject([{ path, branch: 'ui/dark-2' }]);
    expect(git(path, 'status', '--porcelain', '--branch')).toBe('## ui/dark-2\n?? x.txt');
    expect(git(dark.path, 'status', '--porcelain', '--branch')).toBe('## ui/dark');
    const record = await openWorktree({ repository: await sandbox.repository(), path, nonce: dark.handle.nonce });
    expect(record).toMatchObject({ path, branch: 'ui/dark-2' });
    expectNoPins(sandbox);
    expectWhole(sandbox);
  });

  test('a branch that stands where a folder of branches was', async () => {
    const sandbox = new Sandbox();
    const dark = await sandbox.worktree('dark');
    const operation = await take(sandbox, removalOf(sandbox, dark));
    sandbox.git('branch', 'ui');
    expect((await back(sandbox, operation)).restored).toMatchObject([{ path: dark.path, branch: 'ui-2/dark' }]);
    expect(dark.git('rev-parse', '--abbrev-ref', 'HEAD')).toBe('ui-2/dark');
  });

  test('a rebase that stands open comes back to the new name', async () => {
    const sandbox = new Sandbox({ 'a.txt': 'a\n' });
    sandbox.git('worktree', 'add', '-q', '-b', 'mine', '../mine');
    const mine = join(sandbox.folder, 'mine');
    write(mine, { 'b.txt': 'b' });
    git(mine, 'add', '.');
    git(mine, 'commit', '-qm', 'Mine');
    sandbox.commit({ 'c.txt': 'c' });
    expect(() => git(mine, 'rebase', '-q', '--exec', 'false', 'main')).toThrow();
    const operation = await take(sandbox, foreignRemoval(sandbox, mine, 'mine'));
    sandbox.git('branch', 'mine');
    expect((await back(sandbox, operation)).restored).toMatchObject([{ path: mine, branch: 'mine-2' }]);
    git(mine, 'rebase', '--continue');
    expect(git(mine, 'status', '--porcelain', '--branch')).toBe('## mine-2');
    expect(git(mine, 'log', '--format=%s')).toBe('Mine\nChange\nChange');
  });

  test('an empty folder gives way', async () => {
    const sandbox = new Sandbox();
    const dark = await sandbox.worktree('dark');
    const operation = await take(sandbox, removalOf(sandbox, dark));
    mkdirSync(dark.path, { recursive: true });
    expect((await back(sandbox, operation)).restored).toMatchObject([{ path: dark.path }]);
  });
});

describe('what cannot come back whole', () => {
  test('a branch that is checked out elsewhere by now: HEAD stays detached at its commit', async () => {
    const sandbox = new Sandbox();
    const dark = await sandbox.worktree('dark');
    const operation = await take(sandbox, removalOf(sandbox, dark, { branch: null }));
    expect(sandbox.git('branch', '--list', 'ui/dark')).not.toBe('');
    sandbox.git('checkout', '-q', 'ui/dark');
    const undo = await back(sandbox, operation);
    expect(undo.restored).toMatchObject([
      { path: dark.path, branch: null, note: expect.stringContaining('checked out elsewhere') },
    ]);
    expect(dark.git('status', '--porcelain', '--branch')).toBe('## HEAD (no branch)');
    expect(dark.git('rev-parse', 'HEAD')).toBe(dark.handle.start);
  });

  test('somebody emptied the trash by hand: the branch comes back', async () => {
    const sandbox = new Sandbox();
    const dark = await sandbox.worktree('dark');
    const operation = await take(sandbox, removalOf(sandbox, dark));
    rmSync(join(sandbox.folder, 'app.worktrees/.copse-trash', operation.id), { recursive: true });
    const undo = await back(sandbox, operation);
    expect(undo.restored).toMatchObject([{ path: null, branch: 'ui/dark', note: expect.stringContaining('is gone') }]);
    sandbox.git('worktree', 'prune');
    expect(sandbox.git('worktree', 'list')).not.toContain('copse-trash');
    expectWhole(sandbox);
  });
});

describe('the trash is not there, as on a disk that is not mounted', () => {
  test.each(['app.worktrees', 'app.worktrees/.copse-trash'])('%s: nothing comes back or changes until it is', async (folder) => {
    const sandbox = new Sandbox();
    const dark = await sandbox.worktree('dark');
    dark.write({ 'x.txt': 'x' });
    const before = whole(sandbox, dark.path);
    const operation = await take(sandbox, removalOf(sandbox, dark));
    const pruned = [whole(sandbox), await operations(sandbox)];
    const place = join(sandbox.folder, folder);
    renameSync(place, `${place}.away`);
    const trash = join(sandbox.folder, 'app.worktrees/.copse-trash');
    await expect(back(sandbox, operation)).rejects.toMatchObject({
      code: 'trash-missing',
      exit: 3,
      message: `The trash ${trash} is missing. It holds what copse prune removed.`,
      hint: expect.stringMatching(/^Restore it there, then repeat the command\./),
    });
    expect([whole(sandbox), await operations(sandbox)]).toEqual(pruned);
    renameSync(`${place}.away`, place);
    expect((await back(sandbox, operation)).restored).toMatchObject([{ path: dark.path, branch: 'ui/dark' }]);
    expect(whole(sandbox, dark.path)).toEqual(before);
    expectNoPins(sandbox);
  });

  test('gone for good: what the hint names brings the branch back', async () => {
    const sandbox = new Sandbox();
    const dark = await sandbox.worktree('dark');
    const operation = await take(sandbox, removalOf(sandbox, dark));
    rmSync(join(sandbox.folder, 'app.worktrees'), { recursive: true });
    const refused = await back(sandbox, operation).catch((error: unknown) => error);
    const hint = (refused instanceof CopseError ? refused.hint : undefined) ?? '';
    execFileSync('sh', ['-c', /\n {2}(mkdir .*) && copse undo$/.exec(hint)?.[1] ?? 'false']);
    expect((await back(sandbox, operation)).restored).toMatchObject([
      { path: null, branch: 'ui/dark', note: expect.stringContaining('is gone') },
    ]);
    expectWhole(sandbox);
  });

  test.each(['undo-intended', 'undo-moved-0'])('it went away in the middle of an undo that died at %s', async (failpoint) => {
    const sandbox = new Sandbox();
    const [dark, light] = [await sandbox.worktree('dark'), await sandbox.worktree('light')];
    const before = whole(sandbox, dark.path, light.path);
    const operation = await take(sandbox, removalOf(sandbox, dark), removalOf(sandbox, light));
    dieAt(failpoint, sandbox, 'back', operation.id);
    const trash = join(sandbox.folder, 'app.worktrees/.copse-trash');
    renameSync(trash, `${trash}.away`);
    const cut = await operations(sandbox);
    expect(await recover(sandbox)).toEqual([expect.stringContaining(`cannot be finished yet: The trash ${trash} is missing.`)]);
    // Nothing but that it was said once.
    expect(await operations(sandbox)).toEqual(
      cut.map((one) => (one.state === 'open' ? { ...one, stuck: expect.any(String) } : one)),
    );
    renameSync(`${trash}.away`, trash);
    expect(await recover(sandbox)).toEqual(['copse back had been interrupted; it is finished now.']);
    expect(whole(sandbox, dark.path, light.path)).toEqual(before);
    expectNoPins(sandbox);
  });
});

describe('fault 78: a worktree whose folder is gone', () => {
  test("git's entry goes, with its index and reflog, and comes back", async () => {
    const sandbox = new Sandbox();
    const dark = await sandbox.worktree('dark');
    dark.write({ 'staged.txt': 'only in the index\n' });
    dark.git('add', 'staged.txt');
    const staged = dark.git('rev-parse', ':staged.txt');
    rmSync(dark.path, { recursive: true });
    const before = whole(sandbox);
    const operation = await take(sandbox, removalOf(sandbox, dark));
    expect(operation.items[0]?.kept ?? operation.items[0]?.step).toBe('trashed');
    expect(sandbox.git('worktree', 'list')).not.toContain('ui-dark');
    sandbox.git('gc', '-q', '--prune=now');
    expect(sandbox.git('cat-file', '-p', staged)).toBe('only in the index');
    await back(sandbox, operation);
    expect(before['worktrees']).toContain('ui-dark');
    expect(sandbox.git('worktree', 'list', '--porcelain')).toBe(before['worktrees']);
    expect(sandbox.git('cat-file', '-p', staged)).toBe('only in the index');
    expect(readFileSync(join(dark.handle.gitDir, 'HEAD'), 'utf8')).toBe('ref: refs/heads/ui/dark\n');
    expectWhole(sandbox);
  });
});

describe('several, and again', () => {
  test('a second undo finds nothing; a second prune starts anew', async () => {
    const sandbox = new Sandbox();
    const dark = await sandbox.worktree('dark');
    const before = whole(sandbox, dark.path);
    for (let round = 0; round < 2; round += 1) {
      const operation = await take(sandbox, removalOf(sandbox, dark));
      await back(sandbox, operation);
      await expect(back(sandbox, operation)).rejects.toMatchObject({ code: 'nothing-to-undo', exit: 1 });
    }
    expect(whole(sandbox, dark.path)).toEqual(before);
    expect(await operations(sandbox)).toHaveLength(4);
  });

  test('a pointer written relative to the worktree', async () => {
    const sandbox = new Sandbox();
    const dark = await sandbox.worktree('dark');
    writeFileSync(join(dark.path, '.git'), `gitdir: ../../app/.git/worktrees/ui-dark\n`);
    writeFileSync(join(dark.handle.gitDir, 'gitdir'), '../../../../app.worktrees/ui-dark/.git\n');
    const text = readFileSync(join(dark.path, '.git'), 'utf8');
    const operation = await take(
      sandbox,
      removalOf(sandbox, dark, { worktree: { path: dark.path, gitDir: dark.handle.gitDir, nonce: null } }),
    );
    const trashed = operation.items[0]?.worktree?.trashPath ?? '';
    expect(git(trashed, 'status', '--porcelain')).toBe('');
    await back(sandbox, operation);
    expect(readFileSync(join(dark.path, '.git'), 'utf8')).toBe(text);
    expect(readFileSync(join(dark.handle.gitDir, 'gitdir'), 'utf8')).toBe('../../../../app.worktrees/ui-dark/.git\n');
  });
});
