import { describe, expect, it } from 'vitest';
import { checkRule } from '../../../../src/agent/claude/flags.ts';

describe('checkRule', () => {
  it('allows exactly the declared check', () => {
    expect(checkRule(' npm test ')).toBe('Bash(npm test)');
  });

  it.each(['', ' ', '*', 'ls *', 'npm test:*', 'rm -rf build/*.js'])('has no rule for %j: it would allow more than that', (command) => {
    expect(checkRule(command)).toBeNull();
  });
});
