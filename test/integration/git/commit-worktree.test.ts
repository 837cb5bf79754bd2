import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { shadowPaths } from '../../../src/git/spawn/shadow-directory.ts';
import { expectWhole, git, globalConfig, Sandbox, write } from '../../support/git-repository.ts';

describe('what an agent left', () => {
  test('becomes one commit on its branch: changed, new, deleted, executable, symlink, odd names', async () => {
    const sandbox = new Sandbox();
    const person = sandbox.state();
    const worktree = await sandbox.worktree();
    worktree.write({ 'a.txt': 'A\n', 'new/ü space\n$(x).txt': 'n\n', '-x': 'dash\n', 'run.sh': '#!/bin/sh\n' });
    chmodSync(join(worktree.path, 'run.sh'), 0o755);
    rmSync(join(worktree.path, 'b.txt'));
    symlinkSync('a.txt', join(worktree.path, 'link'));

    const outcome = await worktree.commit({
      message: 'Subject line\n\nBody',
      trailers: [
        ['Copse-Run', 'ui'],
        ['Copse-Variant', 'dark'],
      ],
    });

    expect(outcome).toMatchObject({ kind: 'committed', parked: null, heldBack: [], notes: [] });
    expect(worktree.files(outcome.commit)).toEqual({
      'a.txt': 'A',
      'src/c.txt': 'c',
      'new/ü space\n$(x).txt': 'n',
      '-x': 'dash',
      'run.sh': '#!/bin/sh',
      link: 'a.txt',
    });
    expect(
      worktree
        .inRepository('ls-tree', outcome.commit, 'run.sh', 'link')
        .split('\n')
        .map((line) => line.slice(0, 6)),
    ).toEqual(['120000', '100755']);
    expect(worktree.inRepository('rev-parse', 'refs/heads/ui/dark')).toBe(outcome.commit);
    expect(worktree.inRepository('log', '-1', '--format=%B%n%P', outcome.commit)).toBe(
      `Subject line\n\nBody\n\nCopse-Run: ui\nCopse-Variant: dark\n\n${worktree.handle.start}`,
    );
    expect(worktree.git('status', '--porcelain', '--branch')).toBe('## ui/dark');
    expect(sandbox.state()).toBe(person);
    expectWhole(sandbox);
  });

  test('nothing: clean, no commit, and the same a second time', async () => {
    const worktree = await new Sandbox().worktree();
    for (let n = 0; n < 2; n += 1)
      expect(await worktree.commit()).toMatchObject({ kind: 'clean', commit: worktree.handle.start, notes: [] });
  });

  test('a second attempt adds a second commit; doing it again adds none', async () => {
    const worktree = await new Sandbox().worktree();
    worktree.write({ 'one.txt': '1' });
    const first = await worktree.commit();
    worktree.write({ 'two.txt': '2' });
    const second = await worktree.commit();
    expect(await worktree.commit()).toEqual(second);
    expect(worktree.inRepository('rev-list', second.commit).split('\n')).toEqual([
      second.commit,
      first.commit,
      worktree.handle.start,
    ]);
  });

  test('a file that became a folder, and a folder that became a file', async () => {
    const worktree = await new Sandbox().worktree();
    rmSync(join(worktree.path, 'a.txt'));
    rmSync(join(worktree.path, 'src'), { recursive: true });
    worktree.write({ 'a.txt/inside': '1', src: 'file' });
    const { commit } = await worktree.commit();
    expect(Object.keys(worktree.files(commit))).toEqual(['a.txt/inside', 'b.txt', 'src']);
    expect(worktree.git('status', '--porcelain')).toBe('');
  });

  test('names that are not UTF-8 come out byte for byte', async () => {
    const worktree = await new Sandbox().worktree();
    writeFileSync(Buffer.concat([Buffer.from(`${worktree.path}/caf`), Buffer.from([0xe9]), Buffer.from('.txt')]), 'x');
    const { commit } = await worktree.commit();
    expect(worktree.inRepository('-c', 'core.quotePath=true', 'ls-tree', '--name-only', commit)).toContain('"caf\\351.txt"');
  });

  test('with the same size and time as before is found all the same', async () => {
    const worktree = await new Sandbox().worktree();
    const path = join(worktree.path, 'a.txt');
    const { atime, mtime } = statSync(path);
    writeFileSync(path, 'z\n');
    utimesSync(path, atime, mtime);
    const { commit } = await worktree.commit();
    expect(worktree.files(commit)['a.txt']).toBe('z');
  });

  test('flags that hide files from git do not hide them from the commit', async () => {
    const worktree = await new Sandbox().worktree();
    worktree.git('update-index', '--skip-worktree', 'a.txt');
    worktree.git('update-index', '--assume-unchanged', 'b.txt');
    worktree.write({ 'a.txt': 'hidden 1\n', 'b.txt': 'hidden 2\n' });
    const { commit } = await worktree.commit();
    expect(worktree.files(commit)).toMatchObject({ 'a.txt': 'hidden 1', 'b.txt': 'hidden 2' });
  });

  test('ignored files stay out, also by the agent’s own .gitignore', async () => {
    const worktree = await new Sandbox({ '.gitignore': 'dist/\n' }).worktree();
    worktree.write({ 'dist/x': '1', 'log/y': '2', 'log/.gitignore': '*\n', 'kept.txt': '3' });
    const { commit } = await worktree.commit();
    expect(Object.keys(worktree.files(commit))).toEqual(['.gitignore', 'kept.txt']);
  });

  test('a change of equal size in the second in which the index was written is seen, however late we look', async () => {
    const worktree = await new Sandbox().worktree();
    // git compares whole seconds, and times of change of a file cannot be set.
    globalConfig('[core]\n\ttrustctime = false\n');
    const second = new Date(Math.floor(Date.now() / 1000) * 1000 - 5000);
    const writeThen = (text: string): void => {
      worktree.write({ 'a.txt': text });
      utimesSync(join(worktree.path, 'a.txt'), second, second);
    };
    writeThen('one');
    const first = await worktree.commit();
    expect(worktree.files(first.commit)['a.txt']).toBe('one');
    utimesSync(shadowPaths(worktree.repository.commonDir, worktree.handle.gitDir).index, second, second);
    writeThen('two');
    const { commit } = await worktree.commit();
    expect(worktree.files(commit)['a.txt']).toBe('two');
  });

  test('a file that cannot be committed is named, the others get in', async () => {
    const worktree = await new Sandbox().worktree();
    worktree.write({ '.gitattributes': '*.bin filter=broken\n', 'x.bin': '1', 'fine.txt': '2' });
    globalConfig('[filter "broken"]\n\tclean = false\n\trequired = true\n');
    const outcome = await worktree.commit();
    expect(Object.keys(worktree.files(outcome.commit))).toContain('fine.txt');
    expect(Object.keys(worktree.files(outcome.commit))).not.toContain('x.bin');
    expect(outcome.notes).toEqual([expect.stringMatching(/^x\.bin could not be committed: external filter 'false' failed/)]);
  });
});

describe('what stood there before', () => {
  test('untracked and unchanged is not the agent’s work, changed or beside it is', async () => {
    const worktree = await new Sandbox().worktree();
    worktree.write({ 'setup/same': 's', 'setup/changed': 'c', 'setup/touched': 't' });
    const untrackedBefore = await worktree.before();
    worktree.write({ 'setup/changed': 'C', 'setup/new': 'n', 'setup/touched': 't' });
    const { commit } = await worktree.commit({ untrackedBefore });
    expect(Object.keys(worktree.files(commit)).filter((name) => name.startsWith('setup/'))).toEqual([
      'setup/changed',
      'setup/new',
    ]);
  });

  test('content decides, not time: put back to the old time it is still changed', async () => {
    const worktree = await new Sandbox().worktree();
    worktree.write({ generated: 'one' });
    const untrackedBefore = await worktree.before();
    const { atime, mtime } = statSync(join(worktree.path, 'generated'));
    worktree.write({ generated: 'two' });
    utimesSync(join(worktree.path, 'generated'), atime, mtime);
    const { commit } = await worktree.commit({ untrackedBefore });
    expect(worktree.files(commit)['generated']).toBe('two');
  });

  test('survives being written down', async () => {
    const worktree = await new Sandbox().worktree();
    writeFileSync(Buffer.concat([Buffer.from(`${worktree.path}/caf`), Buffer.from([0xe9])]), 'x');
    const untrackedBefore = JSON.parse(JSON.stringify(await worktree.before()));
    expect(await worktree.commit({ untrackedBefore })).toMatchObject({ kind: 'clean' });
  });
});

describe('secrets', () => {
  test('untracked files that look like one are held back, allowed ones are not', async () => {
    const worktree = await new Sandbox().worktree();
    worktree.write({
      '.env': 'A=1',
      'config/.env.local': 'B=2',
      '.env.example': 'A=',
      'deploy/id_ed25519': 'k',
      'cert.pem': 'p',
    });
    const outcome = await worktree.commit({ allow: ['cert.pem'] });
    expect(outcome.heldBack).toEqual([
      { path: '.env', why: 'secret-name', by: null },
      { path: 'config/.env.local', why: 'secret-name', by: null },
      { path: 'deploy/id_ed25519', why: 'secret-name', by: null },
    ]);
    expect(Object.keys(worktree.files(outcome.commit))).toEqual(['.env.example', 'a.txt', 'b.txt', 'cert.pem', 'src/c.txt']);
    expect(worktree.git('status', '--porcelain').split('\n')).toEqual(['?? .env', '?? config/', '?? deploy/']);
  });

  test('held back although the agent staged it', async () => {
    const worktree = await new Sandbox().worktree();
    worktree.write({ '.env': 'A=1', 'x.txt': '1' });
    worktree.git('add', '-f', '.env', 'x.txt');
    const outcome = await worktree.commit();
    expect(outcome.heldBack).toEqual([{ path: '.env', why: 'secret-name', by: null }]);
    expect(worktree.git('status', '--porcelain')).toBe('?? .env');
  });

  test('an untracked file with a passed value in it is held back, a tracked one committed with a warning', async () => {
    const worktree = await new Sandbox().worktree();
    worktree.write({ 'notes.md': 'the key is tok_1234567890!', 'a.txt': 'x tok_1234567890 y', 'short.txt': 'dev' });
    const outcome = await worktree.commit({ secretValues: ['tok_1234567890', 'dev', ''] });
    expect(outcome.heldBack).toEqual([{ path: 'notes.md', why: 'secret-content', by: null }]);
    expect(outcome.notes).toEqual(['a.txt holds a secret value but is tracked: committed.']);
    expect(Object.keys(worktree.files(outcome.commit))).toContain('short.txt');
  });

  test('committed by the agent itself: said, unless allowed', async () => {
    const worktree = await new Sandbox().worktree();
    worktree.write({ '.env': 'A=1' });
    worktree.git('add', '-f', '.env');
    worktree.git('commit', '-qm', 'own');
    expect((await worktree.commit()).notes).toEqual(['.env looks like a secret and is in a commit that the agent made itself.']);
    expect((await worktree.commit({ allow: ['.env'] })).notes).toEqual([]);
  });

  test('a copy of a copied file, and a secret value out of it, are held back', async () => {
    const sandbox = new Sandbox({ '.gitignore': '.env\n' });
    write(sandbox.root, { '.env': 'STRIPE_SECRET_KEY="sk_live_abcdefgh"\nPORT=3000\nNEXT_PUBLIC_KEY=pk_this_is_public\n' });
    const worktree = await sandbox.worktree('dark', { copy: { entries: ['.env'] } });
    const untrackedBefore = await worktree.before();
    worktree.write({
      'settings.txt': readFileSync(join(worktree.path, '.env')),
      'pay.ts': "const key = 'sk_live_abcdefgh';",
      'server.ts': 'listen(3000); // pk_this_is_public',
    });
    const outcome = await worktree.commit({ untrackedBefore });
    expect(outcome.heldBack).toEqual([
      { path: 'pay.ts', why: 'secret-content', by: null },
      { path: 'settings.txt', why: 'secret-content', by: null },
    ]);
    expect(Object.keys(worktree.files(outcome.commit))).toEqual(['.gitignore', 'server.ts']);
  });
});

describe('repositories inside', () => {
  test('are reported, never committed as links, with or without a commit of their own', async () => {
    const worktree = await new Sandbox().worktree();
    for (const name of ['empty', 'vendor/full']) {
      mkdirSync(join(worktree.path, name), { recursive: true });
      git(join(worktree.path, name), 'init', '-q');
    }
    git(join(worktree.path, 'vendor/full'), 'commit', '-q', '--allow-empty', '-m', 'x');
    worktree.write({ 'vendor/full/f': '1', 'empty/g': '2', 'x.txt': '3' });
    const outcome = await worktree.commit();
    expect(outcome.heldBack).toEqual([
      { path: 'empty', why: 'nested-repository', by: null },
      { path: 'vendor/full', why: 'nested-repository', by: null },
    ]);
    expect(worktree.inRepository('ls-tree', '-r', outcome.commit)).not.toContain('160000');
    expect(Object.keys(worktree.files(outcome.commit))).toContain('x.txt');
  });

  test('one that setup made is nobody’s news', async () => {
    const worktree = await new Sandbox().worktree();
    mkdirSync(join(worktree.path, 'tools'));
    git(join(worktree.path, 'tools'), 'init', '-q');
    git(join(worktree.path, 'tools'), 'commit', '-q', '--allow-empty', '-m', 'x');
    const untrackedBefore = await worktree.before();
    expect(await worktree.commit({ untrackedBefore })).toMatchObject({ kind: 'clean', heldBack: [] });
  });
});

describe('HEAD elsewhere', () => {
  test('the agent’s own commits count, what is left uncommitted follows them', async () => {
    const worktree = await new Sandbox().worktree();
    worktree.write({ 'x.txt': '1' });
    worktree.git('add', '.');
    worktree.git('commit', '-qm', 'own');
    const own = worktree.git('rev-parse', 'HEAD');
    expect(await worktree.commit()).toMatchObject({ kind: 'committed', commit: own, parked: null });
    worktree.write({ 'y.txt': '2' });
    const { commit } = await worktree.commit();
    expect(worktree.inRepository('rev-parse', `${commit}^`)).toBe(own);
  });

  test('on a branch of its own, or detached, from our start: used, and HEAD is back on the branch', async () => {
    for (const way of [
      ['switch', '-qc', 'mine'],
      ['switch', '-q', '--detach'],
    ]) {
      const worktree = await new Sandbox().worktree();
      worktree.git(...way);
      worktree.write({ 'x.txt': '1' });
      worktree.git('add', '.');
      worktree.git('commit', '-qm', 'own');
      worktree.write({ 'y.txt': '2' });
      const { commit, parked } = await worktree.commit();
      expect(parked).toBeNull();
      expect(Object.keys(worktree.files(commit))).toEqual(['a.txt', 'b.txt', 'src/c.txt', 'x.txt', 'y.txt']);
      expect(worktree.inRepository('rev-parse', 'ui/dark')).toBe(commit);
      expect(worktree.git('status', '--porcelain', '--branch')).toBe('## ui/dark');
    }
  });

  test('leaving commits behind on the branch: they are kept', async () => {
    const worktree = await new Sandbox().worktree();
    worktree.write({ 'left.txt': '1' });
    worktree.git('add', '.');
    worktree.git('commit', '-qm', 'left behind');
    const left = worktree.git('rev-parse', 'HEAD');
    worktree.git('switch', '-q', '--detach', 'HEAD^');
    worktree.write({ 'x.txt': '1' });
    const outcome = await worktree.commit();
    expect(worktree.inRepository('rev-parse', 'refs/copse/v1/parked/ui/dark-branch')).toBe(left);
    expect(outcome.notes).toHaveLength(1);
    expect(Object.keys(worktree.files(outcome.commit))).not.toContain('left.txt');
  });

  test('not descending from the start: parked, branch and HEAD left alone', async () => {
    const sandbox = new Sandbox();
    const worktree = await sandbox.worktree('dark', { start: sandbox.commit({ 'later.txt': '1' }) });
    worktree.git('switch', '-q', '--detach', 'HEAD^');
    worktree.write({ 'x.txt': '1' });
    const outcome = await worktree.commit();
    expect(outcome).toMatchObject({ kind: 'committed', parked: 'refs/copse/v1/parked/ui/dark' });
    expect(worktree.inRepository('rev-parse', 'refs/copse/v1/parked/ui/dark')).toBe(outcome.commit);
    expect(worktree.inRepository('rev-parse', 'ui/dark')).toBe(worktree.handle.start);
    expect(worktree.git('status', '--porcelain', '--branch')).toBe('## HEAD (no branch)\n?? x.txt');
    expectWhole(sandbox);
  });

  test('an orphan branch: parked', async () => {
    const worktree = await new Sandbox().worktree();
    worktree.git('checkout', '-q', '--orphan', 'fresh');
    worktree.git('commit', '-qm', 'orphan');
    expect(await worktree.commit()).toMatchObject({ kind: 'committed', parked: 'refs/copse/v1/parked/ui/dark' });
  });

  test('unborn, broken or pointing to nothing: the files are committed on the branch', async () => {
    for (const text of [
      'ref: refs/heads/nowhere\n',
      'garbage',
      `${'0'.repeat(39)}1\n`,
      'ref: refs/heads/../../../etc/passwd\n',
      '',
    ]) {
      const worktree = await new Sandbox().worktree();
      worktree.write({ 'x.txt': '1' });
      writeFileSync(join(worktree.handle.gitDir, 'HEAD'), text);
      const outcome = await worktree.commit();
      expect(outcome).toMatchObject({ kind: 'committed', parked: null });
      expect(worktree.inRepository('rev-parse', 'ui/dark^')).toBe(worktree.handle.start);
      expect(worktree.git('status', '--porcelain', '--branch')).toBe('## ui/dark');
    }
  });

  test('its branch deleted: made again', async () => {
    const worktree = await new Sandbox().worktree();
    worktree.write({ 'x.txt': '1' });
    worktree.inRepository('update-ref', '-d', 'refs/heads/ui/dark');
    const { commit } = await worktree.commit();
    expect(worktree.inRepository('rev-parse', 'ui/dark')).toBe(commit);
  });
});

describe('an open operation', () => {
  async function conflict(): Promise<{ sandbox: Sandbox; worktree: Awaited<ReturnType<Sandbox['worktree']>> }> {
    const sandbox = new Sandbox();
    const start = sandbox.git('rev-parse', 'HEAD');
    sandbox.commit({ 'a.txt': 'theirs\n' });
    const worktree = await sandbox.worktree('dark', { start });
    worktree.write({ 'a.txt': 'ours\n' });
    worktree.git('commit', '-qam', 'ours');
    return { sandbox, worktree };
  }

  test.each([
    ['merge', ['merge', 'main']],
    ['rebase', ['rebase', 'main']],
    ['cherry-pick', ['cherry-pick', 'main']],
  ])('%s: left alone, a snapshot beside it', async (name, command) => {
    const { sandbox, worktree } = await conflict();
    const branch = worktree.inRepository('rev-parse', 'ui/dark');
    expect(() => worktree.git(...command)).toThrow();
    const status = worktree.git('status');
    const outcome = await worktree.commit();
    expect(outcome).toMatchObject({ kind: 'operation-open', parked: 'refs/copse/v1/parked/ui/dark' });
    expect(outcome.notes).toEqual([expect.stringContaining(`A ${name} was left open`)]);
    expect(worktree.inRepository('rev-list', '--parents', '-1', outcome.commit).split(' ')).toHaveLength(2);
    expect(worktree.files(outcome.commit)['a.txt']).toContain('<<<<<<<');
    expect(worktree.inRepository('rev-parse', 'ui/dark')).toBe(branch);
    expect(worktree.git('status')).toBe(status);
    expectWhole(sandbox);
  });
});

describe('the worktree itself', () => {
  test('deleted: said, nothing thrown, the branch as it is', async () => {
    const worktree = await new Sandbox().worktree();
    rmSync(worktree.path, { recursive: true });
    expect(await worktree.commit()).toMatchObject({ kind: 'missing', commit: worktree.handle.start });
  });

  test('replaced by a symlink: what it leads to is not committed', async () => {
    const sandbox = new Sandbox();
    const worktree = await sandbox.worktree();
    write(sandbox.folder, { 'private/diary.txt': 'dear diary' });
    rmSync(worktree.path, { recursive: true });
    symlinkSync(join(sandbox.folder, 'private'), worktree.path);
    expect(await worktree.commit()).toMatchObject({ kind: 'missing' });
  });

  test('its git directory replaced by a symlink: nobody else’s index is written', async () => {
    const sandbox = new Sandbox();
    const worktree = await sandbox.worktree();
    const person = sandbox.state();
    worktree.write({ 'x.txt': '1' });
    renameSync(worktree.handle.gitDir, join(sandbox.folder, 'moved'));
    symlinkSync(worktree.repository.commonDir, worktree.handle.gitDir);
    expect(await worktree.commit()).toMatchObject({ kind: 'missing' });
    rmSync(worktree.handle.gitDir);
    expect(sandbox.state()).toBe(person);
  });

  test('an index that git cannot read does not matter', async () => {
    const worktree = await new Sandbox().worktree();
    worktree.write({ 'x.txt': '1' });
    writeFileSync(join(worktree.handle.gitDir, 'index'), 'garbage');
    await worktree.commit();
    expect(worktree.git('status', '--porcelain', '--branch')).toBe('## ui/dark');
  });

  test('a split index, configured by the person, does not matter', async () => {
    globalConfig('[core]\n\tsplitIndex = true\n[splitIndex]\n\tmaxPercentChange = 0\n');
    const worktree = await new Sandbox().worktree();
    expect(worktree.git('status', '--porcelain')).toBe('');
    worktree.write({ 'x.txt': '1', 'y.txt': '2' });
    worktree.git('add', 'x.txt');
    const { commit } = await worktree.commit({ untrackedBefore: await worktree.before() });
    expect(commit).toBe(worktree.handle.start);
    expect(Object.keys(worktree.files((await worktree.commit()).commit))).toContain('y.txt');
    expect(worktree.git('status', '--porcelain')).toBe('');
  });

  test('without our own index everything is read, with the same result', async () => {
    const sandbox = new Sandbox();
    const worktree = await sandbox.worktree();
    rmSync(join(worktree.repository.commonDir, 'copse/v1/worktrees'), { recursive: true });
    worktree.write({ 'x.txt': '1' });
    rmSync(join(worktree.path, 'b.txt'));
    const { commit } = await worktree.commit();
    expect(Object.keys(worktree.files(commit))).toEqual(['a.txt', 'src/c.txt', 'x.txt']);
    expect(worktree.git('status', '--porcelain')).toBe('');
  });
});
