import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runPaths } from '../../../src/store/layout.ts';
import { markerPrefix } from '../../../src/store/marker-prefix.ts';
import { MARKER_VARIABLE, startOf } from '../../../src/system/processes/process-identity.ts';
import { examine } from '../../../src/trash/removing/examine.ts';
import type { Removal } from '../../../src/trash/removing/removal.ts';
import { git, Sandbox, type Worktree } from '../../support/git-repository.ts';
import { smallDisk } from '../../support/small-disk.ts';
import { back, foreignRemoval, removalOf, take, whole } from '../../support/trash.ts';

/** A process that lives until the test ends. */
function process(cwd: string, env: Record<string, string> = {}, script = 'exec sleep 60'): Promise<void> {
  const child = spawn('sh', ['-c', `echo up; ${script}`], { cwd, env: { PATH: globalThis.process.env['PATH'] ?? '', ...env } });
  onTestFinished(() => void child.kill('SIGKILL'));
  return new Promise((resolve) => child.stdout.once('data', () => resolve()));
}

async function reasonFor(sandbox: Sandbox, removal: Removal, cwd?: string): Promise<string | null> {
  const repository = await sandbox.repository(cwd);
  const [reason] = await examine({ repository, store: await sandbox.store(), removals: [removal] });
  return reason ?? null;
}

function lock(dark: Worktree, reason: string, at?: number): void {
  const file = join(dark.handle.gitDir, 'locked');
  writeFileSync(file, `${reason}\n`);
  if (at !== undefined) utimesSync(file, at, at);
}

/** Files that look like a bare repository. */
function likeRepository(folder: string): void {
  mkdirSync(join(folder, 'objects/00'), { recursive: true });
  mkdirSync(join(folder, 'refs/heads'), { recursive: true });
  writeFileSync(join(folder, 'HEAD'), 'ref: refs/heads/main\n');
  writeFileSync(join(folder, 'objects/00/keep'), 'x\n');
  writeFileSync(join(folder, 'refs/heads/keep'), 'x\n');
}

const CASES: readonly (readonly [string, RegExp, (sandbox: Sandbox, dark: Worktree) => unknown])[] = [
  [
    'locked by a person',
    /^It is locked: mine\. Unlock it first: git worktree unlock /,
    (sandbox, dark) => {
      writeFileSync(join(dark.handle.gitDir, 'locked'), 'mine\n');
      return sandbox;
    },
  ],
  [
    'locked by an agent that lives',
    /^It is locked: claude agent a1b2 \(pid \d+\)\. Unlock it first: /,
    (_, dark) => lock(dark, `claude agent a1b2 (pid ${globalThis.process.pid})`),
  ],
  [
    'locked by an agent that lives and noted when it began, the file restored by a backup',
    /^It is locked: claude session s1 /,
    async (_, dark) => {
      const start = (await startOf(globalThis.process.pid))?.startTime;
      lock(dark, `claude session s1 (pid ${globalThis.process.pid} start ${start})`, 1);
    },
  ],
  [
    'locked by a person who names a process',
    /^It is locked: do not touch \(pid 999999999\)/,
    (_, dark) => lock(dark, 'do not touch (pid 999999999)'),
  ],
  [
    'another clone at its path',
    /Another repository is at/,
    (sandbox, dark) => {
      rmSync(dark.path, { recursive: true });
      git(sandbox.folder, 'clone', '-q', sandbox.root, dark.path);
    },
  ],
  [
    'a worktree of another clone at its path',
    /belongs to another repository or worktree now/,
    (sandbox, dark) => {
      rmSync(dark.path, { recursive: true });
      git(sandbox.folder, 'clone', '-q', sandbox.root, 'clone');
      git(join(sandbox.folder, 'clone'), 'worktree', 'add', '-q', '--detach', dark.path);
    },
  ],
  [
    'another worktree of this repository at its path',
    /Another worktree is there now|is not one of its entries/,
    (sandbox, dark) => {
      writeFileSync(join(dark.handle.gitDir, 'locked'), '');
      rmSync(dark.path, { recursive: true });
      rmSync(dark.handle.gitDir, { recursive: true });
      sandbox.git('worktree', 'add', '-q', '--detach', dark.path);
    },
  ],
  [
    'a symlink in its place',
    /Something else is at/,
    (sandbox, dark) => {
      renameSync(dark.path, `${dark.path}.moved`);
      symlinkSync(sandbox.root, dark.path);
    },
  ],
  ['its .git deleted', /\.git is gone/, (_, dark) => rmSync(join(dark.path, '.git'))],
  [
    'moved by hand',
    /Its folder was moved to .*elsewhere\. Tell git first: git worktree repair .*elsewhere$/,
    (sandbox, dark) => renameSync(dark.path, join(sandbox.folder, 'elsewhere')),
  ],
  [
    'moved by git',
    /git has it at .*elsewhere now/,
    (sandbox, dark) => {
      sandbox.git('worktree', 'unlock', dark.path);
      sandbox.git('worktree', 'move', dark.path, '../elsewhere');
    },
  ],
  [
    'a repository inside, where git ignores it',
    /Another repository is inside it, at .*vendor\/lib/,
    (_, dark) => {
      mkdirSync(join(dark.path, 'vendor/lib'), { recursive: true });
      writeFileSync(join(dark.path, '.gitignore'), 'vendor/\n');
      git(join(dark.path, 'vendor/lib'), 'init', '-q');
    },
  ],
  [
    'a fixture like a repository, with a file that git does not know',
    /Another repository is inside it, at .*fixtures\/x\/_git/,
    (_, dark) => {
      likeRepository(join(dark.path, 'fixtures/x/_git'));
      git(dark.path, 'add', '-A');
      git(dark.path, 'commit', '-qm', 'fixture');
      writeFileSync(join(dark.path, '.gitignore'), '*.idx\n');
      writeFileSync(join(dark.path, 'fixtures/x/_git/objects/00/more.idx'), 'x\n');
    },
  ],
  [
    'a repository inside a fixture like one',
    /Another repository is inside it, at .*fixtures\/_git/,
    (_, dark) => {
      likeRepository(join(dark.path, 'fixtures/_git'));
      git(dark.path, 'add', '-A');
      git(dark.path, 'commit', '-qm', 'fixture');
      git(dark.path, 'init', '-q', 'fixtures/_git/objects/real');
    },
  ],
  [
    'a bare repository inside',
    /Another repository is inside it/,
    (_, dark) => git(dark.path, 'init', '-q', '--bare', 'deep/mirror.git'),
  ],
  [
    'a worktree of ours inside',
    /is inside it\. Remove/,
    (sandbox, dark) => sandbox.git('worktree', 'add', '-q', '--detach', join(dark.path, 'inner')),
  ],
  ['a git process at work', /index\.lock/, (_, dark) => writeFileSync(join(dark.handle.gitDir, 'index.lock'), '')],
  [
    'submodules',
    /It has submodules, .* Save what you need of it, .*, with its uncommitted and ignored files: git worktree remove --force /,
    (sandbox, dark) => {
      git(dark.path, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', sandbox.root, 'sub');
    },
  ],
  ['a process with its working directory there', /A process works in it: sleep, pid \d+/, (_, dark) => process(dark.path)],
  [
    'a process with a file of it open',
    /A process works in it: sleep/,
    (_, dark) => process('/', { F: join(dark.path, 'a.txt') }, 'exec sleep 60 < "$F"'),
  ],
  [
    'its branch checked out elsewhere',
    /Branch ui\/dark is checked out in/,
    (sandbox, dark) => sandbox.git('worktree', 'add', '-q', '--force', '../again', dark.handle.branch),
  ],
];

describe('what must stay, and why', () => {
  test.each([
    ['unlock', (_: string, gitDir: string) => writeFileSync(join(gitDir, 'locked'), 'mine\n')],
    [
      'remove',
      (path: string) => git(path, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', join(path, '../app'), 'sub'),
    ],
    [
      'repair',
      (path: string) => {
        renameSync(path, `${path} moved`);
      },
    ],
    [
      'mv',
      (path: string) => {
        rmSync(path, { recursive: true });
        git('/', 'clone', '-q', join(path, '../app'), path);
      },
    ],
  ])("the command that is shown (%s) can be pasted, whatever the folder's name", async (command, arrange) => {
    const sandbox = new Sandbox();
    const path = join(sandbox.folder, "it's $mine; `now`");
    sandbox.git('worktree', 'add', '-q', '-b', 'mine', path);
    const gitDir = git(path, 'rev-parse', '--absolute-git-dir');
    const removal = { ...foreignRemoval(sandbox, path, 'mine'), worktree: { path, gitDir, nonce: null } };
    expect(await reasonFor(sandbox, removal)).toBe(null);
    arrange(path, gitDir);
    const reason = (await reasonFor(sandbox, removal)) ?? '';
    const line = /: ((?:git worktree|mv) .*)$/.exec(reason)?.[1] ?? reason;
    expect(line).toContain(command);
    execFileSync('sh', ['-c', line], { cwd: sandbox.root, stdio: 'pipe' });
    expect(await reasonFor(sandbox, removal)).not.toBe(reason);
  });

  test.each([
    ['a dead agent', (_: Sandbox, dark: Worktree) => lock(dark, 'claude agent a1b2 (pid 999999999)')],
    [
      'a dead session that noted when it began',
      (_: Sandbox, dark: Worktree) => lock(dark, 'claude session s (pid 999999999 start 12)'),
    ],
    // Its pid has been reused since: the process that has it began later.
    [
      'an agent of before the last boot',
      (_: Sandbox, dark: Worktree) => lock(dark, `claude agent a1b2 (pid ${globalThis.process.pid})`, 1_000_000_000),
    ],
    [
      'an agent of before the last boot that noted when it began',
      (_: Sandbox, dark: Worktree) => lock(dark, `claude agent a1b2 (pid ${globalThis.process.pid} start 1)`, 1_000_000_000),
    ],
  ])('fault 98: the lock of %s holds nothing back, and comes back with undo', async (_, arrange) => {
    const sandbox = new Sandbox();
    const dark = await sandbox.worktree('dark');
    arrange(sandbox, dark);
    expect(await reasonFor(sandbox, removalOf(sandbox, dark))).toBe(null);
    const before = whole(sandbox, dark.path);
    const operation = await take(sandbox, removalOf(sandbox, dark));
    expect(operation).toMatchObject({ state: 'done', items: [{ step: 'trashed' }] });
    await back(sandbox, operation);
    expect(whole(sandbox, dark.path)).toEqual(before);
  });

  test.each(['tests/fixtures/x/_git', 'repo.git'])(
    'fault 115: a fixture that git tracks whole holds nothing back: %s',
    async (folder) => {
      const sandbox = new Sandbox();
      const dark = await sandbox.worktree('dark');
      likeRepository(join(dark.path, folder));
      git(dark.path, 'add', '-A');
      git(dark.path, 'commit', '-qm', 'fixture');
      expect(await reasonFor(sandbox, removalOf(sandbox, dark))).toBe(null);
      git(join(dark.path, folder, 'refs'), 'init', '-q');
      expect(await reasonFor(sandbox, removalOf(sandbox, dark))).toMatch(/Another repository is inside it, at .*refs/);
    },
  );

  test.each(CASES)('%s', async (_, reason, arrange) => {
    const sandbox = new Sandbox();
    const dark = await sandbox.worktree('dark');
    const removal = removalOf(sandbox, dark);
    expect(await reasonFor(sandbox, removal)).toBe(null);
    await arrange(sandbox, dark);
    expect(await reasonFor(sandbox, removal)).toMatch(reason);
    const before = whole(sandbox, dark.path);
    const operation = await take(sandbox, removal);
    expect(operation).toMatchObject({ state: 'rolled-back', items: [{ step: 'kept', kept: expect.stringMatching(reason) }] });
    expect(whole(sandbox, dark.path)).toEqual(before);
  });

  test('the main worktree, whatever is said of it', async () => {
    const sandbox = new Sandbox();
    const main = {
      ...foreignRemoval(sandbox, sandbox.root, 'main'),
      worktree: { path: sandbox.root, gitDir: join(sandbox.root, '.git'), nonce: null },
    };
    expect(await reasonFor(sandbox, main)).toMatch(/main worktree/);
    const disguised = {
      ...main,
      worktree: { path: sandbox.root, gitDir: join(sandbox.root, '.git/worktrees/app'), nonce: null },
    };
    expect(await reasonFor(sandbox, disguised)).toMatch(/main worktree/);
    expect(await reasonFor(sandbox, { ...main, worktree: null })).toMatch(/Branch main is checked out in/);
  });

  test('where one stands', async () => {
    const sandbox = new Sandbox();
    const dark = await sandbox.worktree('dark');
    expect(await reasonFor(sandbox, removalOf(sandbox, dark), join(dark.path, 'src'))).toMatch(/^It is your current directory/);
  });

  test('a process of the variant that works somewhere else, by its marker', async () => {
    const sandbox = new Sandbox();
    const dark = await sandbox.worktree('dark');
    const removal = removalOf(sandbox, dark, { owner: { run: 'ui', variant: 'dark' } });
    await process('/', { [MARKER_VARIABLE]: `${markerPrefix(runPaths(await sandbox.store(), 'ui').dir, 'dark')}2` });
    expect(await reasonFor(sandbox, removal)).toMatch(/A process works in it/);
  });

  test('a branch that moved on, or that a rebase elsewhere will come back to', async () => {
    const sandbox = new Sandbox();
    sandbox.git('branch', 'alone');
    const removal = { ...foreignRemoval(sandbox, sandbox.root, 'alone'), worktree: null };
    const tree = sandbox.git('rev-parse', 'main^{tree}');
    sandbox.git('update-ref', 'refs/heads/alone', sandbox.git('commit-tree', '-m', 'More', '-p', 'main', tree));
    expect(await reasonFor(sandbox, removal)).toMatch(/Branch alone moved meanwhile/);
    sandbox.git('worktree', 'add', '-q', '../mine', 'alone');
    git(join(sandbox.folder, 'mine'), 'commit', '-q', '--allow-empty', '-m', 'x');
    expect(() => git(join(sandbox.folder, 'mine'), 'rebase', '-q', '--exec', 'false', 'main')).toThrow();
    const now = { ...removal, branch: { name: 'alone', commit: sandbox.git('rev-parse', 'alone') } };
    expect(await reasonFor(sandbox, now)).toMatch(/Branch alone is checked out in mine/);
  });

  test('fault 15: a worktree on another disk than its trash', async (context) => {
    const sandbox = new Sandbox();
    await smallDisk(context, 4096, join(sandbox.folder, 'app.worktrees/ui-dark'));
    const dark = await sandbox.worktree('dark');
    const before = whole(sandbox, dark.path);
    expect(await reasonFor(sandbox, removalOf(sandbox, dark))).toMatch(
      /on another disk than .*, with its ignored files: git worktree remove \S+ui-dark$/,
    );
    const operation = await take(sandbox, removalOf(sandbox, dark));
    expect(operation.items).toMatchObject([{ step: 'kept' }]);
    expect(whole(sandbox, dark.path)).toEqual(before);
  });

  test('fault 15: a disk mounted inside, and a trash that leads to another disk', async (context) => {
    const sandbox = new Sandbox();
    const disk = await smallDisk(context, 256);
    const dark = await sandbox.worktree('dark');
    symlinkSync(disk, join(sandbox.folder, 'app.worktrees/.copse-trash'));
    expect(await reasonFor(sandbox, removalOf(sandbox, dark))).toMatch(/is not a folder, so there is no place for the trash/);
    rmSync(join(sandbox.folder, 'app.worktrees/.copse-trash'));
    await smallDisk(context, 256, join(dark.path, 'mnt'));
    expect(await reasonFor(sandbox, removalOf(sandbox, dark))).toMatch(/Another disk is mounted in it, at .*mnt/);
    expect(existsSync(dark.path)).toBe(true);
  });

  test('a folder that may not be read', async (context) => {
    if (globalThis.process.getuid?.() === 0) return context.skip('root may read every folder');
    const sandbox = new Sandbox();
    const dark = await sandbox.worktree('dark');
    const locked = join(dark.path, 'locked');
    mkdirSync(locked, { mode: 0 });
    expect(await reasonFor(sandbox, removalOf(sandbox, dark))).toBe(
      `${locked} cannot be read, so its contents are unknown. See: ls -ld ${locked}`,
    );
    chmodSync(locked, 0o700);
    expect(await reasonFor(sandbox, removalOf(sandbox, dark))).toBeNull();
  });

  test('nothing of a worktree inside of a checkout: it goes to the trash beside the repository', async () => {
    const sandbox = new Sandbox();
    sandbox.git('worktree', 'add', '-q', '-b', 'inner', '.worktrees/inner');
    const path = join(sandbox.root, '.worktrees/inner');
    const before = whole(sandbox, path);
    const operation = await take(sandbox, foreignRemoval(sandbox, path, 'inner'));
    expect(operation.items[0]?.worktree?.trashPath).toBe(
      join(sandbox.folder, `app.worktrees/.copse-trash/${operation.id}/inner`),
    );
    expect(sandbox.git('status', '--porcelain')).toBe('');
    await back(sandbox, operation);
    expect(whole(sandbox, path)).toEqual(before);
  });
});
