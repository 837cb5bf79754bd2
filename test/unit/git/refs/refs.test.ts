import { expect, test } from 'vitest';
import { refConflict } from '../../../../src/git/refs/refs.ts';

test.each([
  ['ui/dark', 'ui/dark'],
  ['ui', 'ui/dark'],
  ['ui/dark/more', 'ui/dark'],
  ['UI/Dark', 'ui/dark'],
  ['Ui', 'ui/dark'],
  ['caf\u00e9', 'cafe\u0301'],
])('%s is in the way of %s', (existing, wanted) => {
  expect(refConflict(['main', existing], wanted)).toBe(existing);
});

test.each(['ui-dark', 'ui/darker', 'uid', 'u'])('%s is not in the way of ui/dark', (existing) => {
  expect(refConflict(['main', existing], 'ui/dark')).toBeNull();
});
