import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { globalConfig } from '../../support/git-repository.ts';
import { Story, text } from '../../support/landing-story.ts';
import { commit, git, merge, type Row, type Step, squash, work, wrongRows } from '../../support/landing-table.ts';

const story = new Story();
afterAll(() => story.close());

const WITHOUT = { 'a.txt': text(30).replace('line 10\n', '') };
const THEIRS = { 'a.txt': text(30, { 10: 'theirs' }) };

/** In the git directory, where it is never committed. */
function inGit(path: string, content: string): Step {
  return (s) => {
    const file = join(s.root, '.git', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  };
}

const rows: readonly Row[] = [
  [
    'union: the branch deletes a line that the target edited',
    'open',
    ...[commit({ '.gitattributes': 'a.txt merge=union\n' }), work(WITHOUT), commit(THEIRS)],
  ],
  [
    'union: squashed, then entries beside it',
    'landed-then-changed',
    commit({ '.gitattributes': '*.txt  merge=union text\n' }),
    work({ 'log.txt': text(3, { 3: 'line 3\nmine' }) }),
    squash(),
    commit({ 'log.txt': text(3, { 3: 'line 3\nmine\ntheirs' }) }),
  ],
  [
    'union of a macro of the target',
    'open',
    ...[commit({ '.gitattributes': '[attr]gather merge=union\n*.txt gather\n' }), work(WITHOUT), commit(THEIRS)],
  ],
  [
    'union in the repository’s own attributes',
    'open',
    ...[inGit('info/attributes', 'a.txt merge=union\n'), work(WITHOUT), commit(THEIRS)],
  ],
  [
    'a default driver that keeps the target’s side',
    'open',
    ...[git('config', 'merge.default', 'union'), work(WITHOUT), commit(THEIRS)],
  ],
  [
    'a merge driver that keeps the target’s side',
    'open',
    git('config', 'merge.ours.driver', 'true'),
    commit({ '.gitattributes': 'a.txt merge=ours\n' }),
    work({ 'a.txt': text(30, { 10: 'mine' }) }),
    commit({ 'a.txt': text(30, { 28: 'theirs' }) }),
    squash(),
    commit({ 'lib/one.txt': text(15, { 0: 'moved on', 5: 'one' }) }),
  ],
  [
    'kept apart as a whole: squashed, then edited elsewhere in it',
    'landed-then-changed',
    commit({ '.gitattributes': 'a.txt -merge\n' }),
    work({ 'a.txt': text(30, { 10: 'mine' }) }),
    squash(),
    commit({ 'a.txt': text(30, { 10: 'mine', 20: 'theirs' }) }),
  ],
  [
    'kept apart as a whole: taken from the target in a merge',
    'reverted',
    work({ 'a.txt': text(30, { 10: 'mine' }) }),
    commit({ 'a.txt': text(30, { 20: 'theirs' }) }),
    merge('work', '-s', 'ours'),
  ],
];

test('the truth table of merge drivers', { timeout: 300_000 }, async () => {
  expect(await wrongRows(story, rows)).toEqual({});
});

test('a driver of the person’s own does not decide, nor do attributes of theirs', async () => {
  story.restart();
  const attributes = join(story.root, '.git', 'of-the-person');
  writeFileSync(attributes, 'b.txt merge=union\n');
  globalConfig(`[merge "ours"]\n\tdriver = true\n[merge]\n\tdefault = ours\n[core]\n\tattributesFile = ${attributes}\n`);
  story.commit({ '.gitattributes': 'a.txt merge=ours\n' });
  story.work({ ...WITHOUT, 'b.txt': text(12).replace('line 4\n', '') });
  story.commit({ ...THEIRS, 'b.txt': text(12, { 4: 'theirs' }) });
  expect((await story.answer())?.kind).toBe('open');
});
