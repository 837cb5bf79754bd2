import { execFile } from 'node:child_process';
import { readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { expectWhole, git, globalConfig, Sandbox, type Worktree } from '../../support/git-repository.ts';
import { back, foreignRemoval, removalOf, take, whole } from '../../support/trash.ts';

/** A worktree in which every kind of thing hangs that only it holds. */
async function loadedWorktree(): Promise<{ sandbox: Sandbox; dark: Worktree; held: Record<string, string> }> {
  const sandbox = new Sandbox({ 'a.txt': 'a\n', 'b.txt': 'b\n' });
  const dark = await sandbox.worktree('dark');
  const held: Record<string, string> = {};
  dark.write({ 'lost.txt': 'amended away\n' });
  dark.git('add', '.');
  dark.git('commit', '-qm', 'Only in reflogs');
  held['reflog'] = dark.git('rev-parse', 'HEAD');
  dark.git('reset', '-q', '--hard', 'HEAD~1');
  dark.write({ 'kept.txt': 'on the branch\n' });
  dark.git('add', '.');
  dark.git('commit', '-qm', 'On the branch');
  held['branch'] = dark.git('rev-parse', 'HEAD');
  dark.write({ 'a.txt': 'stashed\n' });
  dark.git('stash', 'push', '-q');
  held['stash'] = sandbox.git('rev-parse', 'refs/stash');
  dark.write({ 'staged.txt': 'only in the index\n' });
  dark.git('add', 'staged.txt');
  held['index'] = dark.git('rev-parse', ':staged.txt');
  dark.write({ 'staged.txt': 'other in the file\n', 'a.txt': 'modified\n', 'new "name"\n.txt': 'untracked\n' });
  return { sandbox, dark, held };
}

function failed(error: unknown): { stderr: string } {
  return { stderr: error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error) };
}

function gc(sandbox: Sandbox): void {
  sandbox.git('reflog', 'expire', '--expire=now', '--expire-unreachable=now', '--all');
  sandbox.git('gc', '-q', '--prune=now');
}

describe('what only a worktree holds', () => {
  test('fault 22: outlives gc while it is in the trash', async () => {
    const { sandbox, dark, held } = await loadedWorktree();
    const operation = await take(sandbox, removalOf(sandbox, dark));
    sandbox.git('stash', 'drop', '-q');
    gc(sandbox);
    sandbox.git('worktree', 'prune', '--expire=now');
    for (const [what, id] of Object.entries(held)) expect(sandbox.git('cat-file', '-t', id), what).not.toBe('');
    expectWhole(sandbox);
    const files = `refs/copse/v1/trash/${operation.id}/0/files`;
    expect(sandbox.git('show', `${files}:staged.txt`)).toBe('other in the file');
    expect(sandbox.git('show', `${files}:a.txt`)).toBe('modified');
    expect(sandbox.git('ls-tree', '--name-only', files)).toContain('new');
    expect(sandbox.git('show', `refs/copse/v1/trash/${operation.id}/0/index:staged.txt`)).toBe('only in the index');
    await back(sandbox, operation);
    expect(dark.git('show', ':staged.txt')).toBe('only in the index');
    expect(dark.git('rev-parse', 'HEAD')).toBe(held['branch']);
    expectWhole(sandbox);
  });

  test('a change of equal size in the second in which the index was written is held too', async () => {
    const sandbox = new Sandbox();
    const dark = await sandbox.worktree('dark');
    // git compares whole seconds, and times of change of a file cannot be set.
    globalConfig('[core]\n\ttrustctime = false\n');
    const second = new Date(Math.floor(Date.now() / 1000) * 1000 - 5000);
    const file = join(dark.path, 'even.txt');
    writeFileSync(file, 'one');
    utimesSync(file, second, second);
    dark.git('add', 'even.txt');
    utimesSync(join(dark.handle.gitDir, 'index'), second, second);
    writeFileSync(file, 'two');
    utimesSync(file, second, second);
    const { id } = await take(sandbox, removalOf(sandbox, dark));
    expect(sandbox.git('show', `refs/copse/v1/trash/${id}/0/index:even.txt`)).toBe('one');
    expect(sandbox.git('show', `refs/copse/v1/trash/${id}/0/files:even.txt`)).toBe('two');
  });

  test('fault 22: outlives gc that runs at the same time', async () => {
    const { sandbox, dark } = await loadedWorktree();
    const before = whole(sandbox, dark.path);
    let running = true;
    const collecting = (async () => {
      // One that starts right when objects are being pinned reports that another process is working.
      while (running) {
        const { stderr } = await promisify(execFile)('git', ['gc', '-q', '--prune=now'], { cwd: sandbox.root }).catch(failed);
        if (stderr !== '') expect(stderr).toMatch(/gc is already running|gc\.pid\.lock/);
      }
    })();
    try {
      for (let round = 0; round < 3; round += 1) {
        const operation = await take(sandbox, removalOf(sandbox, dark));
        expect(operation.items[0]?.kept).toBe(undefined);
        await back(sandbox, operation);
      }
    } finally {
      running = false;
      await collecting;
    }
    const after = whole(sandbox, dark.path);
    // What gc itself writes.
    const own = /^\.git\/(info\/refs|gc\.|logs\/refs\/)/;
    const without = (seen: Record<string, string>) =>
      Object.fromEntries(Object.entries(seen).filter(([name]) => !own.test(name)));
    expect(without(after)).toEqual(without(before));
    expectWhole(sandbox);
  });

  test('an autostash of a rebase, both sides of a conflict, a commit on a detached HEAD', async () => {
    const sandbox = new Sandbox({ 'a.txt': 'a\n', 'b.txt': 'b\n' });
    sandbox.git('worktree', 'add', '-q', '-b', 'mine', '../mine');
    const mine = join(sandbox.folder, 'mine');
    sandbox.commit({ 'a.txt': 'of main\n' });
    writeFileSync(join(mine, 'a.txt'), 'of mine\n');
    git(mine, 'commit', '-qam', 'Mine');
    writeFileSync(join(mine, 'b.txt'), 'stashed by the rebase\n');
    expect(() => git(mine, 'rebase', '--autostash', 'main')).toThrow();
    const autostash = readFileSync(join(sandbox.root, '.git/worktrees/mine/rebase-merge/autostash'), 'utf8').trim();
    const ours = git(mine, 'rev-parse', ':2:a.txt');
    sandbox.git('worktree', 'add', '-q', '--detach', '../loose');
    const loose = join(sandbox.folder, 'loose');
    git(loose, 'commit', '-q', '--allow-empty', '-m', 'Only on HEAD');
    const detached = git(loose, 'rev-parse', 'HEAD');
    const before = whole(sandbox, mine, loose);

    const operation = await take(sandbox, foreignRemoval(sandbox, mine, 'mine'), foreignRemoval(sandbox, loose, null));
    gc(sandbox);
    for (const id of [autostash, ours, detached]) expect(sandbox.git('cat-file', '-t', id)).not.toBe('');
    await back(sandbox, operation);
    const after = whole(sandbox, mine, loose);
    const files = (seen: Record<string, string>) =>
      Object.entries(seen).filter(([name]) => !/^\.git\/(info|packed|gc)|\/logs\//.test(name));
    expect(files(after)).toEqual(files(before));
    writeFileSync(join(mine, 'a.txt'), 'resolved\n');
    git(mine, 'add', 'a.txt');
    git(mine, '-c', 'core.editor=true', 'rebase', '--continue');
    expect(git(mine, 'status', '--porcelain', '--branch')).toBe('## mine\n M b.txt');
    expectWhole(sandbox);
  });

  test('in a repository with SHA-256: what is deleted and what conflicts', async () => {
    const sandbox = new Sandbox();
    rmSync(join(sandbox.root, '.git'), { recursive: true });
    sandbox.git('init', '-q', '-b', 'main', '--object-format=sha256');
    sandbox.commit({ 'a.txt': 'a\n', 'b.txt': 'b\n' });
    const dark = await sandbox.worktree('dark');
    sandbox.commit({ 'a.txt': 'of main\n' });
    dark.write({ 'a.txt': 'of dark\n' });
    dark.git('commit', '-qam', 'Dark');
    expect(() => dark.git('merge', 'main')).toThrow();
    rmSync(join(dark.path, 'b.txt'));
    const operation = await take(sandbox, removalOf(sandbox, dark));
    expect(operation.items).toMatchObject([{ step: 'trashed' }]);
    const at = `refs/copse/v1/trash/${operation.id}/0`;
    expect(sandbox.git('ls-tree', '--name-only', `${at}/files`)).not.toContain('b.txt');
    expect(sandbox.git('show', `${at}/index:copse-stage-2/a.txt`)).toBe('of dark');
    await back(sandbox, operation);
    expect(dark.git('status', '--porcelain')).toBe('UU a.txt\n D b.txt');
  });

  test('more commits than are pinned one by one', async () => {
    const sandbox = new Sandbox();
    const dark = await sandbox.worktree('dark');
    const ids: string[] = [];
    for (let n = 0; n < 12; n += 1) {
      dark.git('commit', '-q', '--allow-empty', '-m', `Amended ${n}`, ...(n === 0 ? [] : ['--amend']));
      ids.push(dark.git('rev-parse', 'HEAD'));
    }
    const operation = await take(sandbox, removalOf(sandbox, dark));
    expect(operation.items[0]?.pins.length).toBeLessThan(8);
    gc(sandbox);
    for (const id of ids) expect(sandbox.git('cat-file', '-t', id)).toBe('commit');
    await back(sandbox, operation);
    expectWhole(sandbox);
  });
});
