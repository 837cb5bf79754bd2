import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, test } from 'vitest';
import { commentsOnly, stringsOnly, wornPhrases } from '../../support/docs/worn-phrases.ts';

const TOP = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string): string => readFileSync(join(TOP, path), 'utf8');

const PAGES = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  '.worktreerc.example',
  'test/faults/README.md',
  ...globSync(['docs/**/*.md', 'templates/*.yaml'], { cwd: TOP }).sort(),
];

it.each(PAGES)('%s is written in plain English', (page) => {
  expect(wornPhrases(read(page))).toEqual([]);
});

test('so is what copse says', () => {
  const found = globSync('src/**/*.ts', { cwd: TOP })
    .sort()
    .flatMap((path) => wornPhrases(stringsOnly(read(path))).map((one) => ({ path, ...one })));
  expect(found).toEqual([]);
});

test('so are the comments', () => {
  const found = globSync(['src/**/*.ts', 'test/**/*.ts'], { cwd: TOP })
    .sort()
    .flatMap((path) => wornPhrases(commentsOnly(read(path))).map((one) => ({ path, ...one })));
  expect(found).toEqual([]);
});

test('a phrase of a page or of a string is found on its line; one of a comment or of code is not', () => {
  expect(wornPhrases('Fine.\nA new supervisor brings it home.\n')).toMatchObject([{ line: 2, found: 'brings it home' }]);
  const source = `/* somebody's */\nconst mend = 'Have it mended.'; // all the same\nconst other = \`\${mend} for\ngood\`;\nsay("To know");\n`;
  expect(wornPhrases(stringsOnly(source))).toEqual([{ line: 2, found: 'mended', instead: 'fix, repair' }]);
  expect(wornPhrases(commentsOnly(source)).map(({ line, found }) => [line, found])).toEqual([
    [1, "somebody's"],
    [2, 'all the same'],
  ]);
  expect(wornPhrases(stringsOnly("say('A ' +\n  'file stands in the way.');"))).toMatchObject([{ line: 2, found: 'stands in' }]);
});
