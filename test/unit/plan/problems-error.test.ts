import { expect, it } from 'vitest';
import { problemsError } from '../../../src/plan/problems-error.ts';

it.each([
  [[4], 4],
  [[3, 4], 3],
  [[4, undefined, 3], 2],
] as const)('problems that call for %j end in exit %d', (exits, exit) => {
  const problems = exits.map((code) => ({ what: 'x', ...(code === undefined ? {} : { exit: code }) }));
  expect(problemsError(problems)).toMatchObject({ code: 'plan-problems', exit, problems });
});
