import { describe, expect, it } from 'vitest';
import { tellingLine } from '../../../src/checks/run-checks.ts';

describe('tellingLine', () => {
  it('takes the last line that speaks of a failure', () => {
    expect(tellingLine('ok 1\nnot ok 2 theme.spec.ts\n# tests 48\n# duration 12')).toBe('not ok 2 theme.spec.ts');
  });

  it('does not take "0 failed" for a failure', () => {
    expect(tellingLine('Error: boom\n0 failed')).toBe('Error: boom');
  });

  it('takes the last line where none speaks of a failure', () => {
    expect(tellingLine('one\n\ntwo\n\n')).toBe('two');
  });

  it('is empty for no output', () => {
    expect(tellingLine('\n \n')).toBe('');
  });
});
