import { expect, test } from 'vitest';
import { isInside } from '../../../src/worktree/worktree-place.ts';

test.each(['/a/b', '/a/b/c', '/a/b/..c', '/a/b/c/..'])('%s is inside /a/b', (path) => {
  expect(isInside(path, '/a/b')).toBe(true);
});

test.each(['/a', '/a/bc', '/a/b/..', '/a/b/../c', '/'])('%s is not', (path) => {
  expect(isInside(path, '/a/b')).toBe(false);
});
