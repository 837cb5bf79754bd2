import { expect, test } from 'vitest';
import { named, some } from '../../../src/text/lists.ts';

const letters = (n: number): string[] => 'abcdefghijklmnop'.slice(0, n).split('');

test('a list is cut where it is long, never for one more', () => {
  expect(some([])).toBe('');
  expect(some(letters(6))).toBe('a, b, c, d, e, f');
  expect(some(letters(7))).toBe('a, b, c, d, e and 2 more');
  expect(some(letters(4), 3)).toBe('a, b and 2 more');
});

test('of more than are at hand it says how many', () => {
  expect(some(letters(2), 6, 12)).toBe('a, b and 10 more');
});

test('in a sentence the last one comes after and', () => {
  expect(named([])).toBe('');
  expect(named(['a'])).toBe('a');
  expect(named(letters(3))).toBe('a, b and c');
  expect(named(letters(12))).toBe('a, b, c, d, e, f, g, h, i and 3 more');
});
