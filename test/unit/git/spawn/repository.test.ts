import { expect, test } from 'vitest';
import { parseVersion } from '../../../../src/git/spawn/repository.ts';

test.each([
  ['git version 2.39.5', [2, 39]],
  ['git version 2.39.5 (Apple Git-154)', [2, 39]],
  ['git version 2.50.0.windows.1', [2, 50]],
  ['no version', null],
])('%s', (text, version) => {
  expect(parseVersion(text)).toEqual(version);
});
