import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { answers, type Row, Story, text, truths } from '../../support/landing-story.ts';

const story = new Story();
afterAll(() => story.close());

const EDIT = { 'a.txt': text(30, { 10: 'mine' }) };
const EDITS = [{ 'a.txt': text(30, { 10: 'mine' }) }, { 'b.txt': text(12, { 4: 'mine' }) }] as const;
const LATER = { 'a.txt': text(30, { 10: 'edited later' }) };
const ELSEWHERE = { 'lib/one.txt': text(15, { 0: 'moved on', 5: 'one' }) };

const rows: readonly Row[] = [
  {
    name: 'fast-forward, start known',
    truth: 'landed',
    make: (s) => {
      s.work(...EDITS);
      s.git('merge', '-q', '--ff-only', 'work');
      s.commit(ELSEWHERE);
      return s.base;
    },
  },
  {
    name: 'fast-forward, start unknown: the same as a branch without commits',
    truth: 'empty',
    make: (s) => {
      s.work(...EDITS);
      s.git('merge', '-q', '--ff-only', 'work');
      s.commit(ELSEWHERE);
    },
  },
  {
    name: 'fast-forward, then taken back',
    truth: 'reverted',
    make: (s) => {
      s.work(...EDITS);
      s.git('merge', '-q', '--ff-only', 'work');
      s.revert('HEAD', 'HEAD~1');
      return s.base;
    },
  },
  {
    name: 'merge commit',
    truth: 'landed',
    make: (s) => {
      s.work(...EDITS);
      s.commit(ELSEWHERE);
      s.merge();
    },
  },
  {
    name: 'merge commit, then the same lines edited',
    truth: 'landed',
    make: (s) => {
      s.work(...EDITS);
      s.merge();
      s.commit(LATER);
    },
  },
  {
    name: 'merge commit, then taken back',
    truth: 'reverted',
    make: (s) => {
      s.work(...EDITS);
      s.merge();
      s.revert('-m', '1', 'HEAD');
    },
  },
  {
    name: 'merge commit, taken back, brought back',
    truth: 'landed',
    make: (s) => {
      s.work(...EDITS);
      s.merge();
      s.revert('-m', '1', 'HEAD');
      s.revert('HEAD');
    },
  },
  {
    name: 'squash',
    truth: 'landed',
    make: (s) => {
      s.work(...EDITS);
      s.squash();
    },
  },
  {
    name: 'squash after the target moved',
    truth: 'landed',
    make: (s) => {
      s.work(...EDITS);
      s.commit({ ...ELSEWHERE, 'a.txt': text(30, { 28: 'theirs' }) });
      s.squash();
      s.commit({ 'a.txt': text(30, { 10: 'mine', 20: 'more', 28: 'theirs' }) });
    },
  },
  {
    name: 'squash, context moved before',
    truth: 'landed',
    make: (s) => {
      s.work(EDIT);
      s.commit({ 'a.txt': text(30, { 0: 'a\nb\nc', 8: 'near' }) });
      s.squash();
    },
  },
  {
    name: 'squash, then the same lines edited',
    truth: 'landed-then-changed',
    make: (s) => {
      s.work(...EDITS);
      s.squash();
      s.commit(LATER);
      s.commit(ELSEWHERE);
    },
  },
  {
    name: 'squash, then taken back',
    truth: 'reverted',
    make: (s) => {
      s.work(...EDITS);
      s.squash();
      s.commit(ELSEWHERE);
      s.revert('HEAD~1');
    },
  },
  {
    name: 'squash, taken back, brought back',
    truth: 'landed',
    make: (s) => {
      s.work(...EDITS);
      s.squash();
      s.revert('HEAD');
      s.revert('HEAD');
    },
  },
  {
    name: 'rebased and fast-forwarded',
    truth: 'landed',
    make: (s) => {
      s.work(...EDITS);
      s.commit(ELSEWHERE);
      s.git('cherry-pick', 'work~1', 'work');
    },
  },
  {
    name: 'rebased and fast-forwarded, then the same lines edited',
    truth: 'landed-then-changed',
    make: (s) => {
      s.work(...EDITS);
      s.commit(ELSEWHERE);
      s.git('cherry-pick', 'work~1', 'work');
      s.commit(LATER);
    },
  },
  {
    name: 'rebased and fast-forwarded, then taken back',
    truth: 'reverted',
    make: (s) => {
      s.work(...EDITS);
      s.commit(ELSEWHERE);
      s.git('cherry-pick', 'work~1', 'work');
      s.revert('HEAD', 'HEAD~1');
    },
  },
  {
    name: 'cherry-pick',
    truth: 'landed',
    make: (s) => {
      s.work(EDIT);
      s.commit(ELSEWHERE);
      s.git('cherry-pick', 'work');
    },
  },
  {
    name: 'cherry-pick, then the same lines edited',
    truth: 'landed-then-changed',
    make: (s) => {
      s.work(EDIT);
      s.commit(ELSEWHERE);
      s.git('cherry-pick', 'work');
      s.commit(LATER);
    },
  },
  {
    name: 'cherry-pick, then taken back',
    truth: 'reverted',
    make: (s) => {
      s.work(EDIT);
      s.commit(ELSEWHERE);
      s.git('cherry-pick', 'work');
      s.revert('HEAD');
    },
  },
  {
    name: 'only some of its commits',
    truth: 'open',
    make: (s) => {
      s.work(...EDITS);
      s.commit(ELSEWHERE);
      s.git('cherry-pick', 'work~1');
    },
  },
  {
    name: 'the target has it with other white space',
    truth: 'open',
    make: (s) => {
      s.work(EDIT);
      s.commit({ 'a.txt': text(30, { 10: '  mine' }) });
    },
  },
  {
    name: 'the target has an equal hunk at another place',
    truth: 'open',
    make: (s) => {
      s.work({ 'a.txt': text(30, { 10: 'line 10\nsame\nlines' }) });
      s.commit({ 'a.txt': text(30, { 20: 'line 20\nsame\nlines' }) });
    },
  },
  {
    name: 'an edit made inside a merge commit of the branch',
    truth: 'open',
    make: (s) => {
      s.work(EDIT);
      s.commit(ELSEWHERE);
      s.on('work', () => {
        s.git('merge', '-q', '--no-commit', '--no-ff', 'main');
        s.commit({ 'b.txt': text(12, { 6: 'made in the merge' }) });
      });
      s.git('cherry-pick', 'work^1');
    },
  },
  {
    name: 'a merge driver that keeps the target’s side',
    truth: 'open',
    make: (s) => {
      s.git('config', 'merge.ours.driver', 'true');
      s.commit({ '.gitattributes': 'a.txt merge=ours\n' });
      s.work(EDIT);
      s.commit({ 'a.txt': text(30, { 28: 'theirs' }) });
      s.squash();
      s.commit(ELSEWHERE);
    },
  },
  {
    name: 'no commits',
    truth: 'empty',
    make: (s) => {
      s.git('branch', 'work');
    },
  },
  {
    name: 'no commits, and the target moved on',
    truth: 'empty',
    make: (s) => {
      s.git('branch', 'work');
      s.commit(ELSEWHERE);
      s.commit(LATER);
    },
  },
  {
    name: 'no history in common',
    truth: 'unrelated',
    make: (s) => {
      s.git('branch', 'work', s.git('commit-tree', '-m', 'strange', 'main^{tree}'));
    },
  },
  {
    name: 'amended after the squash',
    truth: 'open',
    make: (s) => {
      s.work(EDIT);
      s.squash();
      s.on('work', () => {
        s.commit({ 'b.txt': text(12, { 7: 'more' }) });
        s.git('reset', '-q', '--soft', 'HEAD~2');
        s.git('commit', '-q', '-m', 'Amended');
      });
    },
  },
  {
    name: 'one more commit after the squash',
    truth: 'open',
    make: (s) => {
      s.work(EDIT);
      s.squash();
      s.work({ 'b.txt': text(12, { 4: 'more' }) });
    },
  },
  {
    name: 'one more commit after the merge',
    truth: 'open',
    make: (s) => {
      s.work(EDIT);
      s.merge();
      s.work({ 'b.txt': text(12, { 4: 'more' }) });
    },
  },
  {
    name: 'never landed',
    truth: 'open',
    make: (s) => {
      s.work(...EDITS);
      s.commit(ELSEWHERE);
      s.commit({ 'a.txt': text(30, { 20: 'theirs' }), 'b.txt': text(12, { 9: 'theirs' }) });
    },
  },
];

test('the truth table', { timeout: 300_000 }, async () => {
  expect(await answers(story, rows)).toEqual(truths(rows));
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
  const { landedIn } = await import('../../../src/git/landed.ts');
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
