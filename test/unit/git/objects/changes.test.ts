import { expect, test } from 'vitest';
import { parseNumstat } from '../../../../src/git/objects/changes.ts';

test('lines are summed, binary files count without, renames once', () => {
  const printed = '3\t1\ta.txt\0-\t-\tlogo.png\0' + '2\t0\t\0' + 'old 1\t1\tname\0new\0' + '0\t0\tempty\nname\0';
  expect(parseNumstat(Buffer.from(printed))).toEqual({ files: 4, insertions: 5, deletions: 1 });
});

test('nothing printed is nothing changed', () => {
  expect(parseNumstat(Buffer.alloc(0))).toEqual({ files: 0, insertions: 0, deletions: 0 });
});
