import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { commitTree, mergeTrees } from '../../../src/git/merging/merge-tree.ts';
import { distrustedGit, objectsGit } from '../../../src/git/spawn/git-in.ts';
import { resetWorktree } from '../../../src/git/worktree/reset-worktree.ts';
import { worktreeStatus } from '../../../src/git/worktree/worktree-status.ts';
import { CopseError } from '../../../src/model/errors.ts';
import { expectWhole, git, globalConfig, Sandbox, trap, type Worktree } from '../../support/git-repository.ts';

let sandbox: Sandbox;
let worktree: Worktree;
let trapped: ReturnType<typeof trap>;
let config: string;

beforeEach(async () => {
  sandbox = new Sandbox();
  worktree = await sandbox.worktree();
  trapped = trap(sandbox.folder, 'trap');
  config = join(worktree.repository.commonDir, 'config');
  worktree.write({ 'x.txt': '1\n', 'a.txt': 'changed\n' });
});

/** Every way in which copse runs git on a worktree after an agent was there. */
async function everything(): Promise<Awaited<ReturnType<Worktree['commit']>>> {
  const { repository, handle } = worktree;
  const place = { gitDir: handle.gitDir, workTree: handle.path, commonDir: repository.commonDir };
  // Time differs, so that git has to look into the file.
  touch('b.txt');
  await worktreeStatus(distrustedGit(place)).catch((error: unknown) => {
    // A HEAD that leads nowhere: no status, but nothing ran either.
    if (!(error instanceof CopseError)) throw error;
  });
  await worktree.before();
  touch('b.txt');
  const outcome = await worktree.commit();
  const git = objectsGit(repository.commonDir);
  const tree = `${outcome.commit}^{tree}`;
  const [left, right] = await Promise.all(
    ['l', 'r'].map((message) => commitTree(git, { tree, parents: [handle.start], message })),
  );
  await mergeTrees(git, null, left ?? '', right ?? '');
  await mergeTrees(git, handle.start, left ?? '', right ?? '');
  await resetWorktree({ repository, worktree: handle.path, gitDir: handle.gitDir, branch: handle.branch, to: handle.start });
  return outcome;
}

function touch(name: string): void {
  const path = join(worktree.path, name);
  if (!existsSync(path)) return;
  const { atimeMs, mtimeMs } = statSync(path);
  utimesSync(path, atimeMs / 1000, mtimeMs / 1000 + 5);
}

/** Plain git there, to prove that each trap is one. */
function plainly(...args: string[]): void {
  try {
    git(worktree.path, ...args);
  } catch {
    // A trap may well make git fail; whether it sprang is what counts.
  }
}

/** Plain git falls into the trap there, so that it is known to be one; then it is set again. */
function expectTrap(...args: string[]): void {
  plainly(...args);
  expect(trapped.sprung()).toBe(true);
  if (args[0] === 'add') plainly('reset', '-q');
  rmSync(trapped.proof);
}

/** Copse does everything, and does not fall into it. */
async function expectUntrapped(): ReturnType<typeof everything> {
  const outcome = await everything();
  expect(trapped.sprung()).toBe(false);
  return outcome;
}

describe('nothing that an agent configured runs', () => {
  const settings: readonly (readonly [name: string, config: (command: string) => string, attributes: string])[] = [
    ['a clean filter', (c) => `[filter "x"]\n\tclean = ${c}\n\trequired = true\n`, '* filter=x\n'],
    ['a process filter', (c) => `[filter "x"]\n\tprocess = ${c}\n`, '* filter=x\n'],
    ['a smudge filter', (c) => `[filter "x"]\n\tsmudge = ${c}\n\tclean = ${c}\n`, '* filter=x\n'],
    ['an fsmonitor', (c) => `[core]\n\tfsmonitor = ${c}\n`, ''],
  ];

  test.each(settings)('%s in the shared config', async (_, text, attributes) => {
    appendFileSync(config, text(trapped.command));
    worktree.write({ '.gitattributes': attributes });
    expectTrap('add', '-A');
    const outcome = await expectUntrapped();
    expect(worktree.files(outcome.commit)).toMatchObject({ 'x.txt': '1', 'a.txt': 'changed' });
    expectWhole(sandbox);
  });

  test('what appeared in the configuration is said', async () => {
    appendFileSync(config, `[filter "x"]\n\tclean = ${trapped.command}\n`);
    const { notes } = await worktree.commit();
    expect(notes).toEqual([expect.stringContaining('filter.x.clean names a program')]);
  });

  test('attributes in info/attributes', async () => {
    appendFileSync(
      config,
      `[filter "x"]\n\tclean = ${trapped.command}\n[merge "x"]\n\tdriver = ${trapped.command} %A\n[diff "x"]\n\ttextconv = ${trapped.command}\n`,
    );
    writeFileSync(join(worktree.repository.commonDir, 'info/attributes'), '* filter=x merge=x diff=x\n');
    expectTrap('add', '-A');
    await expectUntrapped();
  });

  test('the worktree’s own configuration', async () => {
    appendFileSync(config, '[extensions]\n\tworktreeConfig = true\n');
    writeFileSync(
      join(worktree.handle.gitDir, 'config.worktree'),
      `[filter "x"]\n\tclean = ${trapped.command}\n[core]\n\tfsmonitor = ${trapped.command}\n`,
    );
    worktree.write({ '.gitattributes': '* filter=x\n' });
    expectTrap('add', '-A');
    await expectUntrapped();
  });

  test('an included file', async () => {
    writeFileSync(
      join(worktree.path, 'more.config'),
      `[filter "x"]\n\tclean = ${trapped.command}\n[core]\n\tfsmonitor = ${trapped.command}\n`,
    );
    appendFileSync(config, `[include]\n\tpath = ${join(worktree.path, 'more.config')}\n`);
    worktree.write({ '.gitattributes': '* filter=x\n' });
    expectTrap('add', '-A');
    await expectUntrapped();
  });

  test('hooks, wherever core.hooksPath points', async () => {
    const hooks = join(worktree.path, 'hooks');
    for (const folder of [hooks, join(worktree.repository.commonDir, 'hooks')]) {
      mkdirSync(folder, { recursive: true });
      for (const name of [
        'pre-commit',
        'post-checkout',
        'reference-transaction',
        'post-index-change',
        'post-commit',
        'prepare-commit-msg',
      ]) {
        writeFileSync(join(folder, name), `#!/bin/sh\necho ${name} >> '${trapped.proof}'\n`);
        chmodSync(join(folder, name), 0o755);
      }
    }
    expectTrap('update-ref', 'refs/heads/proof', 'HEAD');
    await everything();
    appendFileSync(config, '[core]\n\thooksPath = hooks\n');
    await expectUntrapped();
  });

  test('a .git file that leads to a repository of the agent’s, which is mended', async () => {
    const own = join(worktree.path, '.own');
    git(worktree.path, 'init', '-q', '--bare', own);
    appendFileSync(join(own, 'config'), `[core]\n\tfsmonitor = ${trapped.command}\n\tbare = false\n`);
    writeFileSync(join(worktree.path, '.git'), `gitdir: ${own}\n`);
    expectTrap('status');
    const outcome = await expectUntrapped();
    expect(outcome.notes).toContain("The worktree's .git file had been changed; it was restored.");
    expect(worktree.git('rev-parse', '--abbrev-ref', 'HEAD')).toBe('ui/dark');
  });

  test.each(['deleted', 'a symlink', 'a folder'])('a .git file that is %s', async (what) => {
    const own = join(sandbox.folder, 'own');
    git(sandbox.folder, 'init', '-q', own);
    appendFileSync(join(own, '.git/config'), `[core]\n\tfsmonitor = ${trapped.command}\n`);
    const file = join(worktree.path, '.git');
    rmSync(file);
    if (what === 'a symlink') symlinkSync(join(own, '.git'), file);
    if (what === 'a folder') {
      git(worktree.path, 'init', '-q');
      appendFileSync(join(file, 'config'), `[core]\n\tfsmonitor = ${trapped.command}\n`);
    }
    const outcome = await expectUntrapped();
    expect(worktree.files(outcome.commit)).toMatchObject({ 'x.txt': '1' });
    expect(outcome.notes).toHaveLength(1);
    if (what !== 'a folder') expect(readFileSync(file, 'utf8')).toBe(`gitdir: ${worktree.handle.gitDir}\n`);
  });

  test('a commondir that leads to a repository of the agent’s, which is mended', async () => {
    const own = join(sandbox.folder, 'own');
    git(sandbox.folder, 'init', '-q', own);
    appendFileSync(join(own, '.git/config'), `[core]\n\tfsmonitor = ${trapped.command}\n`);
    writeFileSync(join(worktree.handle.gitDir, 'commondir'), `${join(own, '.git')}\n`);
    const outcome = await expectUntrapped();
    expect(worktree.inRepository('cat-file', '-t', outcome.commit)).toBe('commit');
    expect(outcome.notes).toContain("The worktree's commondir file had been changed; it was restored.");
  });

  test('a promisor remote that would be asked for missing objects', async () => {
    appendFileSync(
      config,
      `[extensions]\n\tpartialClone = evil\n[remote "evil"]\n\turl = ext::${trapped.command}\n\tpromisor = true\n\tuploadpack = ${trapped.command}\n[protocol]\n\tallow = always\n[protocol "ext"]\n\tallow = always\n`,
    );
    sandbox.git('config', 'core.repositoryFormatVersion', '1');
    const missing = '1234567890123456789012345678901234567890';
    expectTrap('cat-file', '-p', missing);
    writeFileSync(join(worktree.handle.gitDir, 'HEAD'), `${missing}\n`);
    await expectUntrapped();
  });

  test('the configuration of a submodule', async () => {
    const library = join(sandbox.folder, 'library');
    git(sandbox.folder, 'init', '-q', library);
    git(library, 'commit', '-q', '--allow-empty', '-m', 'x');
    sandbox.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'sub');
    sandbox.git('commit', '-qm', 'submodule');
    worktree = await sandbox.worktree('light', { repository: await sandbox.repository() });
    worktree.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'update', '--init');
    const sub = join(worktree.path, 'sub');
    git(sub, 'config', 'filter.x.clean', trapped.command);
    writeFileSync(join(sub, 'f'), '1');
    git(sub, 'add', 'f');
    git(sub, 'commit', '-qm', 'f');
    writeFileSync(join(sub, '.gitattributes'), '* filter=x\n');
    writeFileSync(join(sub, 'f'), '2');
    rmSync(trapped.proof, { force: true });
    expectTrap('status');
    const outcome = await expectUntrapped();
    expect(outcome.heldBack).toEqual([{ path: 'sub', why: 'submodule', by: null }]);
  });

  test('our own copy of the configuration, rewritten on disk', async () => {
    const shadow = join(worktree.repository.commonDir, 'copse/v1/worktrees/ui-dark/config');
    writeFileSync(shadow, `[filter "x"]\n\tclean = ${trapped.command}\n`);
    worktree.write({ '.gitattributes': '* filter=x\n' });
    await expectUntrapped();
  });

  test('a worktree made after an agent of the same run wrote to the configuration', async () => {
    appendFileSync(config, `[filter "x"]\n\tclean = ${trapped.command}\n\tsmudge = ${trapped.command}\n`);
    worktree.write({ '.gitattributes': '* filter=x\n' });
    const { commit } = await worktree.commit();
    worktree = await sandbox.worktree('docs', { start: commit });
    expect(trapped.sprung()).toBe(false);
    worktree.write({ 'y.txt': '2' });
    await expectUntrapped();
  });

  test('a program of the worktree on a relative PATH', async () => {
    const path = process.env['PATH'];
    worktree.write({ 'bin/git': `#!/bin/sh\necho git >> '${trapped.proof}'\n` });
    chmodSync(join(worktree.path, 'bin/git'), 0o755);
    const cwd = process.cwd();
    process.chdir(worktree.path);
    process.env['PATH'] = `bin:.:${path ?? ''}`;
    try {
      await everything();
    } finally {
      process.chdir(cwd);
      process.env['PATH'] = path;
    }
    expect(trapped.sprung()).toBe(false);
  });
});

describe('nothing that an agent put in the way', () => {
  test('moves the person’s branch: its own made symbolic', async () => {
    const person = sandbox.git('rev-parse', 'main');
    worktree.git('symbolic-ref', 'refs/heads/ui/dark', 'refs/heads/main');
    const { commit } = await worktree.commit();
    expect(sandbox.git('rev-parse', 'main')).toBe(person);
    expect(worktree.inRepository('rev-parse', 'ui/dark')).toBe(commit);
    expect(() => worktree.git('symbolic-ref', 'refs/heads/ui/dark')).toThrow();
  });

  test('changes what a commit is: refs/replace', async () => {
    worktree.git('replace', 'HEAD', worktree.git('commit-tree', '-m', 'fake', 'HEAD^{tree}'));
    const { commit } = await worktree.commit();
    expect(worktree.inRepository('--no-replace-objects', 'rev-parse', `${commit}^`)).toBe(worktree.handle.start);
    expect(worktree.files(commit)).toMatchObject({ 'x.txt': '1' });
  });

  test.each(['HEAD', 'index', 'commondir', 'info/sparse-checkout', 'gitdir'])(
    'keeps us waiting: %s is a named pipe',
    async (name) => {
      const path = join(worktree.handle.gitDir, name);
      rmSync(path, { force: true });
      mkdirSync(dirname(path), { recursive: true });
      execFileSync('mkfifo', [path]);
      const { commit } = await worktree.commit();
      expect(worktree.files(commit)).toMatchObject({ 'x.txt': '1' });
    },
  );

  test('keeps us waiting: files that are named pipes or sockets', async () => {
    execFileSync('mkfifo', [join(worktree.path, 'pipe'), join(worktree.path, '.env')]);
    rmSync(join(worktree.path, 'b.txt'));
    execFileSync('mkfifo', [join(worktree.path, 'b.txt')]);
    const { commit } = await worktree.commit({ secretValues: ['something long'] });
    expect(worktree.files(commit)).toMatchObject({ 'x.txt': '1', 'a.txt': 'changed' });
  });

  test('hides work: the repository’s info/exclude', async () => {
    writeFileSync(join(worktree.repository.commonDir, 'info/exclude'), '*\n');
    const { commit } = await worktree.commit();
    expect(worktree.files(commit)).toMatchObject({ 'x.txt': '1' });
  });

  test('hides work: sparse patterns of its own delete nothing', async () => {
    worktree.git('sparse-checkout', 'set', 'nowhere');
    expect(existsSync(join(worktree.path, 'src/c.txt'))).toBe(false);
    const { commit } = await worktree.commit();
    expect(worktree.files(commit)).toMatchObject({ 'src/c.txt': 'c', 'a.txt': 'changed' });
  });

  test('runs a tracked file’s filter while looking', async () => {
    globalConfig('[filter "own"]\n\tclean = sh tools/clean.sh\n');
    sandbox.commit({ '.gitattributes': '*.own filter=own\n', 'f.own': 'x\n', 'tools/clean.sh': 'cat\n' });
    const repository = await sandbox.repository();
    worktree = await sandbox.worktree('own', { repository, start: repository.headCommit ?? '', branch: 'two/own', run: 'two' });
    worktree.write({ 'tools/clean.sh': readFileSync(trapped.command), 'f.own': 'y\n', 'b.txt': 'B\n' });
    const outcome = await expectUntrapped();
    expect(outcome.notes).toEqual([expect.stringContaining('f.own is not committed')]);
    expect(worktree.files(outcome.commit)).toMatchObject({ 'f.own': 'x', 'b.txt': 'B' });
  });
});

describe('what the person configured runs', () => {
  test('a global filter such as git-lfs’s cleans what is committed', async () => {
    globalConfig(`[filter "lfs"]\n\tclean = sed s/^/pointer:/\n\tsmudge = sed s/^pointer://\n\trequired = true\n`);
    worktree.write({ '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n', 'big.bin': 'content\n' });
    const { commit, notes } = await worktree.commit();
    expect(notes).toEqual([]);
    expect(worktree.files(commit)['big.bin']).toBe('pointer:content');
    expect(worktree.git('status', '--porcelain')).toBe('');
  });

  test('a filter that the repository had before the run', async () => {
    sandbox.git('config', 'filter.upper.clean', 'tr a-z A-Z');
    sandbox.git('config', 'filter.upper.smudge', 'tr A-Z a-z');
    sandbox.commit({ '.gitattributes': '*.low filter=upper\n', 'one.low': 'abc\n' });
    const repository = await sandbox.repository();
    worktree = await sandbox.worktree('one', {
      repository,
      start: repository.headCommit ?? '',
      run: 'second',
      branch: 'second/one',
    });
    expect(readFileSync(join(worktree.path, 'one.low'), 'utf8')).toBe('abc\n');
    worktree.write({ 'two.low': 'def\n' });
    const { commit } = await worktree.commit();
    expect(worktree.files(commit)).toMatchObject({ 'one.low': 'ABC', 'two.low': 'DEF' });
    expect(worktree.git('status', '--porcelain')).toBe('');
  });

  test('but not one whose command is a file of the worktree, which is said', async () => {
    globalConfig(`[filter "own"]\n\tclean = sh tools/clean.sh\n`);
    worktree.write({ '.gitattributes': '*.own filter=own\n', 'f.own': 'x\n', 'tools/clean.sh': readFileSync(trapped.command) });
    const { commit, notes } = await worktree.commit();
    expect(trapped.sprung()).toBe(false);
    expect(notes).toEqual(['f.own is not committed: its filter own runs a file that the agent could change.']);
    expect(Object.keys(worktree.files(commit))).not.toContain('f.own');
    expect(Object.keys(worktree.files(commit))).toContain('x.txt');
  });

  test('line endings as the repository has them', async () => {
    sandbox.git('config', 'core.autocrlf', 'input');
    worktree = await sandbox.worktree('crlf', { run: 'second', branch: 'second/crlf' });
    worktree.write({ 'dos.txt': 'one\r\ntwo\r\n' });
    const { commit } = await worktree.commit();
    expect(worktree.files(commit)['dos.txt']).toBe('one\ntwo');
  });
});
