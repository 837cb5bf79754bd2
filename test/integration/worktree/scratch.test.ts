import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { freeScratch } from '../../../src/prune/leftovers/tidy.ts';
import { storeAt } from '../../../src/store/layout.ts';
import { ambientEnvironment, baseEnvironment } from '../../../src/system/environment.ts';
import { findByMarker, identityOf } from '../../../src/system/processes/process-identity.ts';
import { systemClock } from '../../../src/system/system-clock.ts';
import { type Scratch, type ScratchOptions, withScratch } from '../../../src/worktree/scratch/scratch.ts';
import { readScratch, writeScratch } from '../../../src/worktree/scratch/scratch-record.ts';
import { Sandbox, write } from '../../support/git-repository.ts';

async function options(sandbox: Sandbox, more: Partial<ScratchOptions> = {}): Promise<ScratchOptions> {
  const repository = await sandbox.repository();
  return {
    repository,
    store: await sandbox.store(),
    run: 'ui',
    root: `${sandbox.root}.worktrees`,
    pool: 'base',
    commit: repository.headCommit ?? '',
    copy: { entries: [] },
    setup: [],
    env: (port) => ({ ...baseEnvironment(ambientEnvironment()), PORT: String(port) }),
    timeoutMs: 30_000,
    portRegistry: join(sandbox.folder, 'ports'),
    signal: new AbortController().signal,
    ...more,
  };
}

/** Runs a shell command there as a check does, and returns what it prints. */
function shell(scratch: Scratch, command: string): string {
  const env = { ...process.env, COPSE_MARKER: scratch.marker };
  return execFileSync('/bin/sh', ['-c', command], { cwd: scratch.path, encoding: 'utf8', env }).trim();
}

async function look(o: ScratchOptions, command = 'pwd'): Promise<string> {
  const used = await withScratch(o, async (scratch) => shell(scratch, command));
  if (used.kind !== 'used') throw new Error(used.reason);
  return used.value;
}

const free = async (o: ScratchOptions): Promise<number> => (await freeScratch({ ...o, clock: systemClock })).count;

describe('where a scratch worktree is', () => {
  test.each(['app.worktrees', 'a b.worktrees', "it's/wörk/ui"])(
    'beside the worktrees in %s, with nothing that suites trip over',
    async (name) => {
      const sandbox = new Sandbox();
      const root = join(sandbox.folder, name);
      const variant = await sandbox.worktree('dark', { path: join(root, 'ui-dark') });
      const path = await look(await options(sandbox, { root }));
      expect(dirname(path)).toBe(dirname(variant.path));
      const added = path.slice(realpathSync(root).length + 1);
      expect(added).toBe('copse-base-0');
      expect(added).not.toMatch(/^\.|\/|test|spec/);
    },
  );

  test('behind a symlink, by its real path as a variant’s, and warm the next time', async () => {
    const sandbox = new Sandbox();
    mkdirSync(join(sandbox.folder, 'real'));
    symlinkSync('real', join(sandbox.folder, 'link'));
    const variant = await sandbox.worktree('dark', { path: join(sandbox.folder, 'link/ui-dark') });
    const o = await options(sandbox, { root: join(sandbox.folder, 'link'), setup: ['mkdir node_modules; echo x >> ../set-up'] });
    const seen = await look(o, 'pwd -P; pwd -L; echo "$PWD"');
    expect(new Set(seen.split('\n'))).toEqual(new Set([join(dirname(variant.path), 'copse-base-0')]));
    await look(o);
    expect(readFileSync(join(sandbox.folder, 'real/set-up'), 'utf8')).toBe('x\n');
  });

  test('a symlink out of the folder of the repository is not followed', async () => {
    const sandbox = new Sandbox();
    const elsewhere = new Sandbox();
    symlinkSync(elsewhere.folder, `${sandbox.root}.worktrees`);
    await expect(look(await options(sandbox))).rejects.toMatchObject({ code: 'worktree-root-outside' });
    expect(readdirSync(elsewhere.folder)).toEqual(['app']);
  });

  test('follows the run: a folder for each run has it in that of the run that asks', async () => {
    const sandbox = new Sandbox();
    const first = await options(sandbox, { root: join(sandbox.folder, 'wt/ui') });
    expect(await look(first)).toBe(join(sandbox.folder, 'wt/ui/copse-base-0'));
    expect(await look({ ...first, root: join(sandbox.folder, 'wt/ui-2') })).toBe(join(sandbox.folder, 'wt/ui-2/copse-base-0'));
    expect(readdirSync(join(sandbox.folder, 'wt/ui'))).toEqual([]);
    expect(sandbox.git('worktree', 'list').split('\n')).toHaveLength(2);
  });

  test('two repositories with one worktree root have one each', async () => {
    const [one, two] = [new Sandbox(), new Sandbox({ 'b.txt': 'other\n' })];
    const root = join(one.folder, 'wt');
    const [first, second] = await Promise.all(
      [await options(one, { root }), await options(two, { root })].map((o) => look(o, 'pwd; ls')),
    );
    expect([first, second].map((text) => text?.split('\n')[0]).toSorted()).toEqual([
      join(root, 'copse-base-0'),
      join(root, 'copse-base-0-2'),
    ]);
    expect(second).toMatch(/\nb\.txt$/);
    expect(await look(await options(two, { root }), 'ls')).toBe('b.txt');
    expect(await free(await options(one))).toBe(1);
    expect(readdirSync(root)).toHaveLength(1);
    expect(await look(await options(two, { root }), 'ls')).toBe('b.txt');
  });

  test.each([
    ['a folder', { 'copse-base-0/mine.txt': 'mine' }],
    ['a file', { 'copse-base-0': 'mine' }],
    ['a repository', { 'copse-base-0/.git/HEAD': 'ref: refs/heads/main\n' }],
  ])('%s of a person at that name stays as it is', async (_, files) => {
    const sandbox = new Sandbox();
    const o = await options(sandbox);
    write(o.root, files);
    expect(await look(o)).toBe(join(o.root, 'copse-base-0-2'));
    for (const [path, text] of Object.entries(files)) expect(readFileSync(join(o.root, path), 'utf8')).toBe(text);
    expect(await free(o)).toBe(1);
    expect(readdirSync(o.root)).toEqual(['copse-base-0']);
  });

  test('a folder that a person put in the place of ours is another’s', async () => {
    const sandbox = new Sandbox();
    const o = await options(sandbox);
    await look(o);
    rmSync(join(o.root, 'copse-base-0'), { recursive: true });
    write(o.root, { 'copse-base-0/mine.txt': 'mine' });
    expect(await look(o)).toBe(join(o.root, 'copse-base-0-2'));
    renameSync(join(o.root, 'copse-base-0-2'), join(sandbox.folder, 'moved'));
    mkdirSync(join(o.root, 'copse-base-0-2'));
    expect(await free(o)).toBe(1);
    expect(readdirSync(o.root)).toEqual(['copse-base-0', 'copse-base-0-2']);
    expect(readdirSync(join(o.root, 'copse-base-0'))).toEqual(['mine.txt']);
  });

  test('what an earlier version left in its dot folder goes with the next use, or is freed', async () => {
    for (const clear of [look, free]) {
      const sandbox = new Sandbox();
      const o = await options(sandbox);
      await look(o);
      const store = storeAt(o.repository.commonDir);
      const record = await readScratch(store, 'base-0');
      if (record === null) throw new Error('no record');
      const old = join(o.root, '.copse-scratch/app-base-0');
      mkdirSync(dirname(old));
      sandbox.git('worktree', 'unlock', record.path);
      sandbox.git('worktree', 'move', record.path, old);
      sandbox.git('worktree', 'lock', '--reason', 'copse: checks run here', old);
      await writeScratch(store, 'base-0', { ...record, path: old, folder: '' });
      await clear(o);
      expect(existsSync(dirname(old))).toBe(false);
      expect(sandbox.git('worktree', 'list')).not.toContain('.copse-scratch');
    }
  });

  test('a record that leads out of the repository deletes nothing there', async () => {
    const sandbox = new Sandbox();
    const o = await options(sandbox);
    const mine = join(sandbox.folder, 'mine');
    write(mine, { 'a/file.txt': 'mine', 'b/file.txt': 'mine' });
    await look(o);
    const store = storeAt(o.repository.commonDir);
    const record = await readScratch(store, 'base-0');
    if (record === null) throw new Error('no record');
    for (const whole of [true, false]) {
      await writeScratch(store, 'base-0', { ...record, path: join(mine, 'a'), gitDir: join(mine, 'b'), whole });
      await free(o);
      expect(readdirSync(mine).map((name) => readdirSync(join(mine, name)))).toEqual([['file.txt'], ['file.txt']]);
    }
  });
});

describe('what a check leaves', () => {
  test.each([
    ['files', 'echo more > a.txt; echo x > new.txt; mkdir -p deep/er; touch deep/er/f'],
    ['a folder for a file and the reverse', 'rm a.txt; mkdir a.txt; touch a.txt/f; rm -r src; echo x > src'],
    ['symlinks out of it', 'rm -r src; ln -s / src; rm a.txt; ln -s /etc/passwd a.txt'],
    ['read-only folders', 'mkdir -p cache/mod; touch cache/mod/f; chmod -R a-w cache'],
    ['a repository inside', 'mkdir inner; git -C inner init -q; git -C inner commit -q --allow-empty -m x'],
    ['no .git', 'rm -r .git; touch left'],
    ['a repository of its own', 'rm -r .git; git init -q; git add .; git commit -qm x; touch left'],
    ['another HEAD', 'git checkout -q -B mine; git rm -q a.txt; git commit -qm x'],
    ['ignored files', 'echo "left*" > "$(git rev-parse --git-path info/exclude)"; touch left-over'],
  ])('%s: gone before the next', async (_, leave) => {
    const sandbox = new Sandbox();
    const o = await options(sandbox);
    const before = sandbox.state();
    const all = 'find . | sort; cat a.txt; git rev-parse --git-common-dir HEAD; git branch --show-current';
    const fresh = await look(o, all);
    await look(o, leave);
    expect(await look(o, all)).toBe(fresh);
    expect(await look(o, 'git status --porcelain')).toBe('');
    expect(sandbox.state()).toBe(before);
    await look(o, leave);
    expect(await free(o)).toBe(1);
    expect(readdirSync(o.root)).toEqual([]);
  });

  test('processes are stopped when it ends, also those that left its tree', async () => {
    const o = await options(new Sandbox());
    let marker = '';
    const pid = await withScratch(o, async (scratch) => {
      marker = scratch.marker;
      return Number(shell(scratch, 'setsid sleep 600 >/dev/null 2>&1 & echo $!'));
    });
    expect(pid).toMatchObject({ kind: 'used' });
    expect(await findByMarker(marker)).toEqual([]);
    if (pid.kind === 'used') expect(await identityOf(pid.value)).toBeNull();
  });

  test('a server that set-up starts runs in each use, and installed folders alone are kept otherwise', async () => {
    const serving = await options(new Sandbox(), { setup: ['sleep 600 >/dev/null 2>&1 & echo $! > pid'] });
    for (let twice = 0; twice < 2; twice += 1)
      expect(await look(serving, 'cat /proc/"$(cat pid)"/cmdline | tr "\\0" " "')).toBe('sleep 600');
    const quiet = await options(new Sandbox(), { setup: ['echo x >> ../set-ups'] });
    for (let twice = 0; twice < 2; twice += 1) await look(quiet);
    expect(readFileSync(join(quiet.root, 'set-ups'), 'utf8')).toBe('x\n');
  });

  test.each([
    ['a file written over, its time set back', 'echo bad > node_modules/a/f; touch -r a.txt node_modules/a/f', true],
    ['a file more', 'touch node_modules/a/more', true],
    ['a file less', 'rm node_modules/a/f', true],
    ['a link in the place of the folder', 'rm -r node_modules; ln -s /tmp node_modules', true],
    ['a copied folder', 'echo bad > data/f', true],
    ['a cache', 'mkdir -p node_modules/.cache node_modules/a/__pycache__; touch node_modules/.cache/f', false],
  ])('what is installed is made anew for the next variant if it changed: %s', async (_, change, again) => {
    const sandbox = new Sandbox({ 'a.txt': 'a\n', '.gitignore': 'node_modules\ndata\n' });
    write(sandbox.root, { 'data/f': 'data' });
    const setup = ['mkdir -p node_modules/a; echo good > node_modules/a/f; echo x >> ../set-ups'];
    const o = await options(sandbox, { pool: 'variants', copy: { entries: ['data'] }, setup });
    await look(o);
    expect(await look(o, change)).toBe('');
    expect(await look(o, 'ls node_modules/a | grep -v pycache; cat node_modules/a/f data/f; ls -A node_modules')).toBe(
      'f\ngood\ndataa',
    );
    expect(readFileSync(join(o.root, 'set-ups'), 'utf8')).toBe(again ? 'x\nx\n' : 'x\n');
  });

  test('has a port of its own that stays the same', async () => {
    const o = await options(new Sandbox());
    const port = async () => withScratch(o, async (scratch) => scratch.port);
    const first = await port();
    expect(await port()).toEqual(first);
    const other = await withScratch({ ...o, pool: 'variants' }, async (scratch) => scratch.port);
    expect(other).not.toEqual(first);
  });
});

test('git there has the sparse patterns and the configuration of the current worktree, as for a variant', async () => {
  const sandbox = new Sandbox();
  sandbox.git('sparse-checkout', 'set', 'src');
  const variant = await sandbox.worktree();
  const here = await look(await options(sandbox), 'git status --porcelain; git config --get core.sparseCheckout; ls');
  expect(here).toBe(
    `true\n${readdirSync(variant.path)
      .filter((name) => !name.startsWith('.'))
      .join('\n')}`,
  );
});
