import { describe, expect, test } from 'vitest';
import { commitTree, mergeTrees } from '../../../src/git/merging/merge-tree.ts';
import { objectsGit } from '../../../src/git/spawn/git-in.ts';
import { Sandbox } from '../../support/git-repository.ts';

function branches(): { sandbox: Sandbox; base: string; branch: (name: string, files: Record<string, string>) => string } {
  const sandbox = new Sandbox({ 'a.txt': '1\n2\n3\n4\n5\n6\n7\n', 'b.txt': 'b\n' });
  const base = sandbox.git('rev-parse', 'HEAD');
  const branch = (name: string, files: Record<string, string>): string => {
    sandbox.git('switch', '-q', '-c', name, base);
    return sandbox.commit(files);
  };
  return { sandbox, base, branch };
}

describe('merging without a worktree', () => {
  test('clean: the tree of both; in conflict: the files', async () => {
    const { sandbox, base, branch } = branches();
    const left = branch('left', { 'a.txt': 'L\n2\n3\n4\n5\n6\n7\n' });
    const right = branch('right', { 'a.txt': '1\n2\n3\n4\n5\n6\nR\n', 'new.txt': 'n\n' });
    const other = branch('other', { 'a.txt': 'O\n2\n3\n4\n5\n6\n7\n' });
    const git = objectsGit((await sandbox.repository()).commonDir);
    const clean = await mergeTrees(git, null, left, right);
    expect(clean).toMatchObject({ clean: true, conflicts: [] });
    expect(sandbox.git('show', `${clean.tree}:a.txt`)).toBe('L\n2\n3\n4\n5\n6\nR');
    expect(await mergeTrees(git, null, left, other)).toMatchObject({ clean: false, conflicts: ['a.txt'] });
    const commit = await commitTree(git, { tree: clean.tree, parents: [left, right], message: 'both' });
    expect(sandbox.git('log', '-1', '--format=%P %B', commit)).toBe(`${left} ${right} both`);
    expect(sandbox.git('rev-list', '--count', `${base}..${commit}`)).toBe('3');
  });

  test('with a base of one’s own: what was squashed away does not conflict', async () => {
    const { sandbox, base, branch } = branches();
    const need = branch('need', { 'a.txt': 'N\n2\n3\n4\n5\n6\n7\n' });
    sandbox.git('switch', '-q', '-c', 'dependent', need);
    const dependent = sandbox.commit({ 'a.txt': 'N2\n2\n3\n4\n5\n6\n7\n' });
    sandbox.git('switch', '-q', 'main');
    sandbox.git('reset', '-q', '--hard', base);
    const target = sandbox.commit({ 'a.txt': 'N\n2\n3\n4\n5\n6\n7\n', 'b.txt': 'later\n' });
    const git = objectsGit((await sandbox.repository()).commonDir);
    expect(await mergeTrees(git, null, target, dependent)).toMatchObject({ clean: false });
    const merged = await mergeTrees(git, need, target, dependent);
    expect(merged.clean).toBe(true);
    expect(sandbox.git('show', `${merged.tree}:a.txt`)).toBe('N2\n2\n3\n4\n5\n6\n7');
    expect(sandbox.git('show', `${merged.tree}:b.txt`)).toBe('later');
  });
});
