import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { localFilters, runsLocally, withoutFilters } from '../../../../src/git/spawn/filter-drivers.ts';
import { temporaryDirectory, write } from '../../../support/git-repository.ts';

function worktree(): string {
  const folder = temporaryDirectory();
  write(folder, { 'tools/clean.sh': '', 'clean.js': '', 'ours.py': '', 'git-lfs': '', sed: '' });
  return folder;
}

describe('a filter command', () => {
  test.each([
    './tools/clean.sh %f',
    'tools/clean.sh',
    'sh tools/clean.sh',
    'bash -c "exec tools/clean.sh"',
    'node clean.js',
    'node clean',
    'python3 -m ours',
    'node --require=./clean.js /opt/x.js',
    'npx prettier --stdin',
    'make -s clean',
    'sh -c "npx prettier"',
    'TOP/tools/clean.sh',
  ])('%s may run what stands in the worktree', (command) => {
    const folder = worktree();
    expect(runsLocally(command.replace('TOP', folder), folder)).toBe(true);
  });

  test.each([
    'git-lfs clean -- %f',
    'git-lfs filter-process',
    'git-crypt clean',
    'sed -e s/a/b/',
    '/opt/tools/clean.sh',
    'python3 -m nbstripout',
    '/usr/bin/python3 -m nbstripout',
    'tr a-z A-Z',
    'cat',
    'sh /opt/x.sh',
    '',
  ])('%s does not', (command) => {
    expect(runsLocally(command, worktree())).toBe(false);
  });
});

test('a driver is named once, and switched off with all it can do', () => {
  const folder = worktree();
  writeFileSync(join(folder, 'x.sh'), '');
  const commands = [
    { driver: 'own', command: 'sh x.sh' },
    { driver: 'own', command: './x.sh' },
    { driver: 'lfs', command: 'git-lfs clean' },
  ];
  expect(localFilters(commands, folder)).toEqual(['own']);
  expect(withoutFilters(['own']).filter((arg) => arg !== '-c')).toEqual([
    'filter.own.clean=',
    'filter.own.smudge=',
    'filter.own.process=',
    'filter.own.required=false',
  ]);
});
