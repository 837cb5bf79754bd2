import { expect, test } from 'vitest';
import { matchesPattern } from '../../../../src/git/commit/path-pattern.ts';

test.each([
  ['.env', '.env'],
  ['deep/er/.env', '.env'],
  ['certs/a.pem', '*.pem'],
  ['config/dev.env', 'config/*.env'],
  ['config/a/b/dev.env', 'config/**/*.env'],
  ['config/dev.env', 'config/**/*.env'],
  ['fixtures/keys/id_rsa', 'fixtures/'],
  ['fixtures/keys/id_rsa', '/fixtures'],
  ['a+b(1).key', 'a+b(1).key'],
  ['x1.key', 'x?.key'],
  ['cache/.deep/x', 'cache/**'],
  ['build/Debug/x', '[Dd]ebug'],
  ['build/debug/x', '[Dd]ebug/'],
  ['app/[slug]/page.tsx', 'app/[slug]/*.tsx'],
  ['a{b,c}|d$.key', 'a{b,c}|d$.key'],
  ['@(x)', '@(x)'],
  ['!x', '!x'],
  ['*.md', '\\*.md'],
  ['two\nlines/x', '**/x'],
  ['a/.git', '.*'],
])('%s matches %s', (path, pattern) => {
  expect(matchesPattern(path, pattern)).toBe(true);
});

test.each([
  ['.env.local', '.env'],
  ['deep/.env', '/.env'],
  ['config/a/dev.env', 'config/*.env'],
  ['xenv', '.env'],
  ['a/x.pem.txt', '*.pem'],
  ['anything', ''],
  ['cache', 'cache/**'],
  ['readme.md', '\\*.md'],
  ['ab', 'a{b,c}'],
  ['a/x/b', 'a**b'],
  ['build/rebug', '[Dd]ebug'],
])('%s does not match %s', (path, pattern) => {
  expect(matchesPattern(path, pattern)).toBe(false);
});
