import { expect, it } from 'vitest';
import { HIDING_CHARACTERS, isBareBash, isRefusedLiteral, TOOL_PATTERN } from '../../../../src/config/variants/restricted.ts';

it.each(['Bash', 'bash', 'Bash(*)', 'Bash(:*)', 'Bash( * )', 'Bash(**)', 'Bash()', ' Bash '])('%j is every command', (tool) => {
  expect(isBareBash(tool)).toBe(true);
});

it.each(['Bash(npm test)', 'Bash(npm *)', 'BashOutput', 'Read'])('%j is not', (tool) => {
  expect(isBareBash(tool)).toBe(false);
});

it.each(['Read', 'Bash(npm test *)', 'mcp__db__query', 'mcp__db__*', 'WebFetch(domain:example.com)', 'Edit(/src/**)'])(
  '%s is one tool',
  (tool) => {
    expect(TOOL_PATTERN.test(tool)).toBe(true);
  },
);

it.each([
  '',
  '*',
  'Read,Bash',
  'Read Bash',
  'Read,Bash(*)',
  'Bash(a) Bash(*)',
  'Bash(a),Bash',
  '-x',
  'Bash(a',
  'Bash(f() Bash(*))',
])('%j is not one tool', (tool) => {
  expect(TOOL_PATTERN.test(tool)).toBe(false);
});

it.each([
  'ANTHROPIC_BASE_URL',
  'CLAUDE_CONFIG_DIR',
  'CLAUDECODE',
  'GIT_DIR',
  'PATH',
  'NODE_OPTIONS',
  'LD_PRELOAD',
  'DYLD_INSERT_LIBRARIES',
  'BASH_ENV',
  'http_proxy',
  'HTTPS_PROXY',
  'All_Proxy',
  'HOME',
  'XDG_CONFIG_HOME',
])('%s cannot be set', (name) => {
  expect(isRefusedLiteral(name)).toBe(true);
});

it.each(['DATABASE_URL', 'APP_PATH', 'MY_GIT_DIR', 'NODE_ENV'])('%s can', (name) => {
  expect(isRefusedLiteral(name)).toBe(false);
});

it('knows characters that show something else than what runs', () => {
  for (const text of ['a\u001b[2K', 'a\u202eb', 'a\rb', 'a\u0000', 'a\u009bb']) expect(HIDING_CHARACTERS.test(text)).toBe(true);
  for (const text of ['npm test\nnpm run lint', 'a\tb', 'grüße 日本 👩‍👩‍👧']) expect(HIDING_CHARACTERS.test(text)).toBe(false);
});
