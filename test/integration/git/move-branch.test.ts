import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkoutsOf, moveBranch } from '../../../src/git/target/move-branch.ts';
import { targetProblems } from '../../../src/git/target/target-problems.ts';
import { expectWhole, git, Sandbox, write } from '../../support/git-repository.ts';
import { emptyDisk, fillDisk, smallDisk } from '../../support/small-disk.ts';

/** main at `from`; `to` beside it: a.txt changed, b.txt gone, src/new.txt added. */
function prepared(): { sandbox: Sandbox; from: string; to: string } {
  const sandbox = new Sandbox({ 'a.txt': 'a\n', 'b.txt': 'b\n', 'c.txt': 'c\n', '.gitignore': 'ignored\n' });
  const from = sandbox.git('rev-parse', 'HEAD');
  rmSync(join(sandbox.root, 'b.txt'));
  const to = sandbox.commit({ 'a.txt': 'A\n', 'src/new.txt': 'new\n' });
  sandbox.git('reset', '-q', '--hard', from);
  return { sandbox, from, to };
}

async function move({ sandbox, from, to }: ReturnType<typeof prepared>): Promise<void> {
  const repository = await sandbox.repository();
  const checkouts = await checkoutsOf(repository, 'main');
  await moveBranch({ repository, branch: 'main', from, to, checkouts, message: 'copse: test' });
}

async function problems({ sandbox, from, to }: ReturnType<typeof prepared>) {
  const repository = await sandbox.repository();
  const checkouts = await checkoutsOf(repository, 'main');
  return targetProblems({ repository, branch: 'main', checkouts, from, to });
}

test('a disk that is too full for what comes is said before anything moves', async (context) => {
  const sandbox = new Sandbox({ 'a.txt': 'a\n' });
  const from = sandbox.git('rev-parse', 'HEAD');
  const to = sandbox.commit({ 'a.txt': 'A\n', 'big.txt': 'b'.repeat(300_000) });
  sandbox.git('reset', '-q', '--hard', from);
  sandbox.git('switch', '-q', '--detach');
  const linked = join(await smallDisk(context, 512), 'linked');
  sandbox.git('worktree', 'add', '-q', linked, 'main');
  expect(await problems({ sandbox, from, to })).toEqual([]);
  await fillDisk(dirname(linked));
  const full = {
    what: `The checkout of main, ${linked}, needs 0.3 MB more, and 0.0 MB is free.`,
    hint: expect.stringMatching(/\n {2}df -h /),
  };
  expect(await problems({ sandbox, from, to })).toMatchObject([full]);
  // The tree that will be there, before its commit is made.
  expect(await problems({ sandbox, from, to: sandbox.git('rev-parse', `${to}^{tree}`) })).toMatchObject([full]);
  // Removed files make room for new ones.
  await emptyDisk(dirname(linked));
  await move({ sandbox, from, to });
  await fillDisk(dirname(linked));
  const next = sandbox.git('commit-tree', '-p', to, '-m', 'smaller', `${from}^{tree}`);
  expect(await problems({ sandbox, from: to, to: next })).toEqual([]);
  await move({ sandbox, from: to, to: next });
  expect(git(linked, 'status', '--porcelain')).toBe('');
});

describe('moving a branch', () => {
  test('takes the checkout along and touches nothing else in it', async () => {
    const place = prepared();
    const { sandbox, to } = place;
    const { root } = sandbox;
    utimesSync(join(root, 'c.txt'), 1000, 1000);
    write(root, { 'untracked.txt': 'mine\n', ignored: 'mine\n' });
    sandbox.git('update-index', '-q', '--refresh');
    expect(await problems(place)).toEqual([]);
    await move(place);
    expect(sandbox.git('rev-parse', 'HEAD')).toBe(to);
    expect(sandbox.git('status', '--porcelain')).toBe('?? untracked.txt');
    expect(readFileSync(join(root, 'ignored'), 'utf8')).toBe('mine\n');
    expect(statSync(join(root, 'c.txt')).mtimeMs).toBe(1_000_000);
    expect(sandbox.git('reflog', '-1', '--format=%gs', 'HEAD')).toBe('copse: test');
    expectWhole(sandbox);
  });

  test('keeps local changes that are not in the way, staged ones too', async () => {
    const place = prepared();
    write(place.sandbox.root, { 'c.txt': 'mine\n', 'staged.txt': 'mine\n' });
    place.sandbox.git('add', 'staged.txt');
    await move(place);
    expect(place.sandbox.git('status', '--porcelain')).toBe(' M c.txt\nA  staged.txt');
  });

  test('takes linked worktrees along, and a branch that is checked out nowhere moves alone', async () => {
    const place = prepared();
    const { sandbox, to } = place;
    sandbox.git('switch', '-q', '--detach');
    expect(await checkoutsOf(await sandbox.repository(), 'main')).toEqual([]);
    const linked = join(sandbox.folder, 'linked');
    sandbox.git('worktree', 'add', '-q', linked, 'main');
    await move(place);
    expect(git(linked, 'rev-parse', 'HEAD')).toBe(to);
    expect(git(linked, 'status', '--porcelain')).toBe('');
    expect(readFileSync(join(linked, 'src/new.txt'), 'utf8')).toBe('new\n');
    expect(existsSync(join(sandbox.root, 'src/new.txt'))).toBe(false);
  });

  test('takes a linked worktree along whose entry leads to it by a relative path, as git 2.48 may write it', async () => {
    const place = prepared();
    const { sandbox } = place;
    const linked = `${sandbox.root}-linked`;
    sandbox.git('switch', '-q', '--detach');
    sandbox.git('worktree', 'add', '-q', linked, 'main');
    const entry = join(sandbox.root, '.git/worktrees', basename(linked));
    writeFileSync(join(entry, 'gitdir'), `${relative(entry, linked)}/.git\n`);
    expect(await checkoutsOf(await sandbox.repository(), 'main')).toEqual([{ path: linked, gitDir: entry }]);
  });

  test('called again it changes nothing, and finishes a checkout that followed half of the way', async () => {
    const place = prepared();
    const { sandbox, to } = place;
    sandbox.git('update-ref', 'refs/heads/main', to);
    // As a crash of the machine leaves it: files in part new, the index old.
    write(sandbox.root, { 'a.txt': 'A\n', 'src/new.txt': 'new\n' });
    await move(place);
    expect(sandbox.git('status', '--porcelain')).toBe('');
    write(sandbox.root, { 'a.txt': 'edited since\n' });
    sandbox.git('add', 'a.txt');
    await move(place);
    expect(sandbox.git('status', '--porcelain')).toBe('M  a.txt');
  });

  test('what git had half written when the disk was full is written anew', async () => {
    const sandbox = new Sandbox({ 'a.txt': 'a\n', 'c.txt': 'c\n' });
    const from = sandbox.git('rev-parse', 'HEAD');
    const to = sandbox.commit({ 'a.txt': 'A new one, longer\n', 'empty.txt': 'not empty\n', 'half.txt': 'one\ntwo\n' });
    sandbox.git('reset', '-q', '--hard', from);
    sandbox.git('update-ref', 'refs/heads/main', to);
    write(sandbox.root, { 'a.txt': 'A new o', 'empty.txt': '', 'half.txt': 'one\n', 'c.txt': 'mine\n' });
    await move({ sandbox, from, to });
    expect(sandbox.git('status', '--porcelain')).toBe(' M c.txt');
    // Files that the user wrote there are not among them.
    sandbox.git('checkout', '-q', '.');
    sandbox.git('read-tree', '-m', '-u', to, from);
    write(sandbox.root, { 'half.txt': 'one\nmine\n' });
    await expect(move({ sandbox, from, to })).rejects.toMatchObject({ code: 'checkout-behind' });
    expect(readFileSync(join(sandbox.root, 'half.txt'), 'utf8')).toBe('one\nmine\n');
  });

  test.each([
    ['an ignored file', 'ignored/new.txt', 'ignored/new.txt'],
    ['an ignored file where a folder is to come', 'ignored', 'ignored'],
    ['an ignored file in a folder where a file is to come', 'ignored/new.txt/mine', 'ignored/new.txt/mine'],
  ])(
    'fault 4: after a crash %s that came meanwhile is kept, and once it is away the checkout follows',
    async (_, file, named) => {
      const sandbox = new Sandbox({ 'a.txt': 'a\n', '.gitignore': 'ignored\n' });
      const from = sandbox.git('rev-parse', 'HEAD');
      write(sandbox.root, { 'a.txt': 'A\n', 'ignored/new.txt': 'new\n' });
      sandbox.git('add', '-f', '.');
      sandbox.git('commit', '-qm', 'new');
      const to = sandbox.git('rev-parse', 'HEAD');
      sandbox.git('reset', '-q', '--hard', from);
      const place = { sandbox, from, to };
      sandbox.git('update-ref', 'refs/heads/main', to);
      write(sandbox.root, { [file]: 'mine\n' });
      await expect(move(place)).rejects.toMatchObject({ code: 'checkout-behind', message: expect.stringContaining(named) });
      expect(readFileSync(join(sandbox.root, file), 'utf8')).toBe('mine\n');
      rmSync(join(sandbox.root, 'ignored'), { recursive: true });
      await move(place);
      expect(sandbox.git('status', '--porcelain')).toBe('');
      expect(readFileSync(join(sandbox.root, 'ignored/new.txt'), 'utf8')).toBe('new\n');
    },
  );

  test('after a crash a worktree that has switched to another branch stays as it is', async () => {
    const place = prepared();
    const { sandbox, from, to } = place;
    const repository = await sandbox.repository();
    const checkouts = await checkoutsOf(repository, 'main');
    sandbox.git('update-ref', 'refs/heads/main', to);
    sandbox.git('symbolic-ref', 'HEAD', 'refs/heads/other');
    sandbox.git('update-ref', 'refs/heads/other', from);
    await moveBranch({ repository, branch: 'main', from, to, checkouts, message: 'copse: test' });
    expect(sandbox.git('status', '--porcelain')).toBe('');
    expect(sandbox.git('rev-parse', 'HEAD')).toBe(from);
  });

  test('does nothing where the branch is elsewhere', async () => {
    const place = prepared();
    place.sandbox.commit({ 'x.txt': 'x\n' });
    const before = place.sandbox.state();
    await expect(move(place)).rejects.toMatchObject({ code: 'ref-moved' });
    expect(place.sandbox.state()).toBe(before);
  });

  test.each(['--skip-worktree', '--assume-unchanged'])('sees a local change that %s hides from git status', async (flag) => {
    const place = prepared();
    const { sandbox, from } = place;
    sandbox.git('update-index', flag, 'a.txt');
    write(sandbox.root, { 'a.txt': 'local\n' });
    await expect(move(place)).rejects.toMatchObject({ code: 'checkout-in-the-way', why: expect.stringContaining('a.txt') });
    expect(sandbox.git('rev-parse', 'main')).toBe(from);
    expect(readFileSync(join(sandbox.root, 'a.txt'), 'utf8')).toBe('local\n');
  });

  test('keeps a sparse checkout sparse', async () => {
    const place = prepared();
    const { sandbox } = place;
    sandbox.git('sparse-checkout', 'set', '--no-cone', '/*', '!/src/');
    await move(place);
    expect(existsSync(join(sandbox.root, 'src'))).toBe(false);
    expect(readFileSync(join(sandbox.root, 'a.txt'), 'utf8')).toBe('A\n');
    expect(sandbox.git('status', '--porcelain')).toBe('');
  });
});

describe('what keeps a branch from moving', () => {
  test('nothing in a clean checkout', async () => expect(await problems(prepared())).toEqual([]));

  test('an untracked file where one is to come, also an ignored one, which git would overwrite', async () => {
    const place = prepared();
    write(place.sandbox.root, { 'src/new.txt': 'mine\n' });
    expect(await problems(place)).toMatchObject([
      { what: expect.stringContaining('src/new.txt'), hint: expect.stringContaining('mv ') },
    ]);
    write(place.sandbox.root, { '.git/info/exclude': 'src/\n' });
    expect(await problems(place)).toMatchObject([{ what: expect.stringContaining('src/new.txt') }]);
    rmSync(join(place.sandbox.root, 'src'), { recursive: true });
    writeFileSync(join(place.sandbox.root, 'src'), 'a file where a folder is to come\n');
    expect(await problems(place)).toMatchObject([{ what: expect.stringContaining('in the way: src.') }]);
    rmSync(join(place.sandbox.root, 'src'));
    write(place.sandbox.root, { 'src/new.txt/deep': 'a folder where a file is to come\n' });
    expect(await problems(place)).toMatchObject([{ what: expect.stringContaining('src/new.txt/deep') }]);
    rmSync(join(place.sandbox.root, 'src'), { recursive: true });
    mkdirSync(join(place.sandbox.root, 'src/new.txt'), { recursive: true });
    expect(await problems(place)).toEqual([]);
    await move(place);
    expect(readFileSync(join(place.sandbox.root, 'src/new.txt'), 'utf8')).toBe('new\n');
  });

  test.each([['a.txt'], ['b.txt']])('a local change of %s, which changes or goes', async (name) => {
    const place = prepared();
    write(place.sandbox.root, { [name]: 'mine\n', 'c.txt': 'not in the way\n' });
    expect(await problems(place)).toMatchObject([
      { what: expect.stringMatching(`in the way: ${name}\\.$`), hint: expect.stringContaining('stash') },
    ]);
  });

  test('a rebase of it in any worktree, which git lists as detached; and its end frees it', async () => {
    const place = prepared();
    const { sandbox } = place;
    sandbox.git('switch', '-q', '-c', 'other');
    sandbox.commit({ 'a.txt': 'other\n' });
    const linked = join(sandbox.folder, 'linked');
    sandbox.git('worktree', 'add', '-q', linked, 'main');
    write(linked, { 'a.txt': 'conflict\n' });
    git(linked, 'commit', '-qam', 'clash');
    expect(() => git(linked, 'rebase', 'other')).toThrow();
    const from = git(sandbox.root, 'rev-parse', 'main');
    const found = await problems({ ...place, from });
    expect(found).toMatchObject([
      {
        what: `main is in the middle of a rebase in ${linked}.`,
        hint: expect.stringContaining(`git -C ${linked} rebase --abort`),
      },
    ]);
    git(linked, 'rebase', '--abort');
    expect(await problems({ ...place, from: place.from })).toEqual([]);
  });

  test('a bisect that began on it, and a merge that stands open in its checkout', async () => {
    const place = prepared();
    const { sandbox } = place;
    sandbox.commit({ 'x.txt': 'x\n' });
    sandbox.commit({ 'y.txt': 'y\n' });
    sandbox.git('bisect', 'start', 'HEAD', place.from);
    expect(await problems(place)).toMatchObject([
      { what: expect.stringContaining('bisect'), hint: expect.stringContaining('bisect reset') },
    ]);
    sandbox.git('bisect', 'reset');
    sandbox.git('branch', 'side', place.from);
    sandbox.git('merge', '-q', '--no-ff', '--no-commit', place.to);
    expect(await problems(place)).toContainEqual(
      expect.objectContaining({ what: expect.stringContaining('in the middle of a merge') }),
    );
  });

  test('a locked worktree of it that is not there, until it is back; an unlocked one is only stale', async () => {
    const place = prepared();
    const { sandbox } = place;
    const linked = `${sandbox.root}-away`;
    sandbox.git('switch', '-q', '--detach');
    sandbox.git('worktree', 'add', '-q', linked, 'main');
    sandbox.git('worktree', 'lock', linked);
    renameSync(linked, `${linked}.gone`);
    expect(await problems(place)).toMatchObject([{ what: `main is checked out in ${linked}, which is locked and missing.` }]);
    renameSync(`${linked}.gone`, linked);
    expect(await problems(place)).toEqual([]);
    sandbox.git('worktree', 'unlock', linked);
    renameSync(linked, `${linked}.gone`);
    expect(await problems(place)).toEqual([]);
  });

  test('being only another name of a branch', async () => {
    const place = prepared();
    place.sandbox.git('branch', 'trunk');
    place.sandbox.git('symbolic-ref', 'refs/heads/main', 'refs/heads/trunk');
    expect(await problems(place)).toContainEqual(expect.objectContaining({ hint: 'Name the branch itself: --into trunk' }));
  });
});
