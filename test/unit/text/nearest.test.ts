import { expect, it } from 'vitest';
import { editDistance, nearest } from '../../../src/text/nearest.ts';

it.each([
  ['', '', 0],
  ['model', 'model', 0],
  ['modle', 'model', 1],
  ['aproach', 'approach', 1],
  ['kitten', 'sitting', 3],
  ['abc', '', 3],
])('from %j to %j are %i steps', (a, b, steps) => {
  expect(editDistance(a, b)).toBe(steps);
  expect(editDistance(b, a)).toBe(steps);
});

it('finds the key that was meant, whatever its case', () => {
  expect(nearest('Modle', ['effort', 'model', 'mode'])).toBe('model');
  expect(nearest('budgetusd', ['budgetUsd'])).toBe('budgetUsd');
});

it('suggests nothing far away', () => {
  expect(nearest('colour', ['model', 'effort'])).toBeNull();
  expect(nearest('x'.repeat(100_000), ['model'])).toBeNull();
});
