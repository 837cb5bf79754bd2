import { expect, test } from 'vitest';
import { isAncestor } from '../../../src/git/objects/is-ancestor.ts';
import { knownCommits, knownObjects } from '../../../src/git/objects/known-objects.ts';
import { GitError } from '../../../src/git/spawn/git-error.ts';
import { gitIn, objectsGit } from '../../../src/git/spawn/git-in.ts';
import { Sandbox } from '../../support/git-repository.ts';

const NOWHERE = '0123456789012345678901234567890123456789';

test('what the repository has, by its kind', async () => {
  const sandbox = new Sandbox();
  const commit = sandbox.git('rev-parse', 'HEAD');
  const tree = sandbox.git('rev-parse', 'HEAD^{tree}');
  const blob = sandbox.git('rev-parse', 'HEAD:a.txt');
  const git = objectsGit((await sandbox.repository()).commonDir);
  expect([...(await knownObjects(git, [commit, tree, blob, NOWHERE, commit]))]).toEqual([
    [commit, 'commit'],
    [tree, 'tree'],
    [blob, 'blob'],
  ]);
  expect([...(await knownCommits(git, [null, commit, tree, NOWHERE]))]).toEqual([commit]);
});

test('one commit in the history of another, as they were committed', async () => {
  const sandbox = new Sandbox();
  const one = sandbox.git('rev-parse', 'HEAD');
  const two = sandbox.commit({ 'a.txt': '2' });
  sandbox.git('checkout', '-q', '--orphan', 'other');
  const other = sandbox.commit({ 'a.txt': '3' });
  const git = gitIn(sandbox.root, { reads: true });
  const answers = [await isAncestor(git, one, two), await isAncestor(git, two, one), await isAncestor(git, one, one)];
  expect(answers).toEqual([true, false, true]);
  sandbox.git('replace', two, other);
  expect(await isAncestor(git, one, two)).toBe(true);
  await expect(isAncestor(git, NOWHERE, two)).rejects.toBeInstanceOf(GitError);
  expect(await isAncestor(git, NOWHERE, two, { gone: 'no' })).toBe(false);
});
