import { expect, test } from 'vitest';
import type { Column } from '../../../../src/view/kit/columns.ts';
import { layOut } from '../../../../src/view/kit/columns.ts';
import { styleFor } from '../../../../src/view/kit/style.ts';
import { displayWidth } from '../../../../src/view/kit/width.ts';

const column = (cells: readonly string[], more: Partial<Column> = {}): Column => ({
  gap: 1,
  cells: cells.map((text) => ({ text })),
  ...more,
});

test('aligns, and leaves empty columns and trailing spaces out', () => {
  const lines = layOut(
    [column(['a', 'bbb'], { gap: 0 }), column(['', '']), column(['1', '22'], { align: 'right' }), column(['x', ''])],
    {
      width: 20,
      ellipsis: '…',
    },
  );
  expect(lines).toEqual(['a    1 x', 'bbb 22']);
});

test('drops the columns that matter least, then cuts', () => {
  const columns = [
    column(['name'], { gap: 0 }),
    column(['activity'], { min: 4 }),
    column(['second'], { drop: 2 }),
    column(['first'], { drop: 1 }),
  ];
  const at = (width: number): string => layOut(columns, { width, ellipsis: '…' })[0] ?? '';
  expect(at(40)).toBe('name activity second first');
  expect(at(24)).toBe('name activ… second first');
  expect(at(21)).toBe('name activity second');
  expect(at(12)).toBe('name activi…');
  expect(at(6)).toBe('name …');
  expect(at(3)).toBe('na…');
  expect(at(0)).toBe('');
});

test('counts cells of what is seen, not of colours', () => {
  const { red } = styleFor({ colour: true });
  const [line] = layOut([{ gap: 0, cells: [{ text: 'ab', paint: red }, { text: 'abcd' }] }, column(['x', 'y'])], {
    width: 9,
    ellipsis: '…',
  });
  expect(line).toBe('\u001b[31mab\u001b[39m   x');
});

test('no line is ever wider than the width', () => {
  const columns = [
    column(['✔'], { gap: 2 }),
    column(['日本語のバリアント']),
    column(['writes 👍👍 text'], { min: 5, fill: true }),
    column(['≈$1.00'], { drop: 1 }),
  ];
  for (let width = 0; width < 60; width += 1) {
    for (const line of layOut(columns, { width, ellipsis: '…' })) expect(displayWidth(line)).toBeLessThanOrEqual(width);
  }
});
