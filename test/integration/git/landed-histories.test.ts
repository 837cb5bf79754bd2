import { afterAll, expect, test } from 'vitest';
import { Story, text } from '../../support/landing-story.ts';
import {
  branch,
  commit,
  forward,
  git,
  merge,
  on,
  pick,
  type Row,
  revert,
  squash,
  startAt,
  work,
  wrongRows,
} from '../../support/landing-table.ts';

const story = new Story();
afterAll(() => story.close());

const A = { 'a.txt': text(30, { 10: 'mine' }) };
const B = { 'b.txt': text(12, { 4: 'mine' }) };
const BOTH = { ...A, ...B };
const A_MORE = { 'a.txt': text(30, { 10: 'mine, more so' }) };
const A_LATER = { 'a.txt': text(30, { 10: 'edited later' }) };
const A_THEIRS = { 'a.txt': text(30, { 10: 'theirs' }) };
/** As it was, except for an unrelated line. */
const A_TAKEN_BACK = { 'a.txt': text(30, { 25: 'theirs' }) };
const ELSEWHERE = { 'lib/one.txt': text(15, { 0: 'moved on', 5: 'one' }) };

/** On `work`. */
const mergeBack = on('work', git('merge', '-q', '--no-edit', 'main'));
const lower = on('lower', commit(A));
/** `work` continues from another branch. */
const onLower = branch('work', 'lower');
const intoDevelop = on('develop', commit(B), merge('work'));
const crissCross = [work(A), commit(ELSEWHERE), merge('work'), on('work', merge('main^1')), work(B)];

const rows: readonly Row[] = [
  ['one of two files taken back', 'reverted', work(BOTH), squash(), git('checkout', 'HEAD~1', '--', 'b.txt'), commit(ELSEWHERE)],
  [
    'one of two hunks of a file taken back',
    'reverted',
    ...[work({ 'a.txt': text(30, { 5: 'mine', 25: 'mine too' }) }), squash(), commit({ 'a.txt': text(30, { 25: 'mine too' }) })],
  ],
  [
    'taken back, and the file edited elsewhere',
    'reverted',
    ...[work({ 'a.txt': text(30, { 10: 'line 10\nadded\nlines' }) }), squash(), revert('HEAD'), commit(A_TAKEN_BACK)],
  ],
  [
    'merged, taken back, and the file edited elsewhere',
    'reverted',
    ...[work(A), merge(), revert('-m', '1', 'HEAD'), commit(A_TAKEN_BACK)],
  ],
  [
    'taken back, brought back, then edited',
    'landed-then-changed',
    ...[work(BOTH), squash(), revert('HEAD'), revert('HEAD'), commit(A_LATER)],
  ],
  ['taken back, brought back, taken back', 'reverted', ...[work(A, B), squash(), revert('HEAD'), revert('HEAD'), revert('HEAD')]],
  [
    'edited, edited back, then taken back',
    'reverted',
    ...[work(A), squash(), commit({ 'a.txt': text(30, { 10: 'edited' }) }, A, { 'a.txt': text(30) })],
  ],
  [
    'the squash resolved a conflict another way',
    'open',
    ...[work(A), commit(A_THEIRS, { 'a.txt': text(30, { 10: 'mine and theirs' }) })],
  ],
  [
    'the merge resolved a conflict another way',
    'landed',
    work(BOTH),
    commit(A_THEIRS),
    git('merge', '-q', '--no-ff', '--no-commit', '-X', 'ours', 'work'),
    commit({ 'a.txt': text(30, { 10: 'mine and theirs' }) }),
  ],
  ['the merge kept nothing of it', 'reverted', work(A), commit(ELSEWHERE), merge('work', '-s', 'ours')],
  [
    'the merge left one file out',
    'reverted',
    work(BOTH),
    commit(ELSEWHERE),
    git('merge', '-q', '--no-ff', '--no-commit', 'work'),
    commit({ 'b.txt': text(12) }),
  ],
  ['another branch with the same content landed', 'landed', work(A, B), on('other', commit(BOTH)), squash('other')],
  [
    'stacked: the upper branch was squashed, with this one in it',
    'landed',
    ...[work(A), branch('upper', 'work'), on('upper', commit(B)), squash('upper')],
  ],
  ['stacked: only the lower branch was squashed', 'open', lower, onLower, work(B), squash('lower')],
  [
    'stacked on a start: both were squashed, the lower one edited since',
    'landed',
    ...[lower, onLower, startAt('lower'), work(B), squash('lower'), pick('work'), commit(A_LATER)],
  ],
  [
    'stacked on a start: taken back',
    'reverted',
    ...[lower, onLower, startAt('lower'), work(B), squash('lower'), pick('work'), revert('HEAD')],
  ],
  ['stacked on a start: only that landed', 'open', lower, onLower, startAt('lower'), work(A_MORE), squash('lower')],
  ['no commits since a start that landed', 'empty', lower, onLower, startAt('lower'), squash('lower')],
  ['squashed, and the target merged back into it', 'landed', work(A), commit(ELSEWHERE), squash(), mergeBack],
  [
    'squashed, the target merged back into it, then taken back',
    'reverted',
    ...[work(A), commit(ELSEWHERE), squash(), mergeBack, revert('HEAD')],
  ],
  [
    'squashed, merged back, taken back, and what came after it squashed',
    'reverted',
    ...[work(A), commit(ELSEWHERE), squash(), mergeBack, work(B), revert('HEAD'), pick('work')],
  ],
  [
    'kept up to date, went on over the same lines, then squashed',
    'landed',
    ...[work(A), commit(ELSEWHERE), mergeBack, work(A_MORE), squash(), commit({ 'b.txt': text(12, { 9: 'theirs' }) })],
  ],
  [
    'merged, taken back, and one more commit squashed',
    'reverted',
    ...[work(A), merge(), revert('-m', '1', 'HEAD'), work(B), pick('work')],
  ],
  [
    'fast-forwarded, taken back, and one more commit picked',
    'reverted',
    ...[startAt('main'), work(A), forward(), revert('HEAD'), work(B), pick('work')],
  ],
  ['its commits take each other back', 'open', work(A, { 'a.txt': text(30) }), commit(ELSEWHERE)],
  [
    'takes back what the target brought back',
    'reverted',
    ...[commit({ 'b.txt': text(12, { 4: 'theirs' }) }), work({ 'b.txt': text(12) }), squash(), revert('HEAD')],
  ],
  ['merged into another branch that was merged', 'landed', work(A), intoDevelop, commit(ELSEWHERE), merge('develop')],
  [
    'merged into another branch that was merged, of which something else was taken back',
    'landed',
    ...[work(A), intoDevelop, merge('develop'), commit({ 'b.txt': text(12) })],
  ],
  [
    'squashed into another branch that was merged',
    'landed-then-changed',
    ...[work(A), on('develop', squash()), commit(ELSEWHERE), merge('develop'), commit(A_LATER)],
  ],
  ['criss-cross: each merged the other, then the branch went on', 'open', ...crissCross],
  [
    'criss-cross: each merged the other, and the rest was squashed',
    'landed',
    ...[...crissCross, pick('work'), commit({ 'b.txt': text(12, { 4: 'mine', 11: 'theirs' }) })],
  ],
  [
    'reworded after the squash',
    'landed',
    ...[work(A), squash(), on('work', git('commit', '-q', '--amend', '-m', 'Other words'))],
  ],
  [
    'rebased onto the squash, and one file put back',
    'open',
    ...[work(BOTH), squash(), branch('work', 'main'), work({ 'b.txt': text(12) })],
  ],
];

test('the truth table of courses of history', { timeout: 300_000 }, async () => {
  expect(await wrongRows(story, rows)).toEqual({});
});
