import { expect, it } from 'vitest';
import { problemsError } from '../../../src/plan/problems-error.ts';

it.each([
  [[4, 4], 4],
  [[3, 4], 3],
  [[4, undefined, 3], 2],
] as const)('problems that call for %j end in exit %d', (exits, exit) => {
  const problems = exits.map((code) => ({ what: 'x', ...(code === undefined ? {} : { exit: code }) }));
  expect(problemsError(problems)).toMatchObject({ code: 'cannot-run', exit, problems });
});

it('is a single problem itself, unless that stands in a file', () => {
  const problem = {
    what: 'Branch ui/dark already exists.',
    why: 'It is yours.',
    fix: 'Choose another name: copse run --name ui-b',
    exit: 3,
  } as const;
  expect(problemsError([problem])).toMatchObject({
    message: problem.what,
    why: problem.why,
    hint: problem.fix,
    exit: 3,
    problems: [],
  });
  expect(problemsError([{ ...problem, position: { file: 'variants.yaml', line: 1, column: 1 } }]).problems).toHaveLength(1);
});
