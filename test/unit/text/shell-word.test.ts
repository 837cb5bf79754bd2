import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shellWord } from '../../../src/text/shell-word.ts';

test('quotes only where it must', () => {
  expect(shellWord('ui/dark')).toBe('ui/dark');
  expect(shellWord('fix the two failing tests')).toBe('"fix the two failing tests"');
});

test.each(['$(touch x)', "it's", '`id`', '"', 'a\\b', '!x', '; rm -rf ~', '', '*', '#', '~', "'$(x)'\n"])(
  '%j stays one literal word',
  (text) => {
    expect(execFileSync('sh', ['-c', `printf %s ${shellWord(text)}`], { encoding: 'utf8' })).toBe(text);
  },
);
