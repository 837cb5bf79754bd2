import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Ancestry, readAncestry } from '../../../src/git/landed/ancestry.ts';
import { objectsGit } from '../../../src/git/spawn/git-in.ts';
import { Sandbox } from '../../support/git-repository.ts';

test('as much of a long history as matters says the same as all of a short one', async () => {
  const sandbox = new Sandbox();
  for (let n = 0; n < 6; n += 1) sandbox.commit({ 'a.txt': `${n}\n` });
  const branch = (name: string, from: string, files: Record<string, string>): string => {
    sandbox.git('checkout', '-q', '-b', name, from);
    const commit = sandbox.commit(files);
    sandbox.git('checkout', '-q', 'main');
    return commit;
  };
  const merged = branch('merged', 'HEAD~1', { 'merged.txt': 'x\n' });
  const inner = branch('inner', 'HEAD~2', { 'inner.txt': 'x\n' });
  sandbox.git('checkout', '-q', '-b', 'develop');
  sandbox.git('merge', '-q', '--no-ff', '--no-edit', 'inner');
  sandbox.git('checkout', '-q', 'main');
  for (const name of ['merged', 'develop']) {
    sandbox.git('merge', '-q', '--no-ff', '--no-edit', name);
    sandbox.commit({ 'b.txt': `after ${name}\n` });
  }
  const open = branch('open', 'HEAD~1', { 'open.txt': 'x\n' });
  const strange = sandbox.git('commit-tree', '-m', 'strange', 'main^{tree}');
  const target = sandbox.git('rev-parse', 'main');
  const git = objectsGit(join(sandbox.root, '.git'));
  const asked = [merged, inner, open, sandbox.git('rev-parse', 'main~2')];
  const said = (ancestry: Ancestry): unknown =>
    [...asked, strange].map((commit) => [
      ancestry.isOwn(commit),
      ancestry.place(commit),
      ancestry.broughtAt(commit),
      ancestry.isOwn(commit) ? ancestry.work(commit) : ancestry.mergesOf(commit),
    ]);
  const whole = await readAncestry(git, target, [...asked, strange]);
  const part = await readAncestry(git, target, [...asked, strange], { short: 1 });
  expect(said(part)).toEqual(said(whole));
  expect(part.chain.length).toBeLessThan(whole.chain.length);
  expect(whole.mergesOf(inner)?.outer).not.toBe(whole.mergesOf(inner)?.inner);
  expect(whole.mergesOf(inner)?.outer).toBe(sandbox.git('rev-parse', 'main~1'));
  expect(whole.work(open)).toMatchObject({ commits: 1, bases: [sandbox.git('rev-parse', 'main~1')] });
  expect(whole.work(strange).bases).toEqual([]);
});
