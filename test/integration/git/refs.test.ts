import { describe, expect, test } from 'vitest';
import { readRef } from '../../../src/git/refs/head.ts';
import { listBranches, listRefs, resolveCommit, updateRefs } from '../../../src/git/refs/refs.ts';
import { gitIn } from '../../../src/git/spawn/git-in.ts';
import { Sandbox } from '../../support/git-repository.ts';

describe('moving refs', () => {
  test('all or none, only from where they are expected', async () => {
    const sandbox = new Sandbox();
    const one = sandbox.git('rev-parse', 'HEAD');
    const two = sandbox.commit({ 'a.txt': '2' });
    const git = gitIn(sandbox.root);
    await updateRefs(git, [
      { ref: 'refs/heads/x', to: one, from: null },
      { ref: 'refs/copse/v1/y', to: two, from: null },
    ]);
    for (const wrong of [
      { ref: 'refs/heads/x', to: two, from: two },
      { ref: 'refs/heads/x', to: two, from: null },
      { ref: 'refs/heads/none', to: two, from: one },
      { ref: 'refs/heads/none', to: null, from: one },
    ]) {
      const changes = [{ ref: 'refs/copse/v1/y', to: one, from: two }, wrong];
      await expect(updateRefs(git, changes)).rejects.toMatchObject({ code: 'ref-moved', exit: 3 });
    }
    expect((await listRefs(git)).get('refs/copse/v1/y')).toBe(two);
    await updateRefs(git, [
      { ref: 'refs/heads/x', to: null, from: one },
      { ref: 'refs/copse/v1/y', to: one, from: two },
    ]);
    expect(await listBranches(git)).toEqual([{ name: 'main', commit: two }]);
  });

  test('fifty at once, each in a process of its own', async () => {
    const sandbox = new Sandbox();
    const to = sandbox.git('rev-parse', 'HEAD');
    const git = gitIn(sandbox.root);
    await Promise.all(Array.from({ length: 50 }, (_, i) => updateRefs(git, [{ ref: `refs/heads/b${i}`, to, from: null }])));
    sandbox.git('pack-refs', '--all');
    await Promise.all(Array.from({ length: 50 }, (_, i) => updateRefs(git, [{ ref: `refs/heads/b${i}`, to: null, from: to }])));
    expect(await listBranches(git)).toHaveLength(1);
  });
});

describe('reading refs', () => {
  test('names, ids, expressions, and names that are none', async () => {
    const sandbox = new Sandbox();
    const first = sandbox.git('rev-parse', 'HEAD');
    sandbox.commit({ 'a.txt': '2' });
    sandbox.git('tag', '-a', '-m', 'x', 'v1', first);
    const git = gitIn(sandbox.root, { reads: true });
    for (const name of ['HEAD~1', 'v1', first, first.slice(0, 8), 'main^']) expect(await resolveCommit(git, name)).toBe(first);
    for (const name of ['nope', '--all', '-x', '', 'HEAD:a.txt', 'a b', 'main..v1'])
      expect(await resolveCommit(git, name)).toBeNull();
  });

  test('as files: loose, packed, symbolic, a folder, out of the repository', async () => {
    const sandbox = new Sandbox();
    const { commonDir } = await sandbox.repository();
    const commit = sandbox.git('rev-parse', 'HEAD');
    sandbox.git('branch', 'ui/dark');
    expect(await readRef(commonDir, 'refs/heads/ui/dark')).toBe(commit);
    sandbox.git('pack-refs', '--all');
    expect(await readRef(commonDir, 'refs/heads/ui/dark')).toBe(commit);
    sandbox.git('symbolic-ref', 'refs/heads/alias', 'refs/heads/ui/dark');
    expect(await readRef(commonDir, 'refs/heads/alias')).toBe(commit);
    sandbox.git('symbolic-ref', 'refs/heads/loop', 'refs/heads/loop');
    for (const ref of ['refs/heads/loop', 'refs/heads/ui', 'refs/heads/k', 'refs/../HEAD', 'refs/heads/']) {
      expect(await readRef(commonDir, ref)).toBeNull();
    }
  });
});
