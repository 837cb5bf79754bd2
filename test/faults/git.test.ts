import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { changesBetween } from '../../src/git/objects/changes.ts';
import { listRefs, resolveCommit, updateRefs } from '../../src/git/refs/refs.ts';
import { gitIn } from '../../src/git/spawn/git-in.ts';
import { openRepository } from '../../src/git/spawn/repository.ts';
import { worktreeStatus } from '../../src/git/worktree/worktree-status.ts';
import { expectWhole, git, globalConfig, Sandbox, temporaryDirectory, write } from '../support/git-repository.ts';

const READS = { reads: true };

/** Sets variables for one test. */
function exported(variables: Readonly<Record<string, string | undefined>>): void {
  const before = Object.fromEntries(Object.keys(variables).map((name) => [name, process.env[name]]));
  const set = (all: Readonly<Record<string, string | undefined>>): void => {
    for (const [name, value] of Object.entries(all)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
  set(variables);
  onTestFinished(() => set(before));
}

/** Counts how often git failed since. */
function refusals(): () => number {
  const folder = temporaryDirectory();
  const failures = join(folder, 'failures');
  const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  writeFileSync(join(folder, 'git'), `#!/bin/sh\n'${real}' "$@" && exit\nstatus=$?\necho >> '${failures}'\nexit $status\n`);
  chmodSync(join(folder, 'git'), 0o755);
  exported({ PATH: `${folder}:${process.env['PATH'] ?? ''}` });
  return () => (existsSync(failures) ? readFileSync(failures).length : 0);
}

describe('fault 16: a held index.lock', () => {
  test('in the person’s checkout does not matter to creating and committing', async () => {
    const sandbox = new Sandbox();
    writeFileSync(join(sandbox.root, '.git/index.lock'), '');
    const worktree = await sandbox.worktree();
    worktree.write({ 'x.txt': '1' });
    expect(await worktree.commit()).toMatchObject({ kind: 'committed', notes: [] });
    expect(existsSync(join(sandbox.root, '.git/index.lock'))).toBe(true);
  });

  test('in the worktree, left by a killed git: committed all the same, said, never deleted', async () => {
    const worktree = await new Sandbox().worktree();
    const lock = join(worktree.handle.gitDir, 'index.lock');
    writeFileSync(lock, '');
    worktree.write({ 'x.txt': '1' });
    const outcome = await worktree.commit();
    expect(outcome).toMatchObject({ kind: 'committed', notes: [expect.stringContaining('index.lock is held')] });
    expect(Object.keys(worktree.files(outcome.commit))).toContain('x.txt');
    expect(existsSync(lock)).toBe(true);
  });
});

describe.each([
  ['fault 17: a held config.lock', 'config.lock', ['config', 'copse.test', '1']],
  ['fault 18: a held packed-refs.lock', 'packed-refs.lock', ['pack-refs', '--all']],
])('%s', (_, name, command) => {
  test('that is released in time is waited for', async () => {
    const sandbox = new Sandbox();
    const lock = join(sandbox.root, '.git', name);
    writeFileSync(lock, '');
    const refused = refusals();
    const run = gitIn(sandbox.root).run(command);
    await expect.poll(refused, { interval: 5, timeout: 20_000 }).toBeGreaterThan(0);
    rmSync(lock);
    await run;
  });

  test('that stays ends in a clear error and is never deleted; creating and committing need it not', async () => {
    const sandbox = new Sandbox();
    const lock = join(sandbox.root, '.git', name);
    writeFileSync(lock, '');
    const worktree = await sandbox.worktree();
    worktree.write({ 'x.txt': '1' });
    expect(await worktree.commit()).toMatchObject({ kind: 'committed' });
    await expect(gitIn(sandbox.root).run(command)).rejects.toMatchObject({
      code: 'git-locked',
      exit: 3,
      hint: expect.stringMatching(/delete (?:it|the file)/),
    });
    expect(readFileSync(lock, 'utf8')).toBe('');
    rmSync(lock);
    expectWhole(sandbox);
  });
});

describe('fault 18: a held packed-refs.lock', () => {
  test('a branch that is packed cannot be deleted meanwhile, and is afterwards', async () => {
    const sandbox = new Sandbox();
    sandbox.git('branch', 'old');
    sandbox.git('pack-refs', '--all');
    const lock = join(sandbox.root, '.git/packed-refs.lock');
    writeFileSync(lock, '');
    const from = sandbox.git('rev-parse', 'old');
    const refused = refusals();
    const deleting = updateRefs(gitIn(sandbox.root), [{ ref: 'refs/heads/old', to: null, from }]);
    await expect.poll(refused, { interval: 5, timeout: 20_000 }).toBeGreaterThan(0);
    expect(await resolveCommit(gitIn(sandbox.root, READS), 'old')).toBe(from);
    rmSync(lock);
    await deleting;
    expect(await resolveCommit(gitIn(sandbox.root, READS), 'old')).toBeNull();
  });
});

describe('fault 38: an agent writes a .env', () => {
  test('not committed, reported, the file is where it was', async () => {
    const worktree = await new Sandbox().worktree();
    worktree.write({ '.env': 'KEY=1', 'sub/.env.production': 'KEY=2', 'x.txt': '1' });
    const outcome = await worktree.commit();
    expect(outcome.heldBack).toEqual([
      { path: '.env', why: 'secret-name', by: null },
      { path: 'sub/.env.production', why: 'secret-name', by: null },
    ]);
    expect(worktree.inRepository('log', '--all', '--format=', '--name-only')).not.toContain('.env');
    expect(readFileSync(join(worktree.path, '.env'), 'utf8')).toBe('KEY=1');
  });
});

describe('fault 51: no commit yet', () => {
  test('the repository opens and says so', async () => {
    const sandbox = new Sandbox({});
    const repository = await sandbox.repository();
    expect(repository).toMatchObject({ headBranch: 'main', headCommit: null, bare: false });
    expect(await resolveCommit(gitIn(sandbox.root, READS), 'HEAD')).toBeNull();
    expect(await worktreeStatus(gitIn(sandbox.root, READS))).toEqual({
      branch: 'main',
      head: null,
      dirty: [],
      untracked: [],
      ignored: [],
    });
  });
});

describe('fault 52: detached HEAD', () => {
  test('worktrees start from the commit, HEAD stays detached', async () => {
    const sandbox = new Sandbox();
    sandbox.git('checkout', '-q', '--detach');
    expect(await sandbox.repository()).toMatchObject({ headBranch: null, headCommit: sandbox.git('rev-parse', 'HEAD') });
    const person = readFileSync(join(sandbox.root, '.git/HEAD'), 'utf8');
    const worktree = await sandbox.worktree();
    worktree.write({ 'x.txt': '1' });
    expect(await worktree.commit()).toMatchObject({ kind: 'committed' });
    expect(readFileSync(join(sandbox.root, '.git/HEAD'), 'utf8')).toBe(person);
  });
});

describe('fault 53: a shallow clone', () => {
  test('worktrees and commits work at its boundary', async () => {
    const origin = new Sandbox();
    origin.commit({ 'a.txt': '2' });
    const clone = join(origin.folder, 'clone');
    git(origin.folder, 'clone', '-q', '--depth=1', `file://${origin.root}`, clone);
    const repository = await openRepository(clone);
    expect(repository.shallow).toBe(true);
    const worktree = await origin.worktree('dark', { repository, start: repository.headCommit ?? '' });
    worktree.write({ 'x.txt': '1' });
    const { commit } = await worktree.commit();
    expect(git(clone, 'rev-list', '--count', commit)).toBe('2');
    expect(worktree.git('status', '--porcelain', '--branch')).toBe('## ui/dark');
    expect(git(clone, 'fsck', '--no-dangling', '--no-progress')).toBe('');
  });
});

describe('a partial clone', () => {
  test('worktrees are filled; creating, committing and comparing fetch nothing else', async () => {
    const origin = new Sandbox({ 'in/a.txt': 'a', 'out/b.txt': 'b' });
    origin.git('config', 'uploadpack.allowFilter', 'true');
    const clone = join(origin.folder, 'clone');
    git(origin.folder, 'clone', '-q', '--filter=blob:none', '--no-checkout', `file://${origin.root}`, clone);
    git(clone, 'sparse-checkout', 'set', 'in');
    git(clone, 'checkout', '-q', 'main');
    const missing = (): string => git(clone, 'rev-list', '--objects', '--all', '--missing=print').replaceAll(/^[^?].*\n?/gm, '');
    const before = missing();
    expect(before).not.toBe('');
    const repository = await openRepository(clone);
    const worktree = await origin.worktree('dark', { repository });
    worktree.write({ 'in/a.txt': 'A' });
    const { commit } = await worktree.commit();
    const changes = await changesBetween(gitIn(clone, READS), worktree.handle.start, commit);
    expect(changes).toEqual({ files: 1, insertions: 1, deletions: 1, commits: 1 });
    expect(missing()).toBe(before);
    expect(worktree.git('status', '--porcelain')).toBe('');
  });
});

describe('fault 54: submodules', () => {
  function withSubmodule(): Sandbox {
    const sandbox = new Sandbox();
    const library = join(sandbox.folder, 'library');
    git(sandbox.folder, 'init', '-q', '-b', 'main', library);
    write(library, { 'lib.txt': '1' });
    git(library, 'add', '.');
    git(library, 'commit', '-qm', 'lib');
    sandbox.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'sub');
    sandbox.git('commit', '-qm', 'submodule');
    return sandbox;
  }

  test('a worktree has them empty, as git makes it; the commit keeps their place', async () => {
    const sandbox = withSubmodule();
    const worktree = await sandbox.worktree();
    expect(worktree.git('status', '--porcelain')).toBe('');
    worktree.write({ 'x.txt': '1' });
    const outcome = await worktree.commit();
    expect(outcome.heldBack).toEqual([]);
    expect(worktree.inRepository('ls-tree', outcome.commit, 'sub')).toBe(sandbox.git('ls-tree', 'HEAD', 'sub'));
    expectWhole(sandbox);
  });

  test('filled by setup, moved on by the agent: reported, the link stays', async () => {
    const sandbox = withSubmodule();
    const worktree = await sandbox.worktree();
    worktree.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'update', '--init');
    expect(await worktree.commit()).toMatchObject({ kind: 'clean', heldBack: [] });
    const sub = join(worktree.path, 'sub');
    write(sub, { 'lib.txt': '2' });
    git(sub, 'commit', '-qam', 'two');
    worktree.write({ 'x.txt': '1' });
    const outcome = await worktree.commit();
    expect(outcome.heldBack).toEqual([{ path: 'sub', why: 'submodule', by: null }]);
    expect(worktree.inRepository('ls-tree', outcome.commit, 'sub')).toBe(sandbox.git('ls-tree', 'HEAD', 'sub'));
  });

  test('opened from inside a submodule: that is its own repository', async () => {
    const sandbox = withSubmodule();
    expect(await openRepository(join(sandbox.root, 'sub'))).toMatchObject({
      root: join(sandbox.root, 'sub'),
      commonDir: join(sandbox.root, '.git/modules/sub'),
      bare: false,
    });
  });
});

describe('fault 55: LFS pointer files', () => {
  const POINTER = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n';

  test('without git-lfs they are files like others', async () => {
    const sandbox = new Sandbox({ '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n', 'big.bin': POINTER });
    const worktree = await sandbox.worktree();
    expect(readFileSync(join(worktree.path, 'big.bin'), 'utf8')).toBe(POINTER);
    worktree.write({ 'x.txt': '1' });
    expect(worktree.files((await worktree.commit()).commit)['big.bin']).toBe(POINTER.trimEnd());
  });

  test('with it configured but missing: the pointer stays, changed ones are named, the rest is committed', async () => {
    const sandbox = new Sandbox({ '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n', 'big.bin': POINTER });
    const worktree = await sandbox.worktree();
    globalConfig(
      '[filter "lfs"]\n\tclean = git-lfs-missing clean -- %f\n\tsmudge = git-lfs-missing smudge -- %f\n\trequired = true\n',
    );
    worktree.write({ 'new.bin': 'raw', 'x.txt': '1' });
    const outcome = await worktree.commit();
    expect(Object.keys(worktree.files(outcome.commit)).sort()).toEqual(['.gitattributes', 'big.bin', 'x.txt']);
    expect(outcome.notes).toEqual([expect.stringContaining('new.bin could not be committed')]);
  });

  test('the objects that a filter keeps go to the repository’s own lfs folder', async () => {
    const sandbox = new Sandbox();
    const worktree = await sandbox.worktree();
    const filter = join(sandbox.folder, 'filter.sh');
    writeFileSync(filter, '#!/bin/sh\ngit config lfs.storage\n');
    chmodSync(filter, 0o755);
    globalConfig(`[filter "lfs"]\n\tclean = ${filter}\n`);
    worktree.write({ '.gitattributes': '*.bin filter=lfs\n', 'x.bin': 'raw' });
    const { commit } = await worktree.commit();
    expect(worktree.files(commit)['x.bin']).toBe(join(sandbox.root, '.git/lfs'));
  });
});

describe('fault 56: a bare repository', () => {
  test('worktrees are made beside it, also when called from one of them', async () => {
    const sandbox = new Sandbox();
    const bare = join(sandbox.folder, 'bare.git');
    git(sandbox.folder, 'clone', '-q', '--bare', sandbox.root, bare);
    const repository = await openRepository(bare);
    expect(repository).toMatchObject({ bare: true, root: bare, here: bare, commonDir: bare, headBranch: 'main' });
    const worktree = await sandbox.worktree('dark', { repository });
    worktree.write({ 'x.txt': '1' });
    expect(await worktree.commit()).toMatchObject({ kind: 'committed', notes: [] });
    expect(worktree.git('status', '--porcelain', '--branch')).toBe('## ui/dark');
    const linked = await openRepository(worktree.path);
    expect(linked).toMatchObject({ bare: true, root: bare, here: worktree.path, headBranch: 'ui/dark' });
    await sandbox.worktree('light', { repository: linked });
  });
});

describe('fault 57: sparse checkout', () => {
  test('worktrees are as sparse; what is outside stays in the commit', async () => {
    const sandbox = new Sandbox({ 'in/a.txt': 'a', 'out/b.txt': 'b', 'top.txt': 't' });
    sandbox.git('sparse-checkout', 'set', 'in');
    const worktree = await sandbox.worktree();
    expect(existsSync(join(worktree.path, 'in/a.txt'))).toBe(true);
    expect(existsSync(join(worktree.path, 'out'))).toBe(false);
    expect(worktree.git('status', '--porcelain')).toBe('');
    worktree.write({ 'in/a.txt': 'A', 'in/new.txt': 'n' });
    const { commit } = await worktree.commit();
    expect(worktree.files(commit)).toEqual({ 'in/a.txt': 'A', 'in/new.txt': 'n', 'out/b.txt': 'b', 'top.txt': 't' });
    expect(worktree.git('status', '--porcelain')).toBe('');
    expect(existsSync(join(sandbox.root, 'out'))).toBe(false);
  });

  test('the agent widens it: what it then changes is committed', async () => {
    const sandbox = new Sandbox({ 'in/a.txt': 'a', 'out/b.txt': 'b' });
    sandbox.git('sparse-checkout', 'set', 'in');
    const worktree = await sandbox.worktree();
    worktree.git('sparse-checkout', 'disable');
    worktree.write({ 'out/b.txt': 'B' });
    const { commit } = await worktree.commit();
    expect(worktree.files(commit)).toEqual({ 'in/a.txt': 'a', 'out/b.txt': 'B' });
  });
});

describe('fault 58: called from a linked worktree or a subfolder', () => {
  test('it is the same repository', async () => {
    const sandbox = new Sandbox();
    const linked = join(sandbox.folder, 'linked');
    sandbox.git('worktree', 'add', '-q', '-b', 'side', linked);
    const commonDir = join(sandbox.root, '.git');
    expect(await openRepository(join(sandbox.root, 'src'))).toMatchObject({
      commonDir,
      root: sandbox.root,
      here: sandbox.root,
      headBranch: 'main',
    });
    expect(await openRepository(join(linked, 'src'))).toMatchObject({
      commonDir,
      root: sandbox.root,
      here: linked,
      headBranch: 'side',
    });
    expect(await openRepository(commonDir)).toMatchObject({ commonDir, root: sandbox.root, bare: false });
    const worktree = await sandbox.worktree('dark', { repository: await openRepository(join(linked, 'src')) });
    expect(worktree.git('status', '--porcelain', '--branch')).toBe('## ui/dark');
  });
});

describe('fault 60: GIT_DIR and GIT_INDEX_FILE exported', () => {
  test('by a hook: ignored everywhere', async () => {
    const sandbox = new Sandbox();
    const other = new Sandbox({ 'other.txt': 'o' });
    const index = join(other.root, '.git/index');
    const before = readFileSync(index);
    const refs = other.git('for-each-ref');
    exported({
      GIT_DIR: join(other.root, '.git'),
      GIT_WORK_TREE: other.root,
      GIT_INDEX_FILE: index,
      GIT_OBJECT_DIRECTORY: join(other.root, '.git/objects'),
      GIT_COMMON_DIR: join(other.root, '.git'),
      GIT_NAMESPACE: 'x',
      GIT_PREFIX: 'src/',
      GIT_EXTERNAL_DIFF: '/nowhere',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'core.bare',
      GIT_CONFIG_VALUE_0: 'true',
    });
    const repository = await openRepository(sandbox.root);
    expect(repository).toMatchObject({ root: sandbox.root, bare: false, headBranch: 'main' });
    const worktree = await sandbox.worktree('dark', { repository });
    worktree.write({ 'x.txt': '1' });
    const outcome = await worktree.commit();
    expect(outcome.kind).toBe('committed');
    const branch = (await listRefs(gitIn(sandbox.root, READS))).get('refs/heads/ui/dark');
    expect(branch).toBe(outcome.commit);

    for (const name of Object.keys(process.env))
      if (/^GIT_(DIR|WORK|INDEX|OBJ|COMMON|NAMESPACE|PREFIX|EXT|CONFIG_)/.test(name)) delete process.env[name];
    expect(readFileSync(index)).toEqual(before);
    expect(other.git('for-each-ref')).toBe(refs);
  });
});

describe('fault 61: an unwritable .git', () => {
  test('is a clear error, and nothing is left half made', async (context) => {
    const sandbox = new Sandbox();
    await sandbox.store();
    const options = await sandbox.options();
    try {
      execFileSync('mount', ['--bind', sandbox.root, sandbox.root], { stdio: 'ignore' });
      execFileSync('mount', ['-o', 'remount,bind,ro', sandbox.root], { stdio: 'ignore' });
    } catch {
      context.skip('a read-only mount cannot be made here');
    }
    onTestFinished(() => {
      execFileSync('umount', ['-l', sandbox.root]);
    });
    const { createWorktree } = await import('../../src/worktree/create-worktree.ts');
    await expect(createWorktree(options)).rejects.toMatchObject({ code: expect.any(String), exit: 3 });
    expect(existsSync(join(sandbox.folder, 'app.worktrees'))).toBe(false);
    expect(sandbox.git('branch', '--format=%(refname:short)')).toBe('main');
    expect((await openRepository(sandbox.root)).headBranch).toBe('main');
  });
});

describe('fault 62: a repository of somebody else', () => {
  test('is refused with the command that trusts it', async (context) => {
    const sandbox = new Sandbox();
    try {
      execFileSync('chown', ['-R', '12345:12345', sandbox.root], { stdio: 'ignore' });
    } catch {
      context.skip('only root can give files away');
    }
    exported({ SUDO_UID: undefined });
    await expect(openRepository(sandbox.root)).rejects.toMatchObject({
      code: 'unsafe-ownership',
      exit: 3,
      hint: `If you trust it:\n  git config --global --add safe.directory ${sandbox.root}`,
    });
    globalConfig(`[safe]\n\tdirectory = ${sandbox.root}\n`);
    expect(await openRepository(sandbox.root)).toMatchObject({ root: sandbox.root });
    const worktree = await sandbox.worktree();
    worktree.write({ 'x.txt': '1' });
    expect(await worktree.commit()).toMatchObject({ kind: 'committed' });
  });
});

describe('fault 63: no user.name', () => {
  const nobody = {
    GIT_AUTHOR_NAME: undefined,
    GIT_AUTHOR_EMAIL: undefined,
    GIT_COMMITTER_NAME: undefined,
    GIT_COMMITTER_EMAIL: undefined,
    EMAIL: undefined,
  };

  test('our own identity is used, for author and committer', async () => {
    const sandbox = new Sandbox();
    exported(nobody);
    const worktree = await sandbox.worktree();
    worktree.write({ 'x.txt': '1' });
    const { commit } = await worktree.commit();
    expect(worktree.inRepository('log', '-1', '--format=%an <%ae> %cn <%ce>', commit)).toBe(
      'copse <copse@localhost> copse <copse@localhost>',
    );
  });

  test('the repository’s own or the person’s is used where there is one', async () => {
    const sandbox = new Sandbox();
    exported(nobody);
    globalConfig('[user]\n\tname = Global\n\temail = g@example.com\n');
    const one = await sandbox.worktree('one');
    one.write({ 'x.txt': '1' });
    expect(one.inRepository('log', '-1', '--format=%an %ae', (await one.commit()).commit)).toBe('Global g@example.com');
    sandbox.git('config', 'user.name', 'Local');
    sandbox.git('config', 'user.email', 'l@example.com');
    const two = await sandbox.worktree('two', { run: 'second', branch: 'second/two' });
    two.write({ 'x.txt': '1' });
    expect(two.inRepository('log', '-1', '--format=%cn %ce', (await two.commit()).commit)).toBe('Local l@example.com');
  });
});

describe('not a repository', () => {
  test('is said, also for a folder that does not exist', async () => {
    await expect(openRepository(temporaryDirectory())).rejects.toMatchObject({ code: 'not-a-repository', exit: 3 });
    await expect(openRepository(join(temporaryDirectory(), 'nowhere'))).rejects.toMatchObject({
      code: 'not-a-repository',
      exit: 3,
    });
  });

  test('a git that is too old, or none, is said', async () => {
    const bin = temporaryDirectory();
    exported({ PATH: bin });
    await expect(openRepository(bin)).rejects.toMatchObject({ code: 'git-missing', exit: 3 });
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'git'), '#!/bin/sh\necho git version 2.30.1\n');
    chmodSync(join(bin, 'git'), 0o755);
    await expect(openRepository(bin)).rejects.toMatchObject({ code: 'git-too-old', exit: 3, message: 'git 2.30 is too old.' });
  });
});
