import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { gitIn } from '../../../src/git/spawn/git-in.ts';
import { listWorktrees } from '../../../src/git/worktree/worktrees.ts';
import { createWorktree } from '../../../src/worktree/create-worktree.ts';
import { openWorktree } from '../../../src/worktree/open-worktree.ts';
import { unlockWorktree } from '../../../src/worktree/unlock-worktree.ts';
import { expectWhole, git, globalConfig, Sandbox, write } from '../../support/git-repository.ts';

function left(sandbox: Sandbox): unknown {
  const list = (path: string): string[] => (existsSync(join(sandbox.root, path)) ? readdirSync(join(sandbox.root, path)) : []);
  return {
    branches: sandbox.git('branch', '--format=%(refname:short)'),
    entries: list('.git/worktrees'),
    intents: list('.git/copse/v1/creating'),
    shadows: list('.git/copse/v1/worktrees'),
    folders: existsSync(join(sandbox.folder, 'app.worktrees')) ? readdirSync(join(sandbox.folder, 'app.worktrees')) : [],
  };
}

const NOTHING = { branches: 'main', entries: [], intents: [], shadows: [], folders: [] };

describe('a created worktree', () => {
  test('is one to git: clean, on its branch, locked with a reason, its own port, nothing of the person changed', async () => {
    const sandbox = new Sandbox();
    const person = sandbox.state();
    const dark = await sandbox.worktree('dark');
    const light = await sandbox.worktree('light');
    expect(dark.git('status', '--porcelain', '--branch')).toBe('## ui/dark');
    expect(dark.git('rev-parse', 'HEAD')).toBe(dark.handle.start);
    expect(await listWorktrees(gitIn(sandbox.root, { reads: true }))).toMatchObject([
      { path: sandbox.root, branch: 'main', locked: null },
      { path: dark.path, branch: 'ui/dark', locked: 'copse: ui/dark works here', prunable: false },
      { path: light.path, branch: 'ui/light' },
    ]);
    expect(dark.handle.port).not.toBe(light.handle.port);
    expect(sandbox.git('worktree', 'prune', '-n', '-v')).toBe('');
    expect(sandbox.state()).toBe(person);
    expectWhole(sandbox);
    await unlockWorktree(dark.handle.gitDir);
    expect(sandbox.git('worktree', 'list')).not.toContain('ui-dark/.git locked');
    sandbox.git('worktree', 'remove', dark.path);
  });

  test('is handed out again to who asks for the same variant', async () => {
    const sandbox = new Sandbox();
    const { handle } = await sandbox.worktree();
    expect(await createWorktree(await sandbox.options())).toEqual(handle);
  });

  test('of equal folder names, from a remote base, with hooks in the repository', async () => {
    const sandbox = new Sandbox();
    const clone = join(sandbox.folder, 'clone');
    git(sandbox.folder, 'clone', '-q', sandbox.root, clone);
    write(clone, { '.git/hooks/post-checkout': `#!/bin/sh\ntouch '${sandbox.folder}/hooked'\n` });
    git(clone, 'config', 'core.hooksPath', '.git/hooks');
    const repository = await sandbox.repository(clone);
    const start = git(clone, 'rev-parse', 'origin/main');
    for (const variant of ['one', 'two']) {
      const path = join(sandbox.folder, variant, 'same');
      await sandbox.worktree(variant, { repository, start, path });
      expect(git(path, 'status', '--porcelain', '--branch')).toBe(`## ui/${variant}`);
    }
    expect(existsSync(join(sandbox.folder, 'hooked'))).toBe(false);
    expect(readFileSync(join(clone, '.git/config'), 'utf8')).not.toContain('ui/');
  });
});

describe('opening', () => {
  test('proves path and nonce by our side, whatever the .git file says', async () => {
    const sandbox = new Sandbox();
    const { handle, repository } = await sandbox.worktree();
    const open = (path: string, nonce: string | null): Promise<unknown> => openWorktree({ repository, path, nonce });
    expect(await open(handle.path, handle.nonce)).toMatchObject(handle);
    expect(await open(handle.path, 'another')).toBeNull();
    expect(await open(sandbox.root, null)).toBeNull();
    expect(await open(join(sandbox.folder, 'nowhere'), null)).toBeNull();
    writeFileSync(join(handle.path, '.git'), 'gitdir: /nowhere\n');
    expect(await open(handle.path, handle.nonce)).toMatchObject(handle);
    rmSync(handle.path, { recursive: true });
    expect(await open(handle.path, handle.nonce)).toBeNull();
    symlinkSync(sandbox.root, handle.path);
    expect(await open(handle.path, handle.nonce)).toBeNull();
  });
});

describe('what fails leaves nothing behind', () => {
  test('the branch is there already, at the very same commit: it stays', async () => {
    const sandbox = new Sandbox();
    sandbox.git('branch', 'ui/dark');
    await expect(sandbox.worktree()).rejects.toMatchObject({ code: 'branch-taken', exit: 3 });
    expect(left(sandbox)).toEqual({ ...NOTHING, branches: 'main\nui/dark' });
  });

  test('the folder is there already: it stays', async () => {
    const sandbox = new Sandbox();
    write(sandbox.folder, { 'app.worktrees/ui-dark/mine.txt': 'mine' });
    await expect(sandbox.worktree()).rejects.toMatchObject({ code: 'path-taken', exit: 3 });
    expect(left(sandbox)).toEqual({ ...NOTHING, folders: ['ui-dark'] });
    expect(readFileSync(join(sandbox.folder, 'app.worktrees/ui-dark/mine.txt'), 'utf8')).toBe('mine');
  });

  test('the checkout fails', async () => {
    globalConfig('[filter "broken"]\n\tclean = cat\n\tsmudge = false\n\trequired = true\n');
    const sandbox = new Sandbox({ '.gitattributes': '*.x filter=broken\n', 'f.x': '1' });
    await expect(sandbox.worktree()).rejects.toMatchObject({ code: 'git' });
    expect(left(sandbox)).toEqual(NOTHING);
    expectWhole(sandbox);
  });

  test('the copy fails', async () => {
    const sandbox = new Sandbox();
    await expect(sandbox.worktree('dark', { copy: { entries: ['../outside'] } })).rejects.toMatchObject({ code: 'copy-outside' });
    expect(left(sandbox)).toEqual(NOTHING);
  });

  test('it is called off, before and during the checkout', async () => {
    const sandbox = new Sandbox();
    await expect(sandbox.worktree('dark', { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
    const controller = new AbortController();
    globalConfig(`[filter "slow"]\n\tsmudge = "touch '${sandbox.folder}/begun'; sleep 60"\n`);
    sandbox.commit({ '.gitattributes': '*.x filter=slow\n' });
    writeFileSync(join(sandbox.root, 'f.x'), '1');
    sandbox.git('add', '.');
    sandbox.git('commit', '-qm', 'slow');
    const creating = sandbox.worktree('dark', { signal: controller.signal });
    const ended = expect(creating).rejects.toThrow('enough');
    await expect.poll(() => existsSync(join(sandbox.folder, 'begun'))).toBe(true);
    controller.abort(new Error('enough'));
    await ended;
    expect(left(sandbox)).toEqual(NOTHING);
  });

  test('only the one that fails, of several that are registered together', async () => {
    const sandbox = new Sandbox();
    sandbox.git('branch', 'ui/two/below');
    const names = ['one', 'two', 'three'];
    const results = await Promise.allSettled(names.map((name) => sandbox.worktree(name)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { code: 'branch-taken' } });
    expect(left(sandbox)).toMatchObject({
      branches: 'main\nui/one\nui/three\nui/two/below',
      intents: [],
      folders: ['ui-one', 'ui-three'],
    });
  });
});

describe('many at once', () => {
  test('fifty: none fails, each is whole, the person’s git works beside them', async () => {
    const sandbox = new Sandbox();
    const names = Array.from({ length: 50 }, (_, i) => `v${i}`);
    const creating = Promise.all(names.map((name) => sandbox.worktree(name)));
    for (let i = 0; i < 10; i += 1)
      git(sandbox.root, 'worktree', 'add', '-q', '--no-track', '-b', `own${i}`, join(sandbox.folder, `own${i}`));
    const worktrees = await creating;
    for (const { path, variant } of worktrees) expect(git(path, 'status', '--porcelain', '--branch')).toBe(`## ui/${variant}`);
    expect(new Set(worktrees.map(({ handle }) => handle.port)).size).toBe(50);
    expect((await listWorktrees(gitIn(sandbox.root))).length).toBe(61);
    expectWhole(sandbox);
  });
});

describe('a folder on the way', () => {
  test('is made where missing', async () => {
    const sandbox = new Sandbox();
    const { path } = await sandbox.worktree('dark', { path: join(sandbox.folder, 'deep/er/dark') });
    expect(existsSync(join(path, 'a.txt'))).toBe(true);
  });

  test('may be a symlink of the person’s, elsewhere than beside the repository', async () => {
    const sandbox = new Sandbox();
    const nested = new Sandbox();
    mkdirSync(join(nested.folder, 'fast'));
    symlinkSync(join(nested.folder, 'fast'), join(nested.folder, 'link'));
    const { handle } = await sandbox.worktree('dark', { path: join(nested.folder, 'link/dark') });
    expect(handle.path).toBe(join(nested.folder, 'fast/dark'));
    expect(git(handle.path, 'status', '--porcelain', '--branch')).toBe('## ui/dark');
  });
});
