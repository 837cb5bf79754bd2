import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { gitIn } from '../../src/git/spawn/git-in.ts';
import { openRepository, type Repository } from '../../src/git/spawn/repository.ts';
import { listWorktrees } from '../../src/git/worktree/worktrees.ts';
import { findByMarker } from '../../src/system/processes/process-identity.ts';
import { measureCopy } from '../../src/worktree/copy/measure-copy.ts';
import { createWorktree } from '../../src/worktree/create-worktree.ts';
import { rollBackHalfMade } from '../../src/worktree/roll-back-half-made.ts';
import { worktreeRootProblem } from '../../src/worktree/worktree-place.ts';
import { expectWhole, git, Sandbox, temporaryDirectory, write } from '../support/git-repository.ts';

const PROGRAM = new URL('../support/create-and-die.ts', import.meta.url).pathname;

function creating(sandbox: Sandbox, variant: string, failpoint: string, root = sandbox.root): ChildProcess {
  const env = { ...process.env, COPSE_FAILPOINT: failpoint };
  const child = spawn(process.execPath, [PROGRAM, root, variant, sandbox.folder], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

function ended(child: ChildProcess): Promise<NodeJS.Signals | null> {
  return new Promise((resolve) => child.on('exit', (_, signal) => resolve(signal)));
}

function intents(sandbox: Sandbox): string[] {
  const folder = join(sandbox.root, '.git/copse/v1/creating');
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** A tree of so many empty files in one commit of a bare clone: only worktrees have to write them out. */
async function manyFiles(sandbox: Sandbox, count: number): Promise<Repository> {
  const bare = join(sandbox.folder, 'bare.git');
  git(sandbox.folder, 'clone', '-q', '--bare', sandbox.root, bare);
  const files = Array.from({ length: count }, (_, i) => `M 100644 inline d${i % 100}/f${i}\ndata 0\n`).join('');
  const stream = `commit refs/heads/main\ncommitter A <a@b.c> 0 +0000\ndata 1\nx\nfrom refs/heads/main^0\n${files}\ndone\n`;
  execFileSync('git', ['fast-import', '--quiet', '--done'], { cwd: bare, input: stream });
  return openRepository(bare);
}

describe('fault 3: kill -9 while a worktree is created', () => {
  const steps = [
    'worktree-reserved',
    'worktree-intended',
    'worktree-registered',
    'worktree-populated',
    'worktree-copied',
    'worktree-recorded',
  ];

  test.each(steps)('at %s: the next creation has a whole one, nothing is left over', async (step) => {
    const sandbox = new Sandbox();
    const person = sandbox.state();
    expect(await ended(creating(sandbox, 'dark', step))).toBe('SIGKILL');
    expect(sandbox.state()).toBe(person);

    const worktree = await sandbox.worktree();
    expect(worktree.git('status', '--porcelain', '--branch')).toBe('## ui/dark');
    expect(intents(sandbox)).toEqual([]);
    const entries = readdirSync(join(sandbox.root, '.git/worktrees'));
    // A reservation of the first moment is an empty folder, which is nothing to git.
    if (step === 'worktree-reserved') sandbox.git('worktree', 'prune');
    expect(readdirSync(join(sandbox.root, '.git/worktrees'))).toHaveLength(1);
    expect(entries.length).toBeLessThanOrEqual(2);
    expect(sandbox.git('branch', '--format=%(refname:short)')).toBe('main\nui/dark');
    expect(sandbox.state()).toBe(person);
    expectWhole(sandbox);
  });

  test.each(steps)('at %s: rolled back where the run is given up, a whole one stays', async (step) => {
    const sandbox = new Sandbox();
    await ended(creating(sandbox, 'dark', step));
    await rollBackHalfMade({ repository: await sandbox.repository(), store: await sandbox.store(), run: 'ui' });
    sandbox.git('worktree', 'prune');
    const whole = step === 'worktree-recorded';
    expect(sandbox.git('branch', '--format=%(refname:short)')).toBe(whole ? 'main\nui/dark' : 'main');
    expect((await listWorktrees(gitIn(sandbox.root))).length).toBe(whole ? 2 : 1);
    expect(existsSync(join(sandbox.folder, 'app.worktrees/ui-dark'))).toBe(whole);
    expect(intents(sandbox)).toEqual([]);
  });

  test('in the middle of a large checkout, whose git goes on: it is stopped, and the next one is whole', async () => {
    const sandbox = new Sandbox();
    const repository = await manyFiles(sandbox, 20_000);
    const child = creating(sandbox, 'dark', '', repository.root);
    const exit = ended(child);
    const half = join(sandbox.folder, 'app.worktrees/ui-dark/d1');
    await expect.poll(() => existsSync(half), { interval: 2, timeout: 20_000 }).toBe(true);
    child.kill('SIGKILL');
    await exit;
    const intent: unknown = JSON.parse(readFileSync(join(repository.commonDir, 'copse/v1/creating/ui.dark.json'), 'utf8'));
    const worktree = await sandbox.worktree('dark', { repository });
    expect(worktree.git('status', '--porcelain', '--branch')).toBe('## ui/dark');
    expect(await findByMarker((intent as { nonce: string }).nonce)).toEqual([]);
    expect(readdirSync(join(repository.commonDir, 'copse/v1/creating'))).toEqual([]);
  });

  test('somebody else’s `locked: initializing` entry is left alone and does not disturb', async () => {
    const sandbox = new Sandbox();
    const entry = join(sandbox.root, '.git/worktrees/theirs');
    write(entry, { locked: 'initializing\n', gitdir: `${sandbox.folder}/theirs/.git\n` });
    const worktree = await sandbox.worktree();
    expect(worktree.git('status', '--porcelain', '--branch')).toBe('## ui/dark');
    expect(readdirSync(entry).sort()).toEqual(['gitdir', 'locked']);
  });
});

describe('fault 19: an empty commondir', () => {
  test('of somebody else’s entry stops git worktree list and add, but neither ours', async () => {
    const sandbox = new Sandbox();
    sandbox.git('worktree', 'add', '-q', '-b', 'theirs', join(sandbox.folder, 'theirs'));
    const file = join(sandbox.root, '.git/worktrees/theirs/commondir');
    writeFileSync(file, '');
    expect(() => sandbox.git('worktree', 'list')).toThrow();
    const worktree = await sandbox.worktree();
    expect(worktree.git('status', '--porcelain', '--branch')).toBe('## ui/dark');
    worktree.write({ 'x.txt': '1' });
    expect(await worktree.commit()).toMatchObject({ kind: 'committed' });
    const listed = await listWorktrees(gitIn(sandbox.root, { reads: true }));
    expect(listed.map(({ path, branch, prunable }) => [path, branch, prunable])).toEqual([
      [sandbox.root, 'main', false],
      [join(sandbox.folder, 'theirs'), 'theirs', true],
      [worktree.path, 'ui/dark', false],
    ]);
    expect(readFileSync(file, 'utf8')).toBe('');
  });

  test('of ours is mended with the next commit', async () => {
    const worktree = await new Sandbox().worktree();
    writeFileSync(join(worktree.handle.gitDir, 'commondir'), '');
    expect(await worktree.commit()).toMatchObject({ kind: 'clean' });
    expect(worktree.git('status', '--porcelain', '--branch')).toBe('## ui/dark');
  });
});

describe('fault 46: foo and foo/bar as branches', () => {
  test.each([
    ['ui', 'ui/dark'],
    ['ui/dark/more', 'ui/dark'],
  ])('%s is in the way of %s: said, nothing left behind', async (existing, wanted) => {
    const sandbox = new Sandbox();
    sandbox.git('branch', existing);
    await expect(sandbox.worktree('dark', { branch: wanted })).rejects.toMatchObject({
      code: 'branch-taken',
      exit: 3,
      message: `Branch ${wanted} cannot exist beside branch ${existing}.`,
    });
    expect(sandbox.git('branch', '--format=%(refname:short)').split('\n').sort()).toEqual(['main', existing]);
    expect(existsSync(join(sandbox.folder, 'app.worktrees/ui-dark'))).toBe(false);
  });
});

describe('fault 50: a symlink out of the repository', () => {
  test('as the worktrees’ folder: refused, nothing written where it leads', async () => {
    const sandbox = new Sandbox();
    const elsewhere = temporaryDirectory();
    symlinkSync(elsewhere, join(sandbox.folder, 'app.worktrees'));
    expect(await worktreeRootProblem(sandbox.root, join(sandbox.folder, 'app.worktrees/ui-dark'))).toContain(
      `leads to ${elsewhere}`,
    );
    await expect(sandbox.worktree()).rejects.toMatchObject({ code: 'worktree-root-outside', exit: 3 });
    expect(readdirSync(elsewhere)).toEqual([]);
    expect(sandbox.git('branch', '--format=%(refname:short)')).toBe('main');
  });

  test('that dangles as the worktrees’ folder: refused', async () => {
    const sandbox = new Sandbox();
    symlinkSync(join(sandbox.folder, 'nowhere'), join(sandbox.folder, 'app.worktrees'));
    await expect(sandbox.worktree()).rejects.toMatchObject({ code: 'worktree-root-outside' });
  });

  test.each([
    ['a file', '../../secret', '.env'],
    ['an absolute one', '/etc/hostname', '.env'],
    ['inside a folder', '../../../secret', 'cache/link'],
    ['an absolute one into the checkout, which all worktrees would share', 'ROOT/a.txt', 'cache/link'],
  ])('copied, %s: refused while planning and when copying', async (_, target, path) => {
    const sandbox = new Sandbox({ '.gitignore': '.env\ncache/\n', 'a.txt': 'a' });
    write(sandbox.folder, { secret: 's' });
    write(sandbox.root, { 'cache/file': '1' });
    symlinkSync(target.replace('ROOT', sandbox.root), join(sandbox.root, path));
    const entry = path.split('/')[0] ?? '';
    const { problems } = await measureCopy(await sandbox.repository(), [entry]);
    expect(problems).toEqual([expect.stringContaining(`${path} is a symlink to`)]);
    await expect(sandbox.worktree('dark', { copy: { entries: [entry] } })).rejects.toMatchObject({
      code: 'copy-outside',
      exit: 3,
    });
    expect(sandbox.git('branch', '--format=%(refname:short)')).toBe('main');
  });

  test('tracked, where a copy would land: nothing is written outside', async () => {
    const sandbox = new Sandbox({ '.gitignore': 'conf/\n' });
    const elsewhere = temporaryDirectory();
    symlinkSync(elsewhere, join(sandbox.root, 'conf'));
    sandbox.git('add', '-f', 'conf');
    sandbox.git('commit', '-qm', 'link');
    rmSync(join(sandbox.root, 'conf'));
    write(sandbox.root, { 'conf/local.ini': 'x' });
    await expect(sandbox.worktree('dark', { copy: { entries: ['conf/local.ini'] } })).rejects.toMatchObject({
      code: 'copy-outside',
    });
    expect(readdirSync(elsewhere)).toEqual([]);
  });
});

test('a creation beside a crashed one of another variant does not wait for it', async () => {
  const sandbox = new Sandbox();
  await ended(creating(sandbox, 'dark', 'worktree-registered'));
  const light = await sandbox.worktree('light');
  expect(light.git('status', '--porcelain', '--branch')).toBe('## ui/light');
  expect(await createWorktree(await sandbox.options('dark'))).toMatchObject({ branch: 'ui/dark' });
});
