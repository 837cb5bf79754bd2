import { expect, test } from 'vitest';
import { lastMove } from '../../../src/git/refs/reflog.ts';
import { Sandbox } from '../../support/git-repository.ts';

const MAIN = 'refs/heads/main';

test('the last move of a branch, and that the checkout made it', async () => {
  const sandbox = new Sandbox();
  sandbox.git('commit', '-q', '--allow-empty', '-m', 'Fix 100 % of "it"');
  const tip = sandbox.git('rev-parse', 'HEAD');
  expect(await lastMove(sandbox.root, MAIN, tip)).toEqual({ message: 'commit: Fix 100 % of "it"', checkout: sandbox.root });
});

test('a move that the checkout did not make', async () => {
  const sandbox = new Sandbox();
  const tip = sandbox.git('rev-parse', 'HEAD');
  sandbox.git('update-ref', '--create-reflog', '-m', 'by a script', 'refs/heads/other', tip);
  expect(await lastMove(sandbox.root, 'refs/heads/other', tip)).toEqual({ message: 'by a script', checkout: null });
});

test.each([
  ['another commit is its last one', MAIN, (sandbox: Sandbox) => sandbox.git('rev-parse', 'HEAD~1')],
  ['it has no reflog', 'refs/tags/v1', (sandbox: Sandbox) => sandbox.git('rev-parse', 'HEAD')],
  ['it is gone', 'refs/heads/gone', (sandbox: Sandbox) => sandbox.git('rev-parse', 'HEAD')],
])('nothing where %s', async (_, ref, to) => {
  const sandbox = new Sandbox();
  sandbox.commit({ 'a.txt': '2' });
  sandbox.git('tag', 'v1');
  expect(await lastMove(sandbox.root, ref, to(sandbox))).toBeNull();
});
