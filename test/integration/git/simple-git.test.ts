import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { branchWork } from '../../../src/git/refs/branch-work.ts';
import { simpleGitIn } from '../../../src/git/spawn/simple-git.ts';
import { Sandbox, temporaryDirectory, trap } from '../../support/git-repository.ts';

describe('simple-git as we set it up', () => {
  test('rejects on exit 1 without a word, resolves on nothing printed', async () => {
    const git = simpleGitIn(new Sandbox().root);
    await expect(git.raw('rev-parse', '--verify', '--quiet', 'nope')).rejects.toThrow('git ended with 1');
    await expect(git.raw('diff', '--quiet', 'HEAD', 'HEAD')).resolves.toBe('');
    await expect(git.raw('no-such-verb')).rejects.toThrow('no-such-verb');
  });

  test('believes no exported GIT_DIR and no editor or pager, runs no fsmonitor', async () => {
    const sandbox = new Sandbox();
    const trapped = trap(sandbox.folder, 'trap');
    sandbox.git('config', 'core.fsmonitor', trapped.command);
    sandbox.git('config', 'core.pager', trapped.command);
    const before = { ...process.env };
    onTestFinished(() => {
      for (const name of ['GIT_DIR', 'GIT_INDEX_FILE', 'EDITOR', 'PAGER', 'SSH_ASKPASS', 'PREFIX', 'VISUAL'])
        delete process.env[name];
      Object.assign(process.env, before);
    });
    const other = join(temporaryDirectory(), 'x');
    Object.assign(process.env, { GIT_DIR: other, GIT_INDEX_FILE: other, EDITOR: trapped.command, PAGER: trapped.command });
    Object.assign(process.env, { SSH_ASKPASS: trapped.command, PREFIX: other, VISUAL: trapped.command });
    const status = await simpleGitIn(sandbox.root).status();
    expect(status.isClean()).toBe(true);
    expect(trapped.sprung()).toBe(false);
  });

  test('ends a git that takes too long, and one that is called off', async () => {
    const sandbox = new Sandbox();
    // Answers nothing, and ends with the git that asked it.
    sandbox.git('remote', 'add', 'silent', sandbox.root);
    sandbox.git('config', 'remote.silent.uploadpack', 'cat >/dev/null;');
    await expect(simpleGitIn(sandbox.root, { timeoutMs: 100 }).fetch('silent')).rejects.toMatchObject({ plugin: 'timeout' });
    const leave = new AbortController();
    const called = simpleGitIn(sandbox.root, { signal: leave.signal }).fetch('silent');
    setTimeout(() => leave.abort(), 100);
    await expect(called).rejects.toMatchObject({ plugin: 'abort' });
  });
});

test('what stands on a branch beyond a base', async () => {
  const sandbox = new Sandbox();
  const base = sandbox.git('rev-parse', 'HEAD');
  const tip = sandbox.commit({ 'a.txt': '2' });
  const { commits, lastAt } = await branchWork(sandbox.root, base, tip);
  expect(commits).toBe(1);
  expect(lastAt.toISOString()).toBe(new Date(Number(sandbox.git('log', '-1', '--format=%at', tip)) * 1000).toISOString());
  expect(await branchWork(sandbox.root, tip, base)).toMatchObject({ commits: 0 });
});
