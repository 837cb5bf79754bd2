import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { neededPairs } from '../../../src/git/merging/needed-pairs.ts';
import { objectsGit } from '../../../src/git/spawn/git-in.ts';
import { Sandbox } from '../../support/git-repository.ts';

interface Made {
  readonly sandbox: Sandbox;
  readonly commit: (from: string, files: Record<string, string>) => string;
}

function made(): Made {
  const sandbox = new Sandbox({ 'a.txt': 'a\n', 'b.txt': 'b\n', 'lib/one.txt': '1\n' });
  return {
    sandbox,
    commit: (from, files) => {
      sandbox.git('checkout', '-q', '--detach', from);
      return sandbox.commit(files);
    },
  };
}

const ask = (sandbox: Sandbox, tips: readonly string[]) => neededPairs(objectsGit(join(sandbox.root, '.git')), tips);

test('only what may meet is merged, and the same changes once', async () => {
  const { sandbox, commit } = made();
  const a = commit('main', { 'a.txt': 'mine\n' });
  const same = commit('main', { 'a.txt': 'mine\n', 'c.txt': 'x\n' });
  const twin = commit('main', { 'a.txt': 'other\n' });
  const again = sandbox.git('commit-tree', '-m', 'again', '-p', 'main', `${twin}^{tree}`);
  const folder = commit('main', { 'thing/x.txt': 'x\n' });
  const file = commit('main', { thing: 'x\n' });
  const tips = [a, same, twin, again, folder, file];
  const need = await ask(sandbox, tips);
  const at = (one: string, other: string) => need?.(tips.indexOf(one), tips.indexOf(other));
  expect(at(a, twin)).toEqual([0, 2]);
  expect(at(a, again)).toEqual([0, 2]);
  expect(at(twin, again)).toBe('clean');
  expect(at(a, folder)).toBe('clean');
  expect(at(folder, file)).toEqual([4, 5]);
});

test('where sides have commits in common, or one moves files, all is merged', async () => {
  const { sandbox, commit } = made();
  const first = commit('main', { 'a.txt': 'first\n' });
  // Against the start it changes b.txt alone, against what both have in common a.txt, too.
  const back = commit(first, { 'a.txt': 'a\n', 'b.txt': 'back\n' });
  const on = commit(first, { 'a.txt': 'on\n' });
  sandbox.git('checkout', '-q', '--detach', 'main');
  renameSync(join(sandbox.root, 'lib'), join(sandbox.root, 'packages'));
  sandbox.git('add', '-A');
  sandbox.git('commit', '-qm', 'moved');
  const moves = sandbox.git('rev-parse', 'HEAD');
  const adds = commit('main', { 'lib/two.txt': '2\n' });
  const edits = commit('main', { 'b.txt': 'edited\n' });
  const need = await ask(sandbox, [back, on, moves, adds, edits]);
  expect(need?.(0, 1)).toEqual([0, 1]);
  expect(need?.(2, 3)).toEqual([2, 3]);
  expect(need?.(2, 4)).toBe('clean');
  expect(need?.(3, 4)).toBe('clean');
});

test('without a common history nothing is known', async () => {
  const { sandbox, commit } = made();
  const a = commit('main', { 'a.txt': 'mine\n' });
  const strange = sandbox.git('commit-tree', '-m', 'strange', 'main^{tree}');
  expect(await ask(sandbox, [a, strange])).toBeNull();
});
