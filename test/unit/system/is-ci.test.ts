import { expect, it } from 'vitest';
import { isCi } from '../../../src/system/is-ci.ts';

it.each([
  [undefined, false],
  ['', false],
  ['0', false],
  ['false', false],
  ['1', true],
  ['true', true],
  ['woodpecker', true],
])('CI=%s: %s', (value, expected) => {
  expect(isCi(value === undefined ? {} : { CI: value })).toBe(expected);
});
