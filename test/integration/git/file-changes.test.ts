import { chmodSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileChanges, sumOfChanges, touchedPaths } from '../../../src/git/objects/file-changes.ts';
import { hunksOf, patchesOf } from '../../../src/git/objects/hunks.ts';
import { objectsGit } from '../../../src/git/spawn/git-in.ts';
import { Sandbox, write } from '../../support/git-repository.ts';

const TEXT = Array.from({ length: 20 }, (_, i) => `line ${i}\n`).join('');

async function made() {
  const sandbox = new Sandbox({
    'a.txt': 'a\nb\nc\n',
    'old name.txt': TEXT,
    'run.sh': 'x\n',
    'gone.txt': 'g\n',
    'b.bin': '\0\x01',
  });
  const base = sandbox.git('rev-parse', 'HEAD');
  sandbox.git('mv', 'old name.txt', 'new\nname ü.txt');
  chmodSync(join(sandbox.root, 'run.sh'), 0o755);
  rmSync(join(sandbox.root, 'gone.txt'));
  symlinkSync('a.txt', join(sandbox.root, 'link'));
  write(sandbox.root, { 'a.txt': 'a\nB\nc', 'b.bin': '\0\x02', 'new\nname ü.txt': `${TEXT}more\n`, '1\t2\tthree': 'tab\n' });
  sandbox.git('update-index', '--add', '--cacheinfo', `160000,${base},module`);
  sandbox.git('add', '-A', '--', ':!module');
  sandbox.git('commit', '-qm', 'Change');
  const tip = sandbox.git('rev-parse', 'HEAD');
  const { commonDir } = await sandbox.repository();
  return { sandbox, base, tip, git: objectsGit(commonDir) };
}

test('all kinds of change, for many pairs at once, empty ones included', async () => {
  const { base, tip, git } = await made();
  const [none, files, back] = await fileChanges(git, [
    { from: base, to: base },
    { from: base, to: tip },
    { from: tip, to: base },
  ]);
  expect(none).toEqual([]);
  expect(back).toHaveLength(files?.length ?? -1);
  const by = new Map(files?.map((file) => [file.path, file]));
  expect(by.get('a.txt')).toMatchObject({ status: 'modified', insertions: 2, deletions: 2, binary: false });
  expect(by.get('new\nname ü.txt')).toMatchObject({ status: 'renamed', from: 'old name.txt', insertions: 1, deletions: 0 });
  expect(by.get('run.sh')).toMatchObject({ status: 'modified', modes: { before: '100644', after: '100755' }, insertions: 0 });
  expect(by.get('gone.txt')).toMatchObject({ status: 'deleted', modes: null, deletions: 1 });
  expect(by.get('b.bin')).toMatchObject({ status: 'modified', binary: true, insertions: null, deletions: null });
  expect(by.get('link')).toMatchObject({ status: 'added' });
  expect(by.get('1\t2\tthree')).toMatchObject({ status: 'added', insertions: 1 });
  expect(by.get('module')).toMatchObject({ status: 'added', submodule: { before: null, after: base } });
  expect(touchedPaths(files ?? [])).toContain('old name.txt');
  expect(sumOfChanges(files ?? [], 1)).toMatchObject({ files: 8, commits: 1 });
});

test('hunks name the place in the start, also where the final line end is all that differs', async () => {
  const { base, tip, git } = await made();
  const [none, hunks] = await hunksOf(git, [
    { from: base, to: base },
    { from: base, to: tip },
  ]);
  expect(none).toEqual([]);
  expect(hunks?.filter(({ path }) => path === 'a.txt')).toEqual([
    { path: 'a.txt', line: 2, count: 2, removed: ['b', 'c'], added: ['B', 'c', '\\ No newline at end of file'] },
  ]);
  expect(hunks?.filter(({ path }) => path.startsWith('new\n'))).toEqual([
    { path: 'new\nname ü.txt', line: 20, count: 0, removed: [], added: ['more'] },
  ]);
  expect(hunks?.find(({ path }) => path === 'gone.txt')).toMatchObject({ removed: ['g'], added: [] });
});

test('patches come apart at the pairs, whatever they hold', async () => {
  const { sandbox, base, git } = await made();
  const tricky = sandbox.commit({ 'id.txt': `${base}\n--- a\n+++ b\n@@ -1 +1 @@\ndiff --git a/x b/x\n` });
  const pairs = [
    { from: base, to: base },
    { from: base, to: tricky },
    { from: `${tricky}~1`, to: tricky },
  ].map((pair) => ({ from: sandbox.git('rev-parse', pair.from), to: pair.to }));
  const patches = await patchesOf(git, pairs);
  expect(patches).toHaveLength(3);
  expect(patches[0]?.trim()).toBe('');
  for (const [i, { from, to }] of pairs.entries()) {
    const alone = sandbox.git('-c', 'core.quotePath=false', 'diff-tree', '-r', '-p', '-M', from, to);
    expect(patches[i]?.trimEnd()).toBe(alone);
  }
  const [, , hunks] = await hunksOf(git, pairs);
  const added = hunks?.find(({ path }) => path === 'id.txt');
  expect(added).toMatchObject({ line: 0, count: 0, removed: [] });
  expect(added?.added).toHaveLength(5);
});
