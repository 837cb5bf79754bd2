import { expect, test } from 'vitest';
import { displayWidth, padEnd, truncate } from '../../../../src/view/kit/width.ts';

test.each([
  ['plain', 5],
  ['', 0],
  ['✔ ✘ ◷ ⠙ … ≈ − · ×', 17],
  ['naïve café', 10],
  ['日本語', 6],
  ['한국어', 6],
  ['ｆｕｌｌ', 8],
  ['👍', 2],
  ['👨‍👩‍👧‍👦', 2],
  ['🇩🇪', 2],
  ['❤️', 2],
  ['1️⃣', 2],
  ['⌚ ✅', 5],
  ['e\u0301', 1],
  ['a\u200bb', 2],
  ['\u{20000}', 2],
])('%j takes %i cells', (text, width) => {
  expect(displayWidth(text)).toBe(width);
});

test('cuts to a width and marks the cut', () => {
  expect(truncate('src/theme/dark.css', 10, '…')).toBe('src/theme…');
  expect(truncate('src/theme', 9, '…')).toBe('src/theme');
  expect(truncate('abcdef', 5, '...')).toBe('ab...');
  expect(truncate('abcdef', 2, '...')).toBe('..');
  expect(truncate('abc', 0, '…')).toBe('');
  expect(truncate('one two', 5, '…')).toBe('one…');
});

test('never halves a wide character', () => {
  expect(truncate('日本語', 5, '…')).toBe('日本…');
  expect(truncate('日本語', 4, '…')).toBe('日…');
  expect(truncate('👨‍👩‍👧‍👦👍👍', 5, '…')).toBe('👨‍👩‍👧‍👦👍…');
});

test('pads by cells, not by characters', () => {
  expect(padEnd('日本', 6)).toBe('日本  ');
  expect(padEnd('longer', 3)).toBe('longer');
});
