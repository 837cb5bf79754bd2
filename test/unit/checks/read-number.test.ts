import { expect, it } from 'vitest';
import { metricEvidence } from '../../../src/checks/metric-evidence.ts';
import { readNumber } from '../../../src/checks/read-number.ts';
import { median } from '../../../src/checks/run-metric.ts';

it.each<[string, number]>([
  ['42\n', 42],
  ['step 1\nsize: 12.5 kB\n', 12.5],
  ['412kB', 412],
  ['-3', -3],
  ['1.5e3', 1500],
  ['total 1,234,567 bytes', 1234567],
  ['.5', 0.5],
  ['\u001b[32m7\u001b[0m\n', 7],
  ['size 9 (file2.js v1.2.3)', 9],
  ['0', 0],
])('reads the last number of %j', (output, value) => {
  expect(readNumber(output, null)).toBe(value);
});

it.each(['', 'none', 'v1.2.3', '1\nNaN', '1\n-Infinity', '9e999'])('finds none in %j', (output) => {
  expect(typeof readNumber(output, null)).toBe('string');
});

it.each<[string, string, number | string]>([
  ['{"size":5}', '$.size', 5],
  ['[{"a b":1.5}]', '$[0]["a b"]', 1.5],
  ['7', '$', 7],
  ['{"size":"5"}', '$.size', 'its JSON has no number at $.size'],
  ['{"size":null}', '$.size', 'its JSON has no number at $.size'],
  ['{}', '$.a.b', 'its JSON has nothing at $.a.b'],
  ['{}', '$.__proto__', 'its JSON has nothing at $.__proto__'],
  ['x 5', '$.size', 'printed no JSON'],
])('takes %j at %s as %j', (output, path, value) => {
  expect(readNumber(output, path)).toBe(value);
});

it('takes the median', () => {
  expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([5])]).toEqual([2, 2.5, 5]);
});

it('holds each against the base, and makes an amount of a tolerance in percent', () => {
  const metric = { name: 'm', run: 'x', goal: 'min', unit: null, path: null, repeat: 3, tolerance: null } as const;
  const result = (value: number | null, spread = 0) => [{ name: 'm', value, spread, failure: value === null ? 'x' : '' }];
  const share = { ...metric, tolerance: { amount: 5, percent: true } };
  expect(metricEvidence([share], result(8), [result(40)])[0]?.[0]).toMatchObject({ onBase: 8, delta: 32, tolerance: 2 });
  expect(metricEvidence([metric], result(null), [result(5)])[0]?.[0]).toMatchObject({ onBase: null, delta: null, tolerance: 0 });
});
