import { afterAll, expect, test } from 'vitest';
import { landedIn } from '../../../src/git/landed/landed.ts';
import { Story, text } from '../../support/landing-story.ts';
import {
  commit,
  merge,
  move,
  on,
  pick,
  type Row,
  remove,
  revert,
  type Step,
  squash,
  work,
  wronglyRemembered,
  wrongRows,
} from '../../support/landing-table.ts';

const story = new Story();
afterAll(() => story.close());

const BASE = { 'a.txt': text(30) };
const A = { 'a.txt': text(30, { 10: 'mine' }) };
const A_TWICE = { 'a.txt': text(30, { 5: 'mine', 25: 'mine too' }) };
const B = { 'b.txt': text(12, { 4: 'mine' }) };
const BOTH = { ...A, ...B };
const SAME_PLACE = { 'a.txt': text(30, { 10: 'theirs, later' }) };
const ELSEWHERE = { 'lib/one.txt': text(15, { 0: 'moved on', 5: 'one' }) };
const NEW = { 'new.txt': text(20, { 3: 'new' }) };
const ADDED = { 'a.txt': text(30, { 10: 'line 10\nadded\nlines', 20: 'line 20\nmore\nof them' }) };

const back = revert('HEAD');
const mergeBack = revert('-m', '1', 'HEAD');
const renamed: Step = (s) => [move('a.txt', 'renamed.txt')(s), s.commit({})];
const gone =
  (path: string): Step =>
  (s) => [remove(path)(s), s.commit({})];
/** The same lines in both files, so that git finds the one in the other. */
const inFolder = text(30, { 10: 'mine' });

const reverts: readonly Row[] = [
  // Squashed, taken back, and something else at the place.
  ['squash, back, the same line edited', 'reverted', work(A), squash(), back, commit(SAME_PLACE)],
  [
    'squash, back, the same line edited, and again',
    'reverted',
    work(A),
    squash(),
    back,
    commit(SAME_PLACE, ELSEWHERE, { 'a.txt': text(30, { 10: 'once more' }) }),
  ],
  ['squash, back, renamed', 'reverted', work(A), squash(), back, renamed],
  [
    'squash, back, renamed and edited',
    'reverted',
    work(A),
    squash(),
    back,
    renamed,
    commit({ 'renamed.txt': text(30, { 10: 'theirs' }) }),
  ],
  ['squash, back, deleted', 'reverted', work(A), squash(), back, gone('a.txt')],
  ['squash, back, another file of the name', 'reverted', work(NEW), squash(), back, commit({ 'new.txt': 'something\nelse\n' })],
  [
    'squash, half of it taken back by hand, then edited there',
    'reverted',
    work(BOTH),
    squash(),
    commit({ 'b.txt': text(12) }, { 'b.txt': text(12, { 4: 'theirs' }) }),
  ],
  [
    'squash, one of two places taken back by hand, then edited there',
    'reverted',
    work(A_TWICE),
    squash(),
    commit({ 'a.txt': text(30, { 25: 'mine too' }) }, { 'a.txt': text(30, { 5: 'theirs', 25: 'mine too' }) }),
  ],
  // The same after a true merge.
  ['merge, back, the same line edited', 'reverted', work(A), commit(ELSEWHERE), merge(), mergeBack, commit(SAME_PLACE)],
  ['merge, back, renamed', 'reverted', work(A), merge(), mergeBack, renamed],
  ['merge, back, deleted', 'reverted', work(A), merge(), mergeBack, gone('a.txt')],
  [
    'merge, back, another file of the name',
    'reverted',
    work(NEW),
    merge(),
    mergeBack,
    commit({ 'new.txt': 'something\nelse\n' }),
  ],
  [
    'merge, half of it taken back by hand, then edited there',
    'reverted',
    work(BOTH),
    merge(),
    commit({ 'b.txt': text(12) }, { 'b.txt': text(12, { 4: 'theirs' }) }),
  ],
  // Within something larger, or by another way.
  [
    'squash, back in a larger commit, the same line edited',
    'reverted',
    work(A),
    squash(),
    commit({ ...BASE, ...ELSEWHERE, 'c.txt': 'more\n' }, SAME_PLACE),
  ],
  [
    'squash, back beside an edit of the file, the same line edited',
    'reverted',
    work(A),
    squash(),
    commit({ 'a.txt': text(30, { 20: 'theirs' }) }, { 'a.txt': text(30, { 10: 'later', 20: 'theirs' }) }),
  ],
  [
    'merge, back beside an edit of the file, then deleted',
    'reverted',
    work(A),
    merge(),
    commit({ 'a.txt': text(30, { 20: 'theirs' }) }),
    gone('a.txt'),
  ],
  [
    'squash, edited elsewhere, back, the same line edited',
    'reverted',
    work(A),
    squash(),
    commit(
      { 'a.txt': text(30, { 10: 'mine', 20: 'x' }) },
      { 'a.txt': text(30, { 20: 'x' }) },
      { 'a.txt': text(30, { 10: 'y', 20: 'x' }) },
    ),
  ],
  ['squash, renamed, back under the new name', 'reverted', work(A), squash(), renamed, commit({ 'renamed.txt': text(30) })],
  [
    'squash, renamed, back under the new name, edited there',
    'reverted',
    work(A),
    squash(),
    renamed,
    commit({ 'renamed.txt': text(30) }, { 'renamed.txt': text(30, { 10: 'theirs' }) }),
  ],
  [
    'merge, renamed, back under the new name, edited there',
    'reverted',
    work(A),
    merge(),
    renamed,
    commit({ 'renamed.txt': text(30) }, { 'renamed.txt': text(30, { 10: 'theirs' }) }),
  ],
  [
    'picked one by one, all back, edited',
    'reverted',
    work(A, B),
    commit(ELSEWHERE),
    pick('work~1', 'work'),
    revert('HEAD', 'HEAD~1'),
    commit(SAME_PLACE),
  ],
  [
    'a new file moved, then deleted',
    'reverted',
    work(NEW),
    squash(),
    move('new.txt', 'moved.txt'),
    commit({}),
    gone('moved.txt'),
    commit(ELSEWHERE),
  ],
  [
    'deleted by the work, restored with an edit, edited again',
    'reverted',
    on('work', gone('b.txt')),
    squash(),
    commit({ 'b.txt': text(12, { 2: 'x' }) }, { 'b.txt': text(12, { 2: 'y' }) }),
  ],
  [
    'added lines deleted again, half of them, then edited there',
    'reverted',
    work(ADDED),
    squash(),
    commit(
      { 'a.txt': text(30, { 10: 'line 10\nadded\nlines' }) },
      { 'a.txt': text(30, { 10: 'line 10\nadded\nlines', 20: 'line 20, edited' }) },
    ),
  ],
  [
    'back twice: landed again in between',
    'reverted',
    work(A),
    squash(),
    back,
    revert('HEAD'),
    revert('HEAD'),
    commit(SAME_PLACE),
  ],
  [
    'back in another branch that was merged',
    'reverted',
    work(A),
    squash(),
    on('other', back),
    commit(ELSEWHERE),
    merge('other'),
    commit(SAME_PLACE),
  ],
];

const lands: readonly Row[] = [
  ['squash, back, edited, landed again', 'landed', work(A), squash(), back, commit(SAME_PLACE, A)],
  [
    'squash, back, landed again, edited there',
    'landed-then-changed',
    work(A),
    squash(),
    back,
    revert('HEAD'),
    commit(SAME_PLACE),
  ],
  [
    'squash, back, edited elsewhere, landed again, edited there',
    'landed-then-changed',
    work(A),
    squash(),
    back,
    commit(ELSEWHERE),
    pick('work'),
    commit(SAME_PLACE),
  ],
  [
    'merge, back, landed again beside an edit',
    'landed',
    work(A),
    merge(),
    mergeBack,
    commit({ 'a.txt': text(30, { 20: 'x' }) }),
    revert('HEAD~1'),
  ],
  ['merge, back, landed again, renamed', 'landed', work(A), merge(), mergeBack, revert('HEAD'), renamed],
  [
    'squash, edited there three times',
    'landed-then-changed',
    work(A),
    squash(),
    commit(SAME_PLACE, ELSEWHERE, { 'a.txt': text(30, { 10: 'again' }) }, { 'a.txt': text(30, { 10: 'and again' }) }),
  ],
  [
    'a new file, moved and rewritten step by step',
    'landed-then-changed',
    work(NEW),
    squash(),
    move('new.txt', 'moved.txt'),
    commit(
      {},
      { 'moved.txt': text(20, { 3: 'x', 4: 'x', 5: 'x', 6: 'x', 7: 'x', 8: 'x', 9: 'x' }) },
      { 'moved.txt': `${'other\n'.repeat(30)}` },
    ),
  ],
  [
    'a new file, moved twice',
    'landed-then-changed',
    work(NEW),
    squash(),
    move('new.txt', 'moved.txt'),
    commit({}),
    move('moved.txt', 'again.txt'),
    commit({}),
  ],
  [
    'a new file, merged, moved and rewritten step by step',
    'landed',
    work({ 'in/new.txt': inFolder }),
    merge(),
    move('in/new.txt', 'moved.txt'),
    commit({}, { 'moved.txt': 'short\n' }),
  ],
  [
    'a common line comes back at another place',
    'landed-then-changed',
    work({ 'a.txt': text(30).replace('line 10\n', '') }),
    squash(),
    commit({ 'a.txt': text(30, { 9: 'line nine', 20: 'line 20\nline 10' }).replace('line 10\n', '') }),
  ],
  [
    'one of many added lines deleted later',
    'landed-then-changed',
    work(ADDED),
    squash(),
    commit({ 'a.txt': text(30, { 10: 'line 10\nadded', 20: 'line 20\nmore\nof them' }) }),
  ],
];

const both: readonly Row[] = [
  [
    'the squash keeps both sides of a conflict, the target’s first',
    'landed',
    work(A),
    commit({ 'a.txt': text(30, { 10: 'theirs' }) }, { 'a.txt': text(30, { 10: 'theirs\nmine' }) }),
  ],
  [
    'the squash keeps both sides of a conflict, its own first',
    'landed',
    work(BOTH),
    commit({ 'a.txt': text(30, { 10: 'theirs' }) }, { ...B, 'a.txt': text(30, { 10: 'mine\ntheirs' }) }),
  ],
  [
    'both sides at the end of a file, and the target went on',
    'landed-then-changed',
    work({ 'log.txt': `${text(3)}mine\n` }),
    commit(
      { 'log.txt': `${text(3)}theirs\n` },
      { 'log.txt': `${text(3)}theirs\nmine\n` },
      { 'log.txt': `${text(3)}theirs\nmine, edited\n` },
    ),
  ],
  [
    'both sides of a file that both added',
    'landed',
    work({ 'n.txt': 'mine\n' }),
    commit({ 'n.txt': 'theirs\n' }, { 'n.txt': 'theirs\nmine\n' }),
  ],
  [
    'both sides kept, then taken back',
    'reverted',
    work(A),
    commit({ 'a.txt': text(30, { 10: 'theirs' }) }, { 'a.txt': text(30, { 10: 'theirs\nmine' }) }),
    back,
    commit({ 'a.txt': text(30, { 10: 'later' }) }),
  ],
  [
    'one of two conflicts keeps only the target’s side',
    'open',
    work(A_TWICE),
    commit(
      { 'a.txt': text(30, { 5: 'theirs', 25: 'theirs too' }) },
      { 'a.txt': text(30, { 5: 'theirs\nmine', 25: 'theirs too' }) },
    ),
  ],
  [
    'the work deletes what the target edits',
    'open',
    work({ 'a.txt': text(30).replace('line 10\n', '').replace('line 20', 'line 20\nmine') }),
    commit({ 'a.txt': text(30, { 10: 'theirs', 20: 'line 20' }) }, { 'a.txt': text(30, { 10: 'theirs', 20: 'line 20\nmine' }) }),
  ],
  [
    'the target has the lines by chance, before it met the work',
    'open',
    work({ 'a.txt': text(30, { 10: 'mine', 20: 'more' }) }),
    commit({ 'a.txt': text(30, { 10: 'theirs', 28: 'mine\nmore' }) }),
  ],
];

test('fault 112: the truth table of reverts, however the target went on', { timeout: 300_000 }, async () => {
  expect(await wrongRows(story, reverts)).toEqual({});
  expect(await wronglyRemembered(story, reverts)).toEqual({});
});

test('the truth table of what looks like a revert and is none', { timeout: 300_000 }, async () => {
  expect(await wrongRows(story, lands)).toEqual({});
  expect(await wronglyRemembered(story, lands)).toEqual({});
});

test('the truth table of conflicts of which both sides are kept', { timeout: 300_000 }, async () => {
  expect(await wrongRows(story, both)).toEqual({});
});

test('many at once, beside a file that everybody writes to', { timeout: 300_000 }, async () => {
  story.restart();
  const log: string[] = [];
  const entry = (line: string): void => {
    log.push(line);
    story.commit({ 'log.txt': log.map((one) => `${one}\n`).join('') });
  };
  for (let n = 0; n < 4; n += 1) entry(`before ${n}`);
  const names = Array.from({ length: 14 }, (_, n) => `many-${n}`);
  for (const [n, name] of names.entries())
    story.on(name, () =>
      story.commit({ [`${name}.txt`]: text(9, { 3: name }), 'log.txt': [...log, `by ${n}`].map((one) => `${one}\n`).join('') }),
    );
  for (const [n, name] of names.entries()) {
    story.commit({ [`${name}.txt`]: text(9, { 3: name }) });
    entry(`by ${n}`);
  }
  // Every third entry is removed again and replaced.
  for (let n = 0; n < names.length; n += 3) {
    const at = log.indexOf(`by ${n}`);
    log.splice(at, 1);
    entry(`after ${n}`);
    log.splice(at, 0, `in place of ${n}`);
    entry(`later ${n}`);
  }
  const tips = names.map((name) => ({ tip: story.git('rev-parse', name) }));
  const answers = await landedIn({
    commonDir: `${story.root}/.git`,
    targets: [story.git('rev-parse', 'main')],
    candidates: tips,
  });
  for (const [i, candidate] of tips.entries()) {
    const alone = await landedIn({
      commonDir: `${story.root}/.git`,
      targets: [story.git('rev-parse', 'main')],
      candidates: [candidate],
    });
    expect(alone, names[i]).toEqual([answers[i]]);
  }
});
