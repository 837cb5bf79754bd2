import { expect, test } from 'vitest';
import { patchFiles } from '../../../../../src/view/html/diff/patch-files.ts';
import { type Limits, withinBudget } from '../../../../../src/view/html/report/report-budget.ts';
import { patchOf } from '../../../../support/patches.ts';

const limits: Limits = { shown: 1e6, lines: 1e6, coloured: 1e6, words: 1e6, open: 1e6, openFile: 1e6 };
const file = (path: string, lines: number) =>
  patchFiles(
    patchOf(
      path,
      Array.from({ length: lines }, () => '+0123456789'),
    ),
  )[0];
const files = [file('big', 100), file('small', 1), file('middle', 10)].flatMap((one) => one ?? []);
const shown = (more: Partial<Limits>) => withinBudget([files], { ...limits, ...more })[0] ?? [];
const names = (list: ReturnType<typeof shown>, which: (one: ReturnType<typeof shown>[number]) => boolean): string[] =>
  list.filter(which).map(({ file: { path } }) => path);

test('all of it where it fits, in its order', () => {
  expect(shown({}).map(({ file: { path }, how, colours }) => [path, how, colours])).toEqual([
    ['big', 'open', true],
    ['small', 'open', true],
    ['middle', 'open', true],
  ]);
});

test('big files give way first', () => {
  expect(names(shown({ shown: 500 }), ({ how }) => how === 'left-out')).toEqual(['big']);
  expect(names(shown({ lines: 5 }), ({ how }) => how === 'left-out')).toEqual(['big', 'middle']);
  expect(names(shown({ coloured: 500 }), ({ colours }) => !colours)).toEqual(['big']);
  expect(names(shown({ words: 0 }), ({ words }) => words)).toEqual([]);
});

test('long files are closed, and all once enough is open', () => {
  expect(names(shown({ openFile: 50 }), ({ how }) => how === 'closed')).toEqual(['big']);
  expect(names(shown({ open: 2 }), ({ how }) => how === 'open')).toEqual(['small']);
});

test('lists share one budget', () => {
  const lists = withinBudget([files.slice(0, 1), files.slice(1)], { ...limits, shown: 500 });
  expect(lists.map((list) => list.map(({ how }) => how))).toEqual([['left-out'], ['open', 'open']]);
});
