import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { allBeside, type Beside, besideCommit } from '../../../src/git/beside/beside-commit.ts';
import type { UntrackedSnapshot } from '../../../src/git/beside/untracked-snapshot.ts';
import type { CommitOptions, CommitOutcome } from '../../../src/git/commit/commit-worktree.ts';
import { git, globalConfig, Sandbox, trap, type Worktree, write } from '../../support/git-repository.ts';

const NOTHING = { anything: false, named: [], more: 0, other: [] };

async function commitAndLook(
  worktree: Worktree,
  before: UntrackedSnapshot,
  more: Partial<CommitOptions> & { disposable?: readonly string[] } = {},
): Promise<Beside & { outcome: CommitOutcome }> {
  const { disposable = [], ...options } = more;
  const outcome = await worktree.commit({ untrackedBefore: before, ...options });
  const { repository, handle } = worktree;
  const beside = await besideCommit({
    repository,
    worktree: handle.path,
    gitDir: handle.gitDir,
    commit: outcome.commit,
    before,
    disposable,
    heldBack: outcome.heldBack,
  });
  return { ...beside, outcome };
}

describe('ignored work is named with its rule', () => {
  test('by .gitignore, below a folder that the pattern ignores', async () => {
    const worktree = await new Sandbox({ 'src/a.js': '', '.gitignore': 'lib/\n' }).worktree();
    const before = await worktree.before();
    worktree.write({ 'src/lib/util.js': '1', 'src/a.js': 'import "./lib/util.js"\n' });
    const beside = await commitAndLook(worktree, before);
    expect(beside).toMatchObject({
      anything: true,
      named: [{ path: 'src/lib/util.js', why: 'ignored', by: '.gitignore:1' }],
      more: 0,
      other: [],
    });
  });

  test('by a .gitignore further down, and by a pattern for single files', async () => {
    const worktree = await new Sandbox({ 'src/a.js': '', 'src/.gitignore': '\n*.gen.js\n' }).worktree();
    const before = await worktree.before();
    worktree.write({ 'src/x.gen.js': '1' });
    const { named } = await commitAndLook(worktree, before);
    expect(named).toEqual([{ path: 'src/x.gen.js', why: 'ignored', by: 'src/.gitignore:2' }]);
  });

  test('by core.excludesFile of the person, and by .git/info/exclude', async () => {
    const sandbox = new Sandbox();
    const excludes = join(sandbox.folder, 'my-ignores');
    writeFileSync(excludes, '# mine\nutil.js\n');
    globalConfig(`[core]\n\texcludesFile = ${excludes}\n`);
    appendFileSync(join(sandbox.root, '.git/info/exclude'), 'own.js\n');
    const line = readFileSync(join(sandbox.root, '.git/info/exclude'), 'utf8').split('\n').indexOf('own.js') + 1;
    const worktree = await sandbox.worktree();
    const before = await worktree.before();
    worktree.write({ 'util.js': '1', 'src/own.js': '2' });
    const { named } = await commitAndLook(worktree, before);
    expect(named).toEqual([
      { path: 'src/own.js', why: 'ignored', by: `.git/info/exclude:${line}` },
      { path: 'util.js', why: 'ignored', by: `${excludes}:2` },
    ]);
  });

  test('below the home folder the rule is written with ~', async () => {
    const home = process.env['HOME'] ?? '';
    expect(home).not.toBe('');
    const excludes = join(home, `ignore-${process.pid}`);
    mkdirSync(home, { recursive: true });
    writeFileSync(excludes, 'util.js\n');
    try {
      globalConfig(`[core]\n\texcludesFile = ${excludes}\n`);
      const worktree = await new Sandbox().worktree();
      const before = await worktree.before();
      worktree.write({ 'util.js': '1' });
      expect((await commitAndLook(worktree, before)).named[0]?.by).toBe(`~/ignore-${process.pid}:1`);
    } finally {
      rmSync(excludes);
    }
  });
});

describe('what copy and set-up made', () => {
  const sandbox = () => new Sandbox({ 'a.txt': 'a', '.gitignore': 'node_modules/\n.env\ngen/\n*.tmp\n' });

  test('is not the agent’s while it is as they left it', async () => {
    const worktree = await sandbox().worktree();
    worktree.write({ 'node_modules/x/index.js': '1', '.env': 'A=1', 'gen/api.js': '2', 'notes.tmp': '3', 'left.txt': '4' });
    const before = await worktree.before();
    worktree.write({ 'a.txt': 'b' });
    expect(await commitAndLook(worktree, before)).toMatchObject(NOTHING);
  });

  test('caches of tools in it do not change it', async () => {
    const worktree = await sandbox().worktree();
    worktree.write({ 'node_modules/x/index.js': '1' });
    const before = await worktree.before();
    worktree.write({ 'node_modules/.cache/babel/a.json': '1', 'node_modules/.vite/results.json': '1' });
    expect(await commitAndLook(worktree, before)).toMatchObject(NOTHING);
  });

  test.each<[string, (worktree: Worktree) => void]>([
    ['a new package', (w) => w.write({ 'node_modules/left-pad/index.js': '1' })],
    [
      'a package edited, its size and time put back',
      (w) => {
        const file = join(w.path, 'node_modules/x/index.js');
        writeFileSync(file, '2');
        utimesSync(file, 1000, 1000);
      },
    ],
    ['a package removed', (w) => rmSync(join(w.path, 'node_modules/x'), { recursive: true })],
  ])('node_modules with %s: seen, also where it is disposable', async (_, change) => {
    const worktree = await sandbox().worktree();
    worktree.write({ 'node_modules/x/index.js': '1', 'node_modules/y/index.js': '1' });
    utimesSync(join(worktree.path, 'node_modules/x/index.js'), 1000, 1000);
    const before = await worktree.before();
    change(worktree);
    const beside = await commitAndLook(worktree, before, { disposable: ['node_modules'] });
    expect(beside).toMatchObject({ anything: true, named: [], other: ['node_modules/'] });
  });

  test('of a changed folder of files only the changed ones are named', async () => {
    const worktree = await sandbox().worktree();
    worktree.write({ 'gen/api.js': '2', 'gen/types.js': '3', 'notes.tmp': '3' });
    const before = await worktree.before();
    worktree.write({ 'gen/api.js': 'edited', 'gen/deep/new.js': '4', 'notes.tmp': 'edited' });
    const { named } = await commitAndLook(worktree, before);
    expect(named.map(({ path }) => path)).toEqual(['gen/api.js', 'gen/deep/new.js', 'notes.tmp']);
  });

  test('a snapshot of an earlier version says nothing of ignored files: they are there, and nobody’s work', async () => {
    const worktree = await sandbox().worktree();
    worktree.write({ 'gen/api.js': '2', '.env': 'A=1' });
    const before: UntrackedSnapshot = { schema: 1, files: {}, repositories: [], copied: [] };
    expect(await commitAndLook(worktree, before)).toMatchObject({ anything: true, named: [], other: ['.env', 'gen/api.js'] });
  });
});

test('caches and build output are there, but not named as work; disposable output is not there', async () => {
  const worktree = await new Sandbox({
    'a.py': '',
    'packages/web/package.json': '{}',
    '.gitignore': '__pycache__/\ndist/\ntarget/\n*.log\nbuild/\n',
  }).worktree();
  const before = await worktree.before();
  worktree.write({ '__pycache__/a.pyc': '1', 'target/debug/a': '1', 'a.log': '1', 'packages/web/dist/x.js': '1' });
  const disposable = ['target'];
  expect(await commitAndLook(worktree, before, { disposable })).toMatchObject({
    anything: true,
    named: [],
    other: ['__pycache__/', 'a.log', 'packages/web/dist/'],
  });
  // A folder of that name where no project begins may hold sources.
  worktree.write({ 'packages/src/build/plan.py': '1' });
  const { named } = await commitAndLook(worktree, before, { disposable });
  expect(named).toEqual([{ path: 'packages/src/build/plan.py', why: 'ignored', by: '.gitignore:5' }]);
});

test('held back: a secret by its name, with its reason', async () => {
  const worktree = await new Sandbox().worktree();
  const before = await worktree.before();
  worktree.write({ 'test/server.pem': 'k' });
  const { anything, named } = await commitAndLook(worktree, before);
  expect({ anything, named }).toEqual({ anything: true, named: [{ path: 'test/server.pem', why: 'secret-name', by: null }] });
});

test('a tracked file that changes after the commit', async () => {
  const worktree = await new Sandbox().worktree();
  const before = await worktree.before();
  worktree.write({ 'a.txt': 'b' });
  const { outcome, anything } = await commitAndLook(worktree, before);
  expect(anything).toBe(false);
  worktree.write({ 'a.txt': 'c' });
  // Files that the worktree's own index hides count as well.
  worktree.git('update-index', '--assume-unchanged', 'a.txt');
  const { repository, handle } = worktree;
  const o = { repository, worktree: handle.path, gitDir: handle.gitDir, commit: outcome.commit, before, disposable: [] };
  expect((await besideCommit(o)).named).toEqual([{ path: 'a.txt', why: 'not-committed', by: null }]);
});

describe('a nested repository', () => {
  test('of the agent', async () => {
    const worktree = await new Sandbox({ a: '', '.gitignore': 'cache/\n' }).worktree();
    const before = await worktree.before();
    for (const folder of ['tool', 'cache/other']) {
      worktree.write({ [`${folder}/f`]: '1' });
      git(join(worktree.path, folder), 'init', '-q');
    }
    const { named, outcome, ...rest } = await commitAndLook(worktree, before);
    expect(named.map(({ path, why }) => [path, why])).toEqual([
      ['cache/other', 'nested-repository'],
      ['tool', 'nested-repository'],
    ]);
    expect(allBeside(outcome.heldBack, { ...rest, named })).toEqual(named);
  });

  test('of set-up: news once a file in it changes, or a commit is made in it', async () => {
    const worktree = await new Sandbox().worktree();
    worktree.write({ 'tool/f': '1' });
    const tool = join(worktree.path, 'tool');
    git(tool, 'init', '-q');
    git(tool, 'add', '-A');
    git(tool, 'commit', '-qm', 'one');
    const before = await worktree.before();
    git(tool, 'status');
    expect(await commitAndLook(worktree, before)).toMatchObject(NOTHING);
    git(tool, 'commit', '-q', '--allow-empty', '-m', 'two');
    const named = [{ path: 'tool', why: 'nested-repository', by: null }];
    expect((await commitAndLook(worktree, before)).named).toEqual(named);
    const between = await worktree.before();
    worktree.write({ 'tool/f': '2' });
    expect((await commitAndLook(worktree, between)).named).toEqual(named);
  });
});

describe('a submodule', () => {
  async function withSubmodule(): Promise<{ worktree: Worktree; sub: string }> {
    const library = new Sandbox({ 'lib.txt': '1', '.gitignore': 'out/\n' });
    const sandbox = new Sandbox();
    sandbox.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library.root, 'vendor/sub');
    sandbox.git('commit', '-qm', 'sub');
    const worktree = await sandbox.worktree();
    return { worktree, sub: join(worktree.path, 'vendor/sub') };
  }
  const fill = (worktree: Worktree): string =>
    worktree.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'update', '--init');

  test('empty, or filled by set-up: nothing; filled by the agent: there, and no work', async () => {
    const { worktree } = await withSubmodule();
    const empty = await worktree.before();
    expect(await commitAndLook(worktree, empty)).toMatchObject(NOTHING);
    fill(worktree);
    expect(await commitAndLook(worktree, await worktree.before())).toMatchObject(NOTHING);
    expect(await commitAndLook(worktree, empty)).toMatchObject({ anything: true, named: [], other: ['vendor/sub/'] });
  });

  test('with a file edited and one added', async () => {
    const { worktree, sub } = await withSubmodule();
    fill(worktree);
    const before = await worktree.before();
    write(sub, { 'lib.txt': '2', 'new.txt': '3' });
    const { named } = await commitAndLook(worktree, before);
    expect(named).toEqual([
      { path: 'vendor/sub/lib.txt', why: 'submodule', by: 'vendor/sub' },
      { path: 'vendor/sub/new.txt', why: 'submodule', by: 'vendor/sub' },
    ]);
  });

  test('with a commit inside: its files, and the submodule itself only once', async () => {
    const { worktree, sub } = await withSubmodule();
    fill(worktree);
    const before = await worktree.before();
    write(sub, { 'lib.txt': '2' });
    git(sub, 'commit', '-qam', 'two');
    const { outcome, ...beside } = await commitAndLook(worktree, before);
    expect(allBeside(outcome.heldBack, beside)).toEqual([{ path: 'vendor/sub/lib.txt', why: 'submodule', by: 'vendor/sub' }]);
    expect(outcome.kind).toBe('clean');
  });

  test('with HEAD moved and no file changed', async () => {
    const { worktree, sub } = await withSubmodule();
    fill(worktree);
    const before = await worktree.before();
    git(sub, 'commit', '-q', '--allow-empty', '-m', 'two');
    expect((await commitAndLook(worktree, before)).named).toEqual([{ path: 'vendor/sub', why: 'submodule', by: null }]);
  });

  test('whose configuration names programs: none of them runs', async () => {
    const { worktree, sub } = await withSubmodule();
    fill(worktree);
    const before = await worktree.before();
    const { command, sprung } = trap(worktree.repository.root, 'filter');
    for (const key of ['core.fsmonitor', 'filter.evil.clean', 'core.hooksPath', 'diff.external'])
      git(sub, 'config', key, command);
    write(sub, { '.gitattributes': '* filter=evil\n', 'lib.txt': '2' });
    const { named } = await commitAndLook(worktree, before);
    expect(named.map(({ path }) => path)).toEqual(['vendor/sub/.gitattributes', 'vendor/sub/lib.txt']);
    expect(sprung()).toBe(false);
  });

  test('whose .git leads to another repository is named as a whole, and that one is not looked at', async () => {
    const { worktree, sub } = await withSubmodule();
    fill(worktree);
    const before = await worktree.before();
    const elsewhere = new Sandbox();
    writeFileSync(join(sub, '.git'), `gitdir: ${elsewhere.root}/.git\n`);
    expect((await commitAndLook(worktree, before)).named).toEqual([{ path: 'vendor/sub', why: 'submodule', by: null }]);
    expect(elsewhere.git('status', '--porcelain')).toBe('');
  });
});

describe('ignored files that are committed all the same', () => {
  test('those that commit.allow names, but not what set-up left', async () => {
    const worktree = await new Sandbox({ a: '', '.gitignore': 'lib/\n*.gen.js\n' }).worktree();
    worktree.write({ 'src/lib/old.js': '0' });
    const before = await worktree.before();
    worktree.write({ 'src/lib/util.js': '1', 'src/lib/[x].js': '2', 'deep/er/a.gen.js': '3', 'b.gen.js': '4' });
    const { outcome, named } = await commitAndLook(worktree, before, { allow: ['src/lib/**', 'a.gen.js'] });
    expect(Object.keys(worktree.files(outcome.commit))).toEqual([
      '.gitignore',
      'a',
      'deep/er/a.gen.js',
      'src/lib/[x].js',
      'src/lib/util.js',
    ]);
    expect(named.map(({ path }) => path)).toEqual(['b.gen.js']);
  });

  test('those that the agent staged by force, but no secret and no installed package', async () => {
    const worktree = await new Sandbox({ a: '', '.gitignore': 'lib/\n.env\nnode_modules/\n' }).worktree();
    const before = await worktree.before();
    worktree.write({ 'src/lib/util.js': '1', '.env': 'A=1', 'node_modules/x/index.js': '1' });
    worktree.git('add', '-f', '.');
    const { outcome, named, other } = await commitAndLook(worktree, before);
    expect(Object.keys(worktree.files(outcome.commit))).toEqual(['.gitignore', 'a', 'src/lib/util.js']);
    expect(outcome.heldBack).toEqual([{ path: '.env', why: 'secret-name', by: null }]);
    expect({ named: named.map(({ path }) => path), other }).toEqual({ named: ['.env'], other: ['node_modules/'] });
  });

  test('an index that makes no sense stages nothing', async () => {
    const worktree = await new Sandbox({ a: '', '.gitignore': 'lib/\n' }).worktree();
    const before = await worktree.before();
    worktree.write({ 'lib/util.js': '1', 'b.txt': '2' });
    writeFileSync(join(worktree.handle.gitDir, 'index'), 'no index');
    const { outcome } = await commitAndLook(worktree, before);
    expect(Object.keys(worktree.files(outcome.commit))).toEqual(['.gitignore', 'a', 'b.txt']);
  });
});

describe('hostile content', () => {
  test('names with control bytes, with quotes, that are not UTF-8, and symlinks that lead outside', async () => {
    const worktree = await new Sandbox({ a: '', '.gitignore': 'lib/\n*.x\n' }).worktree();
    const before = await worktree.before();
    worktree.write({ 'lib/a\n\u001b[2J"b': '1', 'src/-n\t.x': '2' });
    writeFileSync(Buffer.concat([Buffer.from(`${worktree.path}/lib/`), Buffer.from([0xff, 0xfe])]), '3');
    symlinkSync('/', join(worktree.path, 'lib/root'));
    const { named } = await commitAndLook(worktree, before);
    expect(named).toEqual([
      { path: 'lib/a\n\u001b[2J"b', why: 'ignored', by: '.gitignore:1' },
      { path: 'lib/root', why: 'ignored', by: '.gitignore:1' },
      { path: 'lib/\ufffd\ufffd', why: 'ignored', by: '.gitignore:1' },
      { path: 'src/-n\t.x', why: 'ignored', by: '.gitignore:2' },
    ]);
  });

  test('named pipes among ignored files keep nobody waiting', async () => {
    const worktree = await new Sandbox({ a: '', '.gitignore': 'lib/\n*.pipe\n' }).worktree();
    mkdirSync(join(worktree.path, 'lib'));
    execFileSync('mkfifo', [join(worktree.path, 'lib/p'), join(worktree.path, 'own.pipe')]);
    const before = await worktree.before();
    expect(await commitAndLook(worktree, before)).toMatchObject({ named: [] });
    execFileSync('mkfifo', [join(worktree.path, 'lib/q')]);
    expect((await commitAndLook(worktree, before)).named.map(({ path }) => path)).toContain('lib/q');
  });

  test('50,000 ignored files: few are named, the others counted', async () => {
    const worktree = await new Sandbox({ a: '', '.gitignore': 'data/\n*.part\n' }).worktree();
    const before = await worktree.before();
    mkdirSync(join(worktree.path, 'data'));
    for (let i = 0; i < 30_000; i += 1) writeFileSync(join(worktree.path, 'data', `${i}`), '');
    for (let i = 0; i < 20_000; i += 1) writeFileSync(join(worktree.path, `${i}.part`), '');
    const beside = await commitAndLook(worktree, before);
    expect(beside.named).toHaveLength(20);
    expect(beside.named.length + beside.more).toBe(20_001);
    const filled = await worktree.before();
    expect(await commitAndLook(worktree, filled)).toMatchObject(NOTHING);
  });
});
