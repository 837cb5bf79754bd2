import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { resetWorktree } from '../../../src/git/worktree/reset-worktree.ts';
import { Sandbox, type Worktree } from '../../support/git-repository.ts';

function reset({ repository, handle }: Worktree): Promise<void> {
  return resetWorktree({ repository, worktree: handle.path, gitDir: handle.gitDir, branch: handle.branch, to: handle.start });
}

describe('back to the start', () => {
  test('branch, HEAD, index and tracked files; untracked ones stay', async () => {
    const worktree = await new Sandbox().worktree();
    worktree.write({ 'a.txt': 'changed', 'new.txt': 'n' });
    await worktree.commit();
    worktree.git('switch', '-q', '--detach');
    worktree.write({ 'b.txt': 'again', 'kept.txt': 'k' });
    rmSync(join(worktree.path, 'src/c.txt'));
    await reset(worktree);
    expect(worktree.git('status', '--porcelain', '--branch')).toBe('## ui/dark\n?? kept.txt');
    expect(worktree.git('rev-parse', 'HEAD')).toBe(worktree.handle.start);
    expect(existsSync(join(worktree.path, 'new.txt'))).toBe(false);
    expect(readFileSync(join(worktree.path, 'a.txt'), 'utf8')).toBe('a\n');
    expect(await worktree.commit()).toMatchObject({ kind: 'committed' });
  });

  test('an open merge is put aside', async () => {
    const sandbox = new Sandbox();
    const start = sandbox.git('rev-parse', 'HEAD');
    sandbox.commit({ 'a.txt': 'theirs' });
    const worktree = await sandbox.worktree('dark', { start });
    worktree.write({ 'a.txt': 'ours' });
    worktree.git('commit', '-qam', 'ours');
    expect(() => worktree.git('merge', 'main')).toThrow();
    await reset(worktree);
    expect(worktree.git('status')).not.toContain('merg');
    worktree.write({ 'x.txt': '1' });
    expect(await worktree.commit()).toMatchObject({ kind: 'committed', parked: null });
  });

  test('a worktree that is gone is said', async () => {
    const worktree = await new Sandbox().worktree();
    rmSync(worktree.path, { recursive: true });
    await expect(reset(worktree)).rejects.toMatchObject({ code: 'worktree-missing', exit: 3 });
  });
});
