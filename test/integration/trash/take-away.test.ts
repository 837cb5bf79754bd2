import { chmodSync, existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { gitIn } from '../../../src/git/spawn/git-in.ts';
import { listWorktrees } from '../../../src/git/worktree/worktrees.ts';
import { expectWhole, git, Sandbox, write } from '../../support/git-repository.ts';
import { back, expectNoPins, foreignRemoval, removalOf, take, whole } from '../../support/trash.ts';

describe('a worktree that is taken away', () => {
  test('comes back as it was: files, modes, times, index, HEAD, branch with reflog and configuration, lock', async () => {
    const sandbox = new Sandbox({ 'a.txt': 'a\n', 'b.txt': 'b\n', '.gitignore': 'ignored/\n*.db\n' });
    const dark = await sandbox.worktree('dark');
    dark.write({ 'a.txt': 'changed\n', 'new.txt': 'untracked\n', 'ignored/deep/x': 'x', 'local.db': Buffer.from([0, 255, 3]) });
    dark.write({ 'staged.txt': 'only in the index\n' });
    dark.git('add', 'staged.txt');
    dark.write({ 'staged.txt': 'and other in the file\n' });
    chmodSync(join(dark.path, 'b.txt'), 0o755);
    symlinkSync('nowhere', join(dark.path, 'link'));
    dark.git('config', 'branch.ui/dark.remote', 'origin');
    dark.git('config', 'branch.ui/dark.merge', 'refs/heads/ui/dark');
    const before = whole(sandbox, dark.path);

    const operation = await take(sandbox, removalOf(sandbox, dark));
    expect(operation).toMatchObject({ state: 'done', items: [{ step: 'trashed' }] });
    expect(existsSync(dark.path)).toBe(false);
    expect(sandbox.git('branch', '--list', 'ui/*')).toBe('');
    expect(sandbox.git('config', '--list', '--local')).not.toContain('branch.ui/dark');
    expect(await listWorktrees(gitIn(sandbox.root, { reads: true }))).toMatchObject([
      { path: sandbox.root },
      { path: operation.items[0]?.worktree?.trashPath, branch: null, prunable: false },
    ]);
    expectWhole(sandbox);

    const undo = await back(sandbox, operation);
    expect(undo).toMatchObject({ state: 'done', restored: [{ path: dark.path, branch: 'ui/dark' }] });
    expect(whole(sandbox, dark.path)).toEqual(before);
    expect(dark.git('status', '--porcelain')).toContain('AM staged.txt');
    expectNoPins(sandbox);
    expectWhole(sandbox);
  });

  test('made by a person with git, among several, with a branch alone', async () => {
    const sandbox = new Sandbox();
    sandbox.git('worktree', 'add', '-q', '-b', 'mine', '../mine');
    sandbox.git('worktree', 'add', '-q', '--lock', '--reason', 'copse: x', '-b', 'two', '../two');
    sandbox.git('branch', 'alone');
    const mine = join(sandbox.folder, 'mine');
    const two = join(sandbox.folder, 'two');
    write(mine, { 'x.txt': 'x' });
    const before = whole(sandbox, mine, two);
    const alone = { ...foreignRemoval(sandbox, mine, 'alone'), worktree: null };
    const operation = await take(sandbox, foreignRemoval(sandbox, mine, 'mine'), foreignRemoval(sandbox, two, 'two'), alone);
    expect(operation.items.map(({ step, kept }) => kept ?? step)).toEqual(['trashed', 'trashed', 'trashed']);
    expect(sandbox.git('branch', '--format=%(refname:short)')).toBe('main');
    await back(sandbox, operation);
    expect(whole(sandbox, mine, two)).toEqual(before);
    expect(git(mine, 'status', '--porcelain', '--branch')).toBe('## mine\n?? x.txt');
  });
});
