import { expect, test } from 'vitest';
import { firstLine } from '../../../../src/git/spawn/git-error.ts';

test('git’s own telling line, without its prefix', () => {
  expect(firstLine('warning: x\nfatal: not a valid object name\nhint: y\n')).toBe('not a valid object name');
  expect(firstLine('\nhint: only this\n')).toBe('hint: only this');
  expect(firstLine('')).toBe('');
});
