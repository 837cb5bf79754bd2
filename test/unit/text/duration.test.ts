import { expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../../src/text/duration.ts';

it.each([
  ['90s', 90_000],
  ['45m', 2_700_000],
  ['1h30m', 5_400_000],
  ['1.5h', 5_400_000],
  ['2d', 172_800_000],
  ['1d2h3m4s', 93_784_000],
  ['0s', 0],
])('%s are %i ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

it.each(['', '45', 'm', '45 m', '30m1h', '1h1h', '-5m', '5M', '1e3s', '5ms', 'h5'])('%j is no duration', (text) => {
  expect(parseDuration(text)).toBeNull();
});

it.each([1_000, 90_000, 2_700_000, 5_400_000, 93_784_000])('writes %i ms so that it reads back', (ms) => {
  expect(parseDuration(formatDuration(ms))).toBe(ms);
});

it('writes short', () => {
  expect(formatDuration(5_400_000)).toBe('1h30m');
  expect(formatDuration(0)).toBe('0s');
});
