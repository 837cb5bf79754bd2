import { renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { landedIn } from '../../../src/git/landed.ts';
import { globalConfig } from '../../support/git-repository.ts';
import { answers, type Row, Story, text, truths } from '../../support/landing-story.ts';

const story = new Story();
afterAll(() => story.close());

const A = { 'a.txt': text(30, { 10: 'mine' }) };
const B = { 'b.txt': text(12, { 4: 'mine' }) };
const ELSEWHERE = { 'lib/one.txt': text(15, { 0: 'moved on', 5: 'one' }) };
const BINARY = new Uint8Array([0, 1, 2, 255, 0, 9]);
const PICTURE = new Uint8Array([0, 1, 2, 255, 0, 10]);

function move(s: Story, from: string, to: string): void {
  renameSync(join(s.root, from), join(s.root, to));
}

/** A submodule of the root at `commit`, without a repository behind it. */
function point(s: Story, commit: string, message = 'Point'): void {
  s.git('update-index', '--add', '--cacheinfo', `160000,${commit.repeat(40)},module`);
  s.git('commit', '-q', '-m', message);
}

const drivers: readonly Row[] = [
  {
    name: 'union: the branch deletes a line that the target edited',
    truth: 'open',
    make: (s) => {
      s.commit({ '.gitattributes': 'a.txt merge=union\n' });
      s.work({ 'a.txt': text(30).replace('line 10\n', '') });
      s.commit({ 'a.txt': text(30, { 10: 'theirs' }) });
    },
  },
  {
    name: 'union: squashed, then entries beside it',
    truth: 'landed-then-changed',
    make: (s) => {
      s.commit({ '.gitattributes': '*.txt  merge=union text\n' });
      s.work({ 'log.txt': text(3, { 3: 'line 3\nmine' }) });
      s.squash();
      s.commit({ 'log.txt': text(3, { 3: 'line 3\nmine\ntheirs' }) });
    },
  },
  {
    name: 'union of a macro of the target',
    truth: 'open',
    make: (s) => {
      s.commit({ '.gitattributes': '[attr]gather merge=union\n*.txt gather\n' });
      s.work({ 'a.txt': text(30).replace('line 10\n', '') });
      s.commit({ 'a.txt': text(30, { 10: 'theirs' }) });
    },
  },
  {
    name: 'union in the repository’s own attributes',
    truth: 'open',
    make: (s) => {
      writeFileSync(join(s.root, '.git/info/attributes'), 'a.txt merge=union\n');
      s.work({ 'a.txt': text(30).replace('line 10\n', '') });
      s.commit({ 'a.txt': text(30, { 10: 'theirs' }) });
    },
  },
  {
    name: 'a default driver that keeps the target’s side',
    truth: 'open',
    make: (s) => {
      s.git('config', 'merge.default', 'union');
      s.work({ 'a.txt': text(30).replace('line 10\n', '') });
      s.commit({ 'a.txt': text(30, { 10: 'theirs' }) });
    },
  },
  {
    name: 'kept apart as a whole: squashed, then edited elsewhere in it',
    truth: 'landed-then-changed',
    make: (s) => {
      s.commit({ '.gitattributes': 'a.txt -merge\n' });
      s.work(A);
      s.squash();
      s.commit({ 'a.txt': text(30, { 10: 'mine', 20: 'theirs' }) });
    },
  },
  {
    name: 'kept apart as a whole: taken from the target in a merge',
    truth: 'reverted',
    make: (s) => {
      s.work(A);
      s.commit({ 'a.txt': text(30, { 20: 'theirs' }) });
      s.merge('work', '-s', 'ours');
    },
  },
];

const kinds: readonly Row[] = [
  {
    name: 'the target renames the file after the squash',
    truth: 'landed',
    make: (s) => {
      s.work(A);
      s.squash();
      move(s, 'a.txt', 'renamed.txt');
      s.commit({});
    },
  },
  {
    name: 'the target renames and edits the file after the squash',
    truth: 'landed-then-changed',
    make: (s) => {
      s.work(A);
      s.squash();
      move(s, 'a.txt', 'renamed.txt');
      s.commit({ 'renamed.txt': text(30, { 10: 'edited later' }) });
    },
  },
  {
    name: 'the target moves a file that the branch added',
    truth: 'landed-then-changed',
    make: (s) => {
      s.work({ 'new.txt': text(20, { 3: 'new' }) });
      s.squash();
      move(s, 'new.txt', 'moved.txt');
      s.commit({});
    },
  },
  {
    name: 'the target deletes a file that the branch added, and has a copy from before',
    truth: 'reverted',
    make: (s) => {
      s.commit({ 'copy.txt': text(20, { 3: 'new' }) });
      s.work({ 'new.txt': text(20, { 3: 'new' }) });
      s.squash();
      rmSync(join(s.root, 'new.txt'));
      s.commit({});
    },
  },
  {
    name: 'the branch renames and edits; squashed, then edited elsewhere',
    truth: 'landed',
    make: (s) => {
      s.on('work', () => {
        move(s, 'a.txt', 'renamed.txt');
        s.commit({ 'renamed.txt': text(30, { 10: 'mine' }) });
      });
      s.squash();
      s.commit({ 'renamed.txt': text(30, { 10: 'mine', 25: 'theirs' }) });
    },
  },
  {
    name: 'the branch renames alone; squashed, then edited',
    truth: 'landed',
    make: (s) => {
      s.on('work', () => {
        move(s, 'a.txt', 'renamed.txt');
        s.commit({});
      });
      s.squash();
      s.commit({ 'renamed.txt': text(30, { 25: 'theirs' }) });
    },
  },
  {
    name: 'the branch renames and edits; only the edit landed',
    truth: 'open',
    make: (s) => {
      s.on('work', () => {
        move(s, 'a.txt', 'renamed.txt');
        s.commit({ 'renamed.txt': text(30, { 10: 'mine' }) });
      });
      s.commit(A);
    },
  },
  {
    name: 'the file’s name changes only in case; squashed',
    truth: 'landed',
    make: (s) => {
      s.on('work', () => {
        s.git('mv', 'a.txt', 'A.txt');
        s.commit({});
      });
      s.squash();
      s.commit(ELSEWHERE);
    },
  },
  {
    name: 'the file’s name changes only in case; the target has neither',
    truth: 'open',
    make: (s) => {
      s.on('work', () => {
        s.git('mv', 'a.txt', 'A.txt');
        s.commit({});
      });
      s.commit({ 'a.txt': text(30, { 12: 'theirs' }) });
    },
  },
  {
    name: 'binary: squashed',
    truth: 'landed',
    make: (s) => {
      s.work({ 'logo.bin': BINARY });
      s.squash();
      s.commit(ELSEWHERE);
    },
  },
  {
    name: 'binary: squashed, then another',
    truth: 'landed-then-changed',
    make: (s) => {
      s.work({ 'logo.bin': BINARY });
      s.squash();
      s.commit({ 'logo.bin': PICTURE });
    },
  },
  {
    name: 'binary: the target has another',
    truth: 'open',
    make: (s) => {
      s.commit({ 'logo.bin': new Uint8Array([0, 7]) });
      s.work({ 'logo.bin': BINARY });
      s.commit({ 'logo.bin': PICTURE });
    },
  },
  {
    name: 'mode alone: squashed',
    truth: 'landed',
    make: (s) => {
      s.on('work', () => {
        s.git('update-index', '--chmod=+x', 'a.txt');
        s.git('commit', '-qm', 'x');
        s.git('checkout', '-q', '-f');
      });
      s.squash();
      s.commit(ELSEWHERE);
    },
  },
  {
    name: 'mode alone: the target edited the file',
    truth: 'open',
    make: (s) => {
      s.on('work', () => {
        s.git('update-index', '--chmod=+x', 'a.txt');
        s.git('commit', '-qm', 'x');
        s.git('checkout', '-q', '-f');
      });
      s.commit({ 'a.txt': text(30, { 12: 'theirs' }) });
    },
  },
  {
    name: 'mode and text: only the text landed',
    truth: 'open',
    make: (s) => {
      s.on('work', () => {
        s.git('update-index', '--chmod=+x', 'b.txt');
        s.git('commit', '-qm', 'x');
        s.git('checkout', '-q', '-f');
        s.commit(A);
      });
      s.commit(A);
    },
  },
  {
    name: 'a link: squashed, then it points elsewhere',
    truth: 'landed-then-changed',
    make: (s) => {
      s.on('work', () => {
        symlinkSync('a.txt', join(s.root, 'link'));
        s.commit({});
      });
      s.squash();
      rmSync(join(s.root, 'link'));
      symlinkSync('b.txt', join(s.root, 'link'));
      s.commit({});
    },
  },
  {
    name: 'a submodule: pointed the same way',
    truth: 'landed',
    make: (s) => {
      point(s, '1');
      s.on('work', () => point(s, '2', 'Point as the branch'));
      point(s, '2');
      s.git('commit', '-q', '--allow-empty', '-m', 'More');
    },
  },
  {
    name: 'a submodule: pointed the same way, then on',
    truth: 'landed-then-changed',
    make: (s) => {
      point(s, '1');
      s.on('work', () => point(s, '2', 'Point as the branch'));
      point(s, '2');
      point(s, '3');
    },
  },
  {
    name: 'a submodule: the target points elsewhere',
    truth: 'open',
    make: (s) => {
      point(s, '1');
      s.on('work', () => point(s, '2', 'Point as the branch'));
      point(s, '3');
    },
  },
  {
    name: 'deleted by both',
    truth: 'landed',
    make: (s) => {
      s.on('work', () => {
        rmSync(join(s.root, 'b.txt'));
        s.commit({});
      });
      rmSync(join(s.root, 'b.txt'));
      s.commit(ELSEWHERE);
    },
  },
  {
    name: 'deleted by the target, edited by the branch',
    truth: 'open',
    make: (s) => {
      s.work(B);
      rmSync(join(s.root, 'b.txt'));
      s.commit({});
    },
  },
  {
    name: 'deleted by the branch, edited by the target',
    truth: 'open',
    make: (s) => {
      s.on('work', () => {
        rmSync(join(s.root, 'b.txt'));
        s.commit({});
      });
      s.commit(B);
    },
  },
  {
    name: 'line ends: the target’s squash has other ones',
    truth: 'open',
    make: (s) => {
      s.work({ 'a.txt': text(30, { 10: 'mine\r', 11: 'more\r' }) });
      s.commit({ '.gitattributes': '*.txt text eol=lf\n', 'a.txt': text(30, { 10: 'mine', 11: 'more' }) });
    },
  },
  {
    name: 'line ends: the branch changes nothing else, and has not landed',
    truth: 'open',
    make: (s) => {
      s.git('config', 'merge.renormalize', 'true');
      s.git('config', 'core.autocrlf', 'true');
      s.commit({ '.gitattributes': '*.txt text\n' });
      s.on('work', () => {
        const blob = s.git('hash-object', '-w', '--no-filters', '--', writeCrlf(s));
        s.git('update-index', '--cacheinfo', `100644,${blob},a.txt`);
        s.git('commit', '-qm', 'crlf');
        s.git('checkout', '-q', '-f');
      });
      s.commit({ 'b.txt': text(12, { 1: 'theirs' }) });
    },
  },
  {
    name: 'line ends: squashed with attributes that convert in the worktree',
    truth: 'landed',
    make: (s) => {
      s.commit({ '.gitattributes': '*.txt text eol=crlf\n' });
      s.work(A);
      s.squash();
      s.commit({ 'a.txt': text(30, { 10: 'mine', 25: 'theirs' }) });
    },
  },
  {
    name: 'odd names',
    truth: 'landed-then-changed',
    make: (s) => {
      s.work({ 'odd\nname é ".txt': text(9, { 3: 'mine' }), ':(glob)*.txt': 'x\n' });
      s.squash();
      s.commit({ 'odd\nname é ".txt': text(9, { 3: 'edited later' }) });
    },
  },
];

function writeCrlf(s: Story): string {
  const path = join(s.root, '.git', 'crlf');
  writeFileSync(path, text(30).replaceAll('\n', '\r\n'));
  return path;
}

const histories: readonly Row[] = [
  {
    name: 'one of two files taken back',
    truth: 'reverted',
    make: (s) => {
      s.work({ ...A, ...B });
      s.squash();
      s.git('checkout', '-q', 'HEAD~1', '--', 'b.txt');
      s.commit(ELSEWHERE);
    },
  },
  {
    name: 'one of two hunks of a file taken back',
    truth: 'reverted',
    make: (s) => {
      s.work({ 'a.txt': text(30, { 5: 'mine', 25: 'mine too' }) });
      s.squash();
      s.commit({ 'a.txt': text(30, { 25: 'mine too' }) });
    },
  },
  {
    name: 'taken back, and the file edited elsewhere',
    truth: 'reverted',
    make: (s) => {
      s.work({ 'a.txt': text(30, { 10: 'line 10\nadded\nlines' }) });
      s.squash();
      s.revert('HEAD');
      s.commit({ 'a.txt': text(30, { 25: 'theirs' }) });
    },
  },
  {
    name: 'merged, taken back, and the file edited elsewhere',
    truth: 'reverted',
    make: (s) => {
      s.work(A);
      s.merge();
      s.revert('-m', '1', 'HEAD');
      s.commit({ 'a.txt': text(30, { 25: 'theirs' }) });
    },
  },
  {
    name: 'taken back, brought back, then edited',
    truth: 'landed-then-changed',
    make: (s) => {
      s.work({ ...A, ...B });
      s.squash();
      s.revert('HEAD');
      s.revert('HEAD');
      s.commit({ 'a.txt': text(30, { 10: 'edited later' }) });
    },
  },
  {
    name: 'taken back, brought back, taken back',
    truth: 'reverted',
    make: (s) => {
      s.work(...[A, B]);
      s.squash();
      s.revert('HEAD');
      s.revert('HEAD');
      s.revert('HEAD');
    },
  },
  {
    name: 'edited, edited back, then taken back',
    truth: 'reverted',
    make: (s) => {
      s.work(A);
      s.squash();
      s.commit({ 'a.txt': text(30, { 10: 'edited' }) });
      s.commit({ 'a.txt': text(30, { 10: 'mine' }) });
      s.commit({ 'a.txt': text(30) });
    },
  },
  {
    name: 'the squash resolved a conflict another way',
    truth: 'open',
    make: (s) => {
      s.work(A);
      s.commit({ 'a.txt': text(30, { 10: 'theirs' }) });
      s.commit({ 'a.txt': text(30, { 10: 'mine and theirs' }) });
    },
  },
  {
    name: 'the merge resolved a conflict another way',
    truth: 'landed',
    make: (s) => {
      s.work({ ...A, ...B });
      s.commit({ 'a.txt': text(30, { 10: 'theirs' }) });
      s.git('merge', '-q', '--no-ff', '--no-commit', '-X', 'ours', 'work');
      s.commit({ 'a.txt': text(30, { 10: 'mine and theirs' }) });
    },
  },
  {
    name: 'the merge kept nothing of it',
    truth: 'reverted',
    make: (s) => {
      s.work(A);
      s.commit(ELSEWHERE);
      s.merge('work', '-s', 'ours');
    },
  },
  {
    name: 'the merge left one file out',
    truth: 'reverted',
    make: (s) => {
      s.work({ ...A, ...B });
      s.commit(ELSEWHERE);
      s.git('merge', '-q', '--no-ff', '--no-commit', 'work');
      s.commit({ 'b.txt': text(12) });
    },
  },
  {
    name: 'another branch with the same content landed',
    truth: 'landed',
    make: (s) => {
      s.work(...[A, B]);
      s.on('other', () => s.commit({ ...A, ...B }));
      s.squash('other');
    },
  },
  {
    name: 'stacked: the upper branch was squashed, with this one in it',
    truth: 'landed',
    make: (s) => {
      s.work(A);
      s.git('branch', 'upper', 'work');
      s.on('upper', () => s.commit(B));
      s.squash('upper');
    },
  },
  {
    name: 'stacked: only the lower branch was squashed',
    truth: 'open',
    make: (s) => {
      s.on('lower', () => s.commit(A));
      s.git('branch', 'work', 'lower');
      s.work(B);
      s.squash('lower');
    },
  },
  {
    name: 'stacked on a start: both were squashed, the lower one edited since',
    truth: 'landed',
    make: (s) => {
      const start = s.on('lower', () => s.commit(A));
      s.git('branch', 'work', 'lower');
      s.work(B);
      s.squash('lower');
      s.git('cherry-pick', 'work');
      s.commit({ 'a.txt': text(30, { 10: 'edited later' }) });
      return start;
    },
  },
  {
    name: 'stacked on a start: taken back',
    truth: 'reverted',
    make: (s) => {
      const start = s.on('lower', () => s.commit(A));
      s.git('branch', 'work', 'lower');
      s.work(B);
      s.squash('lower');
      s.git('cherry-pick', 'work');
      s.revert('HEAD');
      return start;
    },
  },
  {
    name: 'stacked on a start: only that landed',
    truth: 'open',
    make: (s) => {
      const start = s.on('lower', () => s.commit(A));
      s.git('branch', 'work', 'lower');
      s.work({ 'a.txt': text(30, { 10: 'mine, more so' }) });
      s.squash('lower');
      return start;
    },
  },
  {
    name: 'no commits since a start that landed',
    truth: 'empty',
    make: (s) => {
      const start = s.on('lower', () => s.commit(A));
      s.git('branch', 'work', 'lower');
      s.squash('lower');
      return start;
    },
  },
  {
    name: 'squashed, and the target merged back into it',
    truth: 'landed',
    make: (s) => {
      s.work(A);
      s.commit(ELSEWHERE);
      s.squash();
      s.on('work', () => s.git('merge', '-q', '--no-edit', 'main'));
    },
  },
  {
    name: 'squashed, the target merged back into it, then taken back',
    truth: 'reverted',
    make: (s) => {
      s.work(A);
      s.commit(ELSEWHERE);
      s.squash();
      s.on('work', () => s.git('merge', '-q', '--no-edit', 'main'));
      s.revert('HEAD');
    },
  },
  {
    name: 'squashed, merged back, taken back, and what came after it squashed',
    truth: 'reverted',
    make: (s) => {
      s.work(A);
      s.commit(ELSEWHERE);
      const squashed = s.squash();
      s.on('work', () => s.git('merge', '-q', '--no-edit', 'main'));
      s.work(B);
      s.revert(squashed);
      s.git('cherry-pick', 'work');
    },
  },
  {
    name: 'kept up to date, went on over the same lines, then squashed',
    truth: 'landed',
    make: (s) => {
      s.work(A);
      s.commit(ELSEWHERE);
      s.on('work', () => s.git('merge', '-q', '--no-edit', 'main'));
      s.work({ 'a.txt': text(30, { 10: 'mine, more so' }) });
      s.squash();
      s.commit({ 'b.txt': text(12, { 9: 'theirs' }) });
    },
  },
  {
    name: 'merged, taken back, and one more commit squashed',
    truth: 'reverted',
    make: (s) => {
      s.work(A);
      s.merge();
      s.revert('-m', '1', 'HEAD');
      s.work(B);
      s.git('cherry-pick', 'work');
    },
  },
  {
    name: 'fast-forwarded, taken back, and one more commit picked',
    truth: 'reverted',
    make: (s) => {
      s.work(A);
      s.git('merge', '-q', '--ff-only', 'work');
      s.revert('HEAD');
      s.work(B);
      s.git('cherry-pick', 'work');
      return s.base;
    },
  },
  {
    name: 'its commits take each other back',
    truth: 'open',
    make: (s) => {
      s.work(A, { 'a.txt': text(30) });
      s.commit(ELSEWHERE);
    },
  },
  {
    name: 'takes back what the target brought back',
    truth: 'reverted',
    make: (s) => {
      s.commit({ 'b.txt': text(12, { 4: 'theirs' }) });
      s.work({ 'b.txt': text(12) });
      s.squash();
      s.revert('HEAD');
    },
  },
  {
    name: 'merged into another branch that was merged',
    truth: 'landed',
    make: (s) => {
      s.work(A);
      s.on('develop', () => {
        s.commit(B);
        s.git('merge', '-q', '--no-ff', '--no-edit', 'work');
      });
      s.commit(ELSEWHERE);
      s.merge('develop');
    },
  },
  {
    name: 'merged into another branch that was merged, of which something else was taken back',
    truth: 'landed',
    make: (s) => {
      s.work(A);
      s.on('develop', () => {
        s.commit(B);
        s.git('merge', '-q', '--no-ff', '--no-edit', 'work');
      });
      s.merge('develop');
      s.commit({ 'b.txt': text(12) });
    },
  },
  {
    name: 'squashed into another branch that was merged',
    truth: 'landed-then-changed',
    make: (s) => {
      s.work(A);
      s.on('develop', () => {
        s.git('merge', '-q', '--squash', 'work');
        s.git('commit', '-qm', 'squash');
      });
      s.commit(ELSEWHERE);
      s.merge('develop');
      s.commit({ 'a.txt': text(30, { 10: 'edited later' }) });
    },
  },
  {
    name: 'criss-cross: each merged the other, then the branch went on',
    truth: 'open',
    make: (s) => {
      s.work(A);
      const [mine, theirs] = [s.git('rev-parse', 'work'), s.commit(ELSEWHERE)];
      s.git('merge', '-q', '--no-ff', '--no-edit', mine);
      s.on('work', () => s.git('merge', '-q', '--no-ff', '--no-edit', theirs));
      s.work(B);
    },
  },
  {
    name: 'criss-cross: each merged the other, and the rest was squashed',
    truth: 'landed',
    make: (s) => {
      s.work(A);
      const [mine, theirs] = [s.git('rev-parse', 'work'), s.commit(ELSEWHERE)];
      s.git('merge', '-q', '--no-ff', '--no-edit', mine);
      s.on('work', () => s.git('merge', '-q', '--no-ff', '--no-edit', theirs));
      s.work(B);
      s.git('cherry-pick', 'work');
      s.commit({ 'b.txt': text(12, { 4: 'mine', 11: 'theirs' }) });
    },
  },
  {
    name: 'reworded after the squash',
    truth: 'landed',
    make: (s) => {
      s.work(A);
      s.squash();
      s.on('work', () => s.git('commit', '-q', '--amend', '-m', 'Other words'));
    },
  },
  {
    name: 'rebased onto the squash, and one file put back',
    truth: 'open',
    make: (s) => {
      s.work({ ...A, ...B });
      s.squash();
      s.git('branch', '-f', 'work', 'main');
      s.work({ 'b.txt': text(12) });
    },
  },
];

test.each([
  ['merge drivers', drivers],
  ['kinds of files', kinds],
  ['courses of history', histories],
] as const)('a truth table of %s', { timeout: 300_000 }, async (_, rows) => {
  expect(await answers(story, rows)).toEqual(truths(rows));
});

test('a driver of the person’s own does not decide, nor do attributes of theirs', async () => {
  story.restart();
  const attributes = join(story.root, '.git', 'of-the-person');
  writeFileSync(attributes, 'b.txt merge=union\n');
  globalConfig(`[merge "ours"]\n\tdriver = true\n[merge]\n\tdefault = ours\n[core]\n\tattributesFile = ${attributes}\n`);
  story.commit({ '.gitattributes': 'a.txt merge=ours\n' });
  story.work({ 'a.txt': text(30).replace('line 10\n', ''), 'b.txt': text(12).replace('line 4\n', '') });
  story.commit({ 'a.txt': text(30, { 10: 'theirs' }), 'b.txt': text(12, { 4: 'theirs' }) });
  expect((await story.answer())?.kind).toBe('open');
});

test('of several targets the best counts, but not one that does not know of a revert', async () => {
  story.restart();
  const commonDir = join(story.root, '.git');
  const ask = async (targets: readonly string[]): Promise<string | undefined> => {
    const [landing] = await landedIn({ commonDir, targets, candidates: [{ tip: story.git('rev-parse', 'work') }] });
    return landing?.kind;
  };
  story.work(A);
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
