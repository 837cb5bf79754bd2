import { expect, it } from 'vitest';
import { allowsEveryCommand, splitToolRules } from '../../../src/plan/tool-rules.ts';

it('splits as Claude Code does', () => {
  expect(splitToolRules('Read, Bash(git log a, b) Edit')).toEqual(['Read', 'Bash(git log a, b)', 'Edit']);
});

it.each(['Bash', 'Bash(*)', 'Bash(:*)', 'Bash( * )', 'Bash()', 'Read,Bash', 'Edit Bash', '*', 'bash'])(
  '%s allows every command',
  (entry) => {
    expect(allowsEveryCommand(entry)).toBe(true);
  },
);

it.each(['Bash(npm test)', 'Bash(npm *)', 'Read', 'BashOutput', 'Edit(*)', 'Bash(echo Bash, *)'])('%s does not', (entry) => {
  expect(allowsEveryCommand(entry)).toBe(false);
});
