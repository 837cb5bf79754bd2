import { expect, test } from 'vitest';
import { CopseError } from '../../../src/model/errors.ts';
import { errorText } from '../../../src/view/error-text.ts';
import { problemsText } from '../../../src/view/plan/problem-text.ts';
import { screen } from './a-run.ts';

test('what, why and what to do', () => {
  const error = new CopseError({
    code: 'branch-taken',
    what: 'Branch ui/dark already exists; variant dark needs that name.',
    why: 'It is not from a copse run: 3 commits not on main, last one 2 days ago.',
    hint: 'Choose another name: copse run --name ui-b',
  });
  expect(errorText(error, screen(80))).toBe(
    [
      '✘ Branch ui/dark already exists; variant dark needs that name.',
      '  It is not from a copse run: 3 commits not on main, last one 2 days ago.',
      '  Choose another name: copse run --name ui-b',
    ].join('\n'),
  );
  expect(errorText(error, screen(30)).split('\n').at(-1)).toBe('  Choose another name: copse run --name ui-b');
});

test('all problems, each with its place', async () => {
  const problems = [
    {
      what: 'Unknown key modle.',
      fix: 'Did you mean model?',
      position: { file: 'variants.yaml', line: 12, column: 5 },
      path: 'variants.dark.modle',
    },
    { what: 'Its need adaptve does not exist.', why: 'There are dark, light, adaptive.', variant: 'docs' },
    { what: 'It is not UTF-8.', position: { file: 'variants.yaml', line: 1, column: 1 } },
  ];
  await expect(`${problemsText(problems, screen(80))}\n`).toMatchFileSnapshot('screens/problems.txt');
  const error = new CopseError({
    code: 'bad-file',
    what: 'variants.yaml cannot be used.',
    problems,
    hint: 'Correct it, then: copse plan',
  });
  await expect(`${errorText(error, screen(80))}\n`).toMatchFileSnapshot('screens/error-with-problems.txt');
});

test('what a file says is stripped', () => {
  const text = problemsText([{ what: 'Unknown key a\u001b]0;x\u0007b.', path: 'a\u001b[2Jb', fix: '\u001b[31mred' }], screen(80));
  expect(text).toBe('✘ ab: Unknown key ab.\n  red');
});
