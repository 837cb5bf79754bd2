import { expect, test } from 'vitest';
import { patchFiles } from '../../../src/view/html/diff/patch-files.ts';
import { git, temporaryDirectory, write } from '../../support/git-repository.ts';

/** As reports ask git for patches. */
const patchOf = (folder: string): string =>
  `${git(folder, '-c', 'core.quotePath=false', 'diff-tree', '-r', '-p', '-M', '--src-prefix=a/', '--dst-prefix=b/', 'HEAD~1', 'HEAD')}\n`;

test('finds the files and lines that git wrote, whatever they are called and hold', () => {
  const folder = temporaryDirectory();
  git(folder, 'init', '-q', '-b', 'main');
  git(folder, 'config', 'user.email', 'a@example.com');
  git(folder, 'config', 'user.name', 'A');
  const names = [
    'plain.txt',
    'with space',
    'a b/c b/d',
    'tab\there',
    'quote"d',
    'back\\slash',
    'new\nline',
    'ümläut ☃',
    '-- a',
    '<b>',
    '\u202e',
  ];
  const body = '-- a/x\n++ b/x\n@@ -1 +1 @@\ndiff --git a/x b/x\n';
  write(folder, {
    ...Object.fromEntries(names.map((name) => [name, body])),
    'old b/name': `${body}${'same\n'.repeat(9)}`,
    binary: '\0',
  });
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', 'one');
  git(folder, 'mv', 'old b/name', 'new b name');
  write(folder, {
    ...Object.fromEntries(names.map((name) => [name, `${body.replaceAll('x', 'y')}++ more\r\nno end`])),
    binary: '\0\0',
  });
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', 'two');

  const files = patchFiles(patchOf(folder));
  expect(files.map(({ path }) => path).sort()).toEqual([...names, 'new b name', 'binary'].sort());
  for (const name of names) {
    expect(files.find(({ path }) => path === name)).toMatchObject({ from: null, facts: [], added: 5, removed: 3 });
  }
  expect(files.find(({ path }) => path === 'new b name')).toMatchObject({ from: 'old b/name', facts: ['renamed'], hunks: [] });
  expect(files.find(({ path }) => path === 'binary')).toMatchObject({ facts: ['binary'], hunks: [] });
});
