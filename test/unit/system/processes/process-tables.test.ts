import { expect, test } from 'vitest';
import { parseStat } from '../../../../src/system/processes/linux-processes.ts';
import { parseLsof, parsePs } from '../../../../src/system/processes/macos-processes.ts';

test('a name with parentheses and states in it does not shift the fields', () => {
  const fields = Array.from({ length: 50 }, (_, index) => String(index + 3));
  fields[0] = 'S';
  expect(parseStat(7, `7 (x) S 1 (y) Z) ${fields.join(' ')}`)).toEqual({ pid: 7, parent: 4, startTime: '22', zombie: false });
  fields[0] = 'Z';
  expect(parseStat(7, `7 (x) ${fields.join(' ')}`)).toMatchObject({ zombie: true });
});

test('ps of macOS', () => {
  expect(parsePs('    1     0 Ss   Mon Jan  5 10:00:00 2026    \n  812   800 Z+   Tue Jan  6 11:00:00 2026\n\n')).toEqual([
    { pid: 1, parent: 0, startTime: 'Mon Jan  5 10:00:00 2026', zombie: false },
    { pid: 812, parent: 800, startTime: 'Tue Jan  6 11:00:00 2026', zombie: true },
  ]);
});

test('lsof of macOS', () => {
  expect(parseLsof('p10\nfcwd\nn/w/a\np11\nfcwd\nn/w/ab\np12\nfcwd\nn/w/a/sub\n', '/w/a')).toEqual([10, 12]);
});
