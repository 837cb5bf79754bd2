import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Story, text } from '../../support/landing-story.ts';
import {
  commit,
  executable,
  git,
  link,
  move,
  on,
  point,
  type Row,
  remove,
  type Step,
  squash,
  work,
  wrongRows,
} from '../../support/landing-table.ts';

const story = new Story();
afterAll(() => story.close());

const A = { 'a.txt': text(30, { 10: 'mine' }) };
const B = { 'b.txt': text(12, { 4: 'mine' }) };
const NEW = { 'new.txt': text(20, { 3: 'new' }) };
const THEIRS = { 'a.txt': text(30, { 12: 'theirs' }) };
const ELSEWHERE = { 'lib/one.txt': text(15, { 0: 'moved on', 5: 'one' }) };
const BINARY = { 'logo.bin': new Uint8Array([0, 1, 2, 255, 0, 9]) };
const PICTURE = { 'logo.bin': new Uint8Array([0, 1, 2, 255, 0, 10]) };
const RENAMED = { 'renamed.txt': text(30, { 10: 'mine' }) };
const toRenamed = move('a.txt', 'renamed.txt');

/** Commits a.txt with other line ends, whatever git would convert. */
const otherLineEnds: Step = (s) => {
  const path = join(s.root, '.git', 'crlf');
  writeFileSync(path, text(30).replaceAll('\n', '\r\n'));
  const blob = s.git('hash-object', '-w', '--no-filters', '--', path);
  s.git('update-index', '--cacheinfo', `100644,${blob},a.txt`);
  s.git('commit', '-qm', 'crlf');
  s.git('checkout', '-q', '-f');
};

const rows: readonly Row[] = [
  ['the target renames the file after the squash', 'landed', work(A), squash(), toRenamed, commit({})],
  [
    'the target renames and edits the file after the squash',
    'landed-then-changed',
    ...[work(A), squash(), toRenamed, commit({ 'renamed.txt': text(30, { 10: 'edited later' }) })],
  ],
  [
    'the target moves a file that the branch added',
    'landed-then-changed',
    ...[work(NEW), squash(), move('new.txt', 'moved.txt'), commit({})],
  ],
  [
    'the target deletes a file that the branch added, and has a copy from before',
    'reverted',
    ...[commit({ 'copy.txt': text(20, { 3: 'new' }) }), work(NEW), squash(), remove('new.txt'), commit({})],
  ],
  [
    'the branch renames and edits; squashed, then edited elsewhere',
    'landed',
    on('work', toRenamed, commit(RENAMED)),
    squash(),
    commit({ 'renamed.txt': text(30, { 10: 'mine', 25: 'theirs' }) }),
  ],
  [
    'the branch renames alone; squashed, then edited',
    'landed',
    ...[on('work', toRenamed, commit({})), squash(), commit({ 'renamed.txt': text(30, { 25: 'theirs' }) })],
  ],
  ['the branch renames and edits; only the edit landed', 'open', on('work', toRenamed, commit(RENAMED)), commit(A)],
  [
    'the file’s name changes only in case; squashed',
    'landed',
    ...[on('work', git('mv', 'a.txt', 'A.txt'), commit({})), squash(), commit(ELSEWHERE)],
  ],
  [
    'the file’s name changes only in case; the target has neither',
    'open',
    ...[on('work', git('mv', 'a.txt', 'A.txt'), commit({})), commit(THEIRS)],
  ],
  ['binary: squashed', 'landed', work(BINARY), squash(), commit(ELSEWHERE)],
  ['binary: squashed, then another', 'landed-then-changed', work(BINARY), squash(), commit(PICTURE)],
  ['binary: the target has another', 'open', ...[commit({ 'logo.bin': new Uint8Array([0, 7]) }), work(BINARY), commit(PICTURE)]],
  ['mode alone: squashed', 'landed', on('work', executable('a.txt')), squash(), commit(ELSEWHERE)],
  ['mode alone: the target edited the file', 'open', on('work', executable('a.txt')), commit(THEIRS)],
  ['mode and text: only the text landed', 'open', on('work', executable('b.txt'), commit(A)), commit(A)],
  [
    'a link: squashed, then it points elsewhere',
    'landed-then-changed',
    ...[on('work', link('a.txt', 'link'), commit({})), squash(), link('b.txt', 'link'), commit({})],
  ],
  [
    'a submodule: pointed the same way',
    'landed',
    point('1'),
    on('work', point('2', 'Point as the branch')),
    point('2'),
    git('commit', '-q', '--allow-empty', '-m', 'More'),
  ],
  [
    'a submodule: pointed the same way, then on',
    'landed-then-changed',
    ...[point('1'), on('work', point('2', 'Point as the branch')), point('2'), point('3')],
  ],
  [
    'a submodule: the target points elsewhere',
    'open',
    ...[point('1'), on('work', point('2', 'Point as the branch')), point('3')],
  ],
  ['deleted by both', 'landed', on('work', remove('b.txt'), commit({})), remove('b.txt'), commit(ELSEWHERE)],
  ['deleted by the target, edited by the branch', 'open', work(B), remove('b.txt'), commit({})],
  ['deleted by the branch, edited by the target', 'open', on('work', remove('b.txt'), commit({})), commit(B)],
  [
    'line ends: the target’s squash has other ones',
    'open',
    work({ 'a.txt': text(30, { 10: 'mine\r', 11: 'more\r' }) }),
    commit({ '.gitattributes': '*.txt text eol=lf\n', 'a.txt': text(30, { 10: 'mine', 11: 'more' }) }),
  ],
  [
    'line ends: the branch changes nothing else, and has not landed',
    'open',
    git('config', 'merge.renormalize', 'true'),
    git('config', 'core.autocrlf', 'true'),
    commit({ '.gitattributes': '*.txt text\n' }),
    on('work', otherLineEnds),
    commit({ 'b.txt': text(12, { 1: 'theirs' }) }),
  ],
  [
    'line ends: squashed with attributes that convert in the worktree',
    'landed',
    commit({ '.gitattributes': '*.txt text eol=crlf\n' }),
    work(A),
    squash(),
    commit({ 'a.txt': text(30, { 10: 'mine', 25: 'theirs' }) }),
  ],
  [
    'odd names',
    'landed-then-changed',
    work({ 'odd\nname é ".txt': text(9, { 3: 'mine' }), ':(glob)*.txt': 'x\n' }),
    squash(),
    commit({ 'odd\nname é ".txt': text(9, { 3: 'edited later' }) }),
  ],
];

test('the truth table of kinds of files', { timeout: 300_000 }, async () => {
  expect(await wrongRows(story, rows)).toEqual({});
});
