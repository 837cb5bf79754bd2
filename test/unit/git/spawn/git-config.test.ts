import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  type ConfigEntry,
  formatConfig,
  parseConfigRecords,
  parseScopedConfig,
  splitKey,
} from '../../../../src/git/spawn/git-config.ts';
import { temporaryDirectory } from '../../../support/git-repository.ts';

const ENTRIES: readonly ConfigEntry[] = [
  ['core.bare', 'false'],
  ['core.flag', null],
  ['remote.a.b.url', 'x'],
  ['url.https://x/"y\\z.insteadof', 'git:'],
  ['filter.x.clean', 'sh -c "a; b # c" \\ \t end\nnext line '],
  ['filter.x.clean', ''],
];

test('git reads back what is written', () => {
  const file = join(temporaryDirectory(), 'config');
  writeFileSync(file, formatConfig(ENTRIES));
  expect(parseConfigRecords(execFileSync('git', ['config', '--file', file, '--list', '-z']))).toEqual(ENTRIES);
});

test('scopes are told apart', () => {
  const printed = Buffer.from(
    'global\0user.name\nA\0local\0core.bare\nfalse\0worktree\0core.sparsecheckout\ntrue\0command\0x.y\nz\0',
  );
  expect(parseScopedConfig(printed, ['local', 'worktree'])).toEqual([
    ['core.bare', 'false'],
    ['core.sparsecheckout', 'true'],
  ]);
});

test('a key’s subsection is all between the first and the last dot', () => {
  expect(splitKey('core.bare')).toEqual({ section: 'core', subsection: null, name: 'bare' });
  expect(splitKey('branch.ui/v1.2.remote')).toEqual({ section: 'branch', subsection: 'ui/v1.2', name: 'remote' });
});
