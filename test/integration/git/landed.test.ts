import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { landedIn } from '../../../src/git/landed/landed.ts';
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

const EDIT = { 'a.txt': text(30, { 10: 'mine' }) };
const EDITS = [EDIT, { 'b.txt': text(12, { 4: 'mine' }) }] as const;
const LATER = { 'a.txt': text(30, { 10: 'edited later' }) };
const ELSEWHERE = { 'lib/one.txt': text(15, { 0: 'moved on', 5: 'one' }) };
const MORE = { 'b.txt': text(12, { 4: 'more' }) };

const rebased = [work(...EDITS), commit(ELSEWHERE), pick('work~1', 'work')];
const picked = [work(EDIT), commit(ELSEWHERE), pick('work')];

const rows: readonly Row[] = [
  ['fast-forward, start known', 'landed', startAt('main'), work(...EDITS), forward(), commit(ELSEWHERE)],
  [
    'fast-forward, start unknown: the same as a branch without commits',
    'empty',
    ...[work(...EDITS), forward(), commit(ELSEWHERE)],
  ],
  ['fast-forward, then taken back', 'reverted', startAt('main'), work(...EDITS), forward(), revert('HEAD', 'HEAD~1')],
  ['merge commit', 'landed', work(...EDITS), commit(ELSEWHERE), merge()],
  ['merge commit, then the same lines edited', 'landed', work(...EDITS), merge(), commit(LATER)],
  ['merge commit, then taken back', 'reverted', work(...EDITS), merge(), revert('-m', '1', 'HEAD')],
  ['merge commit, taken back, brought back', 'landed', ...[work(...EDITS), merge(), revert('-m', '1', 'HEAD'), revert('HEAD')]],
  ['squash', 'landed', work(...EDITS), squash()],
  [
    'squash after the target moved',
    'landed',
    work(...EDITS),
    commit({ ...ELSEWHERE, 'a.txt': text(30, { 28: 'theirs' }) }),
    squash(),
    commit({ 'a.txt': text(30, { 10: 'mine', 20: 'more', 28: 'theirs' }) }),
  ],
  [
    'squash, context moved before',
    'landed',
    ...[work(EDIT), commit({ 'a.txt': text(30, { 0: 'a\nb\nc', 8: 'near' }) }), squash()],
  ],
  ['squash, then the same lines edited', 'landed-then-changed', work(...EDITS), squash(), commit(LATER, ELSEWHERE)],
  ['squash, then taken back', 'reverted', work(...EDITS), squash(), commit(ELSEWHERE), revert('HEAD~1')],
  ['squash, taken back, brought back', 'landed', work(...EDITS), squash(), revert('HEAD'), revert('HEAD')],
  ['rebased and fast-forwarded', 'landed', ...rebased],
  ['rebased and fast-forwarded, then the same lines edited', 'landed-then-changed', ...rebased, commit(LATER)],
  ['rebased and fast-forwarded, then taken back', 'reverted', ...rebased, revert('HEAD', 'HEAD~1')],
  ['cherry-pick', 'landed', ...picked],
  ['cherry-pick, then the same lines edited', 'landed-then-changed', ...picked, commit(LATER)],
  ['cherry-pick, then taken back', 'reverted', ...picked, revert('HEAD')],
  ['only some of its commits', 'open', work(...EDITS), commit(ELSEWHERE), pick('work~1')],
  ['the target has it with other white space', 'open', work(EDIT), commit({ 'a.txt': text(30, { 10: '  mine' }) })],
  [
    'the target has an equal hunk at another place',
    'open',
    work({ 'a.txt': text(30, { 10: 'line 10\nsame\nlines' }) }),
    commit({ 'a.txt': text(30, { 20: 'line 20\nsame\nlines' }) }),
  ],
  [
    'an edit made inside a merge commit of the branch',
    'open',
    work(EDIT),
    commit(ELSEWHERE),
    on('work', git('merge', '-q', '--no-commit', '--no-ff', 'main'), commit({ 'b.txt': text(12, { 6: 'made in the merge' }) })),
    pick('work^1'),
  ],
  ['no commits', 'empty', branch('work', 'main')],
  ['no commits, and the target moved on', 'empty', branch('work', 'main'), commit(ELSEWHERE, LATER)],
  ['no history in common', 'unrelated', (s) => s.git('branch', 'work', s.git('commit-tree', '-m', 'strange', 'main^{tree}'))],
  [
    'amended after the squash',
    'open',
    work(EDIT),
    squash(),
    on(
      'work',
      commit({ 'b.txt': text(12, { 7: 'more' }) }),
      git('reset', '-q', '--soft', 'HEAD~2'),
      git('commit', '-q', '-m', 'Amended'),
    ),
  ],
  ['one more commit after the squash', 'open', work(EDIT), squash(), work(MORE)],
  ['one more commit after the merge', 'open', work(EDIT), merge(), work(MORE)],
  [
    'never landed',
    'open',
    work(...EDITS),
    commit(ELSEWHERE, { 'a.txt': text(30, { 20: 'theirs' }), 'b.txt': text(12, { 9: 'theirs' }) }),
  ],
];

test('the truth table of the known courses', { timeout: 300_000 }, async () => {
  expect(await wrongRows(story, rows)).toEqual({});
});

test('says what brought it in, and how far the branch is ahead', async () => {
  story.restart();
  story.work(...EDITS);
  expect(await story.answer()).toEqual({ kind: 'open', ahead: 2 });
  const squashed = story.squash();
  expect(await story.answer()).toEqual({ kind: 'landed', how: 'squashed', commit: null });
  story.commit(LATER);
  expect(await story.answer()).toEqual({ kind: 'landed-then-changed', commit: squashed });
  story.git('reset', '-q', '--hard', squashed);
  story.commit(ELSEWHERE);
  story.revert(squashed);
  expect(await story.answer()).toEqual({ kind: 'reverted', commit: squashed });

  story.restart();
  story.work(...EDITS);
  const merged = story.merge();
  expect(await story.answer()).toEqual({ kind: 'landed', how: 'merged', commit: merged });
});

test('many at once have the answers that each has alone, and nothing is left behind', { timeout: 300_000 }, async () => {
  story.restart();
  for (let n = 0; n < 12; n += 1) {
    story.on(`many-${n}`, () =>
      story.commit({ [`many/${n}.txt`]: text(9, { 3: `branch ${n}` }), 'a.txt': text(30, { [2 + n * 2]: `n ${n}` }) }),
    );
  }
  for (const n of [0, 1, 2]) story.squash(`many-${n}`);
  story.merge('many-3');
  story.squash('many-4');
  story.revert('HEAD');
  story.squash('many-5');
  story.commit({ 'many/5.txt': text(9, { 3: 'edited later' }) });
  const tips = Array.from({ length: 12 }, (_, n) => story.git('rev-parse', `many-${n}`));
  const strange = story.git('commit-tree', '-m', 'strange', 'main^{tree}');
  const o = { commonDir: join(story.root, '.git'), targets: [story.git('rev-parse', 'main')] };
  const objects = story.git('count-objects', '-v');
  const candidates = [...tips, strange].map((tip) => ({ tip }));
  const together = await landedIn({ ...o, candidates });
  expect(story.git('count-objects', '-v')).toBe(objects);
  expect(together.map(({ kind }) => kind)).toEqual([
    ...['landed', 'landed', 'landed', 'landed', 'reverted', 'landed-then-changed'],
    ...['open', 'open', 'open', 'open', 'open', 'open', 'unrelated'],
  ]);
  for (const [i, candidate] of candidates.entries()) {
    expect(await landedIn({ ...o, candidates: [candidate] })).toEqual([together[i]]);
  }
});

test('of several targets the best counts, but not one that does not know of a revert', async () => {
  story.restart();
  const commonDir = join(story.root, '.git');
  const ask = async (targets: readonly string[]): Promise<string | undefined> => {
    const [landing] = await landedIn({ commonDir, targets, candidates: [{ tip: story.git('rev-parse', 'work') }] });
    return landing?.kind;
  };
  story.work(EDIT);
  const before = story.commit(ELSEWHERE);
  const landed = story.squash();
  expect(await ask([before, landed])).toBe('landed');
  expect(await ask([before, before])).toBe('open');
  story.revert('HEAD');
  const reverted = story.git('rev-parse', 'HEAD');
  expect(await ask([landed, reverted])).toBe('reverted');
  expect(await ask([reverted, landed])).toBe('reverted');
  story.revert('HEAD');
  expect(await ask([reverted, story.git('rev-parse', 'HEAD')])).toBe('landed');
});
