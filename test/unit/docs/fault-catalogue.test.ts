import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const TESTS = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(join(TESTS, path), 'utf8');

/** Numbers of the first column of its tables: `| 7 |`, or `| 16, 17, 18 |`. */
const LISTED = [...read('faults/README.md').matchAll(/^\| (\d[\d, ]*) \|/gm)].flatMap(([, numbers = '']) => numbers.split(', '));

/** `fault 27`, and lists: `fault 24, 36, 37`. */
function used(text: string): readonly string[] {
  return [...text.matchAll(/\bfaults? (\d+(?:, (?:fault )?\d+)*)/g)].flatMap(([, numbers = '']) => numbers.match(/\d+/g) ?? []);
}

it('each number is listed once', () => {
  expect(LISTED.filter((number, at) => LISTED.indexOf(number) !== at)).toEqual([]);
});

it('each fault that a test names is in the catalogue', () => {
  const named = globSync('**/*.test.ts', { cwd: TESTS }).flatMap((path) => used(read(path)));
  expect(named).not.toEqual([]);
  expect(named.filter((number) => !LISTED.includes(number))).toEqual([]);
});

it('reads numbers out of names', () => {
  expect(used("it('fault 24, 36, 37: its reader'); describe('a clone (fault 53, fault 57)')")).toEqual([
    '24',
    '36',
    '37',
    '53',
    '57',
  ]);
  expect(used('by default 5. Faults of 7')).toEqual([]);
});
