import { describe, expect, test } from 'vitest';
import { folderOf } from '../../../../src/system/processes/folder-user.ts';
import { parseOpenFiles } from '../../../../src/system/processes/macos-users.ts';

const FOLDERS = [
  { path: '/w/dark', markers: [] },
  { path: '/w/dark-2', markers: [] },
];

describe('which folder a path is in', () => {
  test.each([
    ['/w/dark', 0],
    ['/w/dark/src/a.ts', 0],
    ['/w/dark-2/a', 1],
    ['/w/dark-20', -1],
    ['/w', -1],
    ['socket:[1]', -1],
  ])('%s: %d', (path, at) => expect(folderOf(FOLDERS, path)).toBe(at));
});

test('what lsof prints: each process once for each of its files', () => {
  const output = [
    'p12',
    'cnode',
    'fcwd',
    'n/w/dark',
    'f3',
    'n/dev/null',
    'f4',
    'nlocalhost:80',
    'p13',
    'czsh',
    'fcwd',
    'n/w',
  ].join('\n');
  expect(parseOpenFiles(output)).toEqual([
    { pid: 12, name: 'node', path: '/w/dark' },
    { pid: 12, name: 'node', path: '/dev/null' },
    { pid: 13, name: 'zsh', path: '/w' },
  ]);
});
