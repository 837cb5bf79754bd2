import { expect, test } from 'vitest';
import { ago, bytes, clockTime, cost, dollars, duration, limit, tokenCount } from '../../../src/text/amounts.ts';
import { symbolsFor } from '../../../src/view/kit/style.ts';

test.each([
  [0, '0s'],
  [59_999, '59s'],
  [134_000, '2m14s'],
  [842_000, '14m02s'],
  [3_720_000, '1h02m'],
  [183_600_000, '2d03h'],
  [-5, '0s'],
])('duration of %i ms is %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test('limits leave zeros out', () => {
  expect([45 * 60_000, 90 * 60_000, 7_200_000, 20_000].map(limit)).toEqual(['45m', '1h30m', '2h', '20s']);
});

test('amounts of money are about, and little is not nothing', () => {
  expect(cost(0.42, symbolsFor({ unicode: true }))).toBe('≈$0.42');
  expect(cost(0.42, symbolsFor({ unicode: false }))).toBe('~$0.42');
  expect([0, 0.004, 8, Number.NaN, -1].map(dollars)).toEqual(['$0.00', '$0.004', '$8.00', '$0.00', '$0.00']);
});

test('what a reason says of money is what the table says', () => {
  expect(cost(0.004)).toBe(cost(0.004, symbolsFor({ unicode: true })));
  expect(cost(0.004)).toBe('≈$0.004');
});

test('sizes at the edge of a digit', () => {
  expect([9.94e6, 9.97e6, 999_499, 999_500].map(bytes)).toEqual(['9.9 MB', '10 MB', '999 kB', '1.0 MB']);
});

test('counts', () => {
  expect([850, 41_000, 999_499, 1_240_000].map(tokenCount)).toEqual(['850 tok', '41k tok', '999k tok', '1.2M tok']);
  expect([0, 999, 1500, 780e6, 41e9, 1.26e12].map(bytes)).toEqual(['0 B', '999 B', '1.5 kB', '780 MB', '41 GB', '1.3 TB']);
  expect([5_000, 300_000, 7_200_000, 260_000_000].map(ago)).toEqual(['just now', '5m ago', '2h ago', '3 days ago']);
});

test('clock times are local, with the date on another day', () => {
  const now = new Date('2025-03-04T12:00:00Z');
  expect(clockTime('2025-03-04T14:05:00Z', { now, utcOffsetMinutes: 60 })).toBe('15:05');
  expect(clockTime('2025-03-04T23:30:00Z', { now, utcOffsetMinutes: 60 })).toBe('2025-03-05 00:30');
  expect(clockTime('not a time', { now })).toBe('?');
});
