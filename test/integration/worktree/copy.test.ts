import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { measureCopy } from '../../../src/worktree/copy/measure-copy.ts';
import { Sandbox, write } from '../../support/git-repository.ts';

function prepared(): Sandbox {
  const sandbox = new Sandbox({ '.gitignore': 'node_modules/\n.env*\n*.sqlite\n', 'src/c.txt': 'c' });
  write(sandbox.root, {
    '.env': 'A=1',
    '.env.local': 'B=2',
    'node_modules/x/index.js': 'x',
    'node_modules/y/index.js': 'yy',
    'data/dev.sqlite': 'db',
    'data/tracked.txt': 't',
    'notes.txt': 'untracked',
  });
  sandbox.git('add', 'data/tracked.txt');
  sandbox.git('commit', '-qm', 'data');
  return sandbox;
}

describe('measuring', () => {
  test('whole folders are one entry, with bytes and files', async () => {
    const repository = await prepared().repository();
    expect(await measureCopy(repository, ['.env', 'node_modules', '*.sqlite'])).toEqual({
      entries: ['.env', 'data/dev.sqlite', 'node_modules'],
      bytes: 3 + 2 + 3,
      files: 4,
      problems: [],
    });
  });

  test('nothing named, nothing copied', async () => {
    const repository = await prepared().repository();
    for (const patterns of [null, []])
      expect(await measureCopy(repository, patterns)).toMatchObject({ entries: [], problems: [] });
  });

  test('.worktreeinclude names ignored files only', async () => {
    const sandbox = prepared();
    write(sandbox.root, { '.worktreeinclude': '.env*\n!.env.local\n# more\nnotes.txt\n' });
    expect(await measureCopy(await sandbox.repository(), null)).toMatchObject({ entries: ['.env'], problems: [] });
  });

  test('patterns that find nothing, lead out, or name what is tracked are problems', async () => {
    const { problems } = await measureCopy(await prepared().repository(), ['.envv', '../secret', 'src/c.txt']);
    expect(problems).toEqual([
      'copy: ../secret leads out of the repository.',
      'copy: .envv matches no untracked file.',
      'copy: src/c.txt is tracked, so every worktree has it anyway.',
    ]);
  });

  test('a linked worktree copies from the main one; a bare repository has nothing to copy', async () => {
    const sandbox = prepared();
    sandbox.git('worktree', 'add', '-q', '--detach', join(sandbox.folder, 'linked'));
    expect(await measureCopy(await sandbox.repository(join(sandbox.folder, 'linked')), ['.env'])).toMatchObject({
      entries: ['.env'],
    });
    const bare = join(sandbox.folder, 'bare.git');
    sandbox.git('clone', '-q', '--bare', '.', bare);
    expect(await measureCopy(await sandbox.repository(bare), ['.env'])).toMatchObject({
      entries: [],
      problems: [expect.stringContaining('a bare repository has no files to copy')],
    });
  });
});

describe('copying', () => {
  test('brings files, folders, modes and inner symlinks, and is not the agent’s work', async () => {
    const sandbox = prepared();
    mkdirSync(join(sandbox.root, 'node_modules/.bin'));
    symlinkSync('../x/index.js', join(sandbox.root, 'node_modules/.bin/x'));
    execFileSync('chmod', ['640', join(sandbox.root, '.env')]);
    const worktree = await sandbox.worktree('dark', {
      copy: { entries: ['.env', 'node_modules', 'data/dev.sqlite', 'notes.txt'] },
    });
    expect(readFileSync(join(worktree.path, 'node_modules/y/index.js'), 'utf8')).toBe('yy');
    expect(readlinkSync(join(worktree.path, 'node_modules/.bin/x'))).toBe('../x/index.js');
    expect(execFileSync('stat', ['-c', '%a', join(worktree.path, '.env')], { encoding: 'utf8' }).trim()).toBe('640');
    expect(existsSync(join(worktree.path, 'data/dev.sqlite'))).toBe(true);
    expect(worktree.handle.copied).toEqual(['.env', 'node_modules', 'data/dev.sqlite', 'notes.txt']);
    expect(await worktree.commit({ untrackedBefore: await worktree.before() })).toMatchObject({ kind: 'clean', heldBack: [] });
  });

  test('what the worktree has already stays as it is', async () => {
    const sandbox = prepared();
    write(sandbox.root, { 'data/tracked.txt': 'changed here' });
    const worktree = await sandbox.worktree('dark', { copy: { entries: ['data/tracked.txt'] } });
    expect(readFileSync(join(worktree.path, 'data/tracked.txt'), 'utf8')).toBe('t');
  });
});
