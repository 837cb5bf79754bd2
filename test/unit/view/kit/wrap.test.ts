import { expect, it } from 'vitest';
import { wrapWords } from '../../../../src/view/kit/wrap.ts';

it('breaks between words, but not a command that a text ends in', () => {
  expect(wrapWords('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrapWords('It is locked. Unlock it: git worktree unlock /a/b', 20)).toEqual([
    'It is locked. Unlock',
    'it:',
    'git worktree unlock /a/b',
  ]);
  expect(wrapWords('Bring it back: copse undo', 30)).toEqual(['Bring it back: copse undo']);
});
