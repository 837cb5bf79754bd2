import { describe, expect, it } from 'vitest';
import { NO_CHANGES } from '../../../src/model/outcome.ts';
import { decideOutcome } from '../../../src/run/decide-outcome.ts';
import { verdict } from '../../support/verdict.ts';

const CHANGED = { files: 1, insertions: 2, deletions: 0, commits: 1 };
const DENIED = [{ tool: 'Bash', input: 'npm install zod', count: 2, allow: 'Bash(npm install *)' }];

describe('decideOutcome', () => {
  it('is succeeded where something changed, whatever was denied', () => {
    expect(decideOutcome(verdict({ denials: DENIED }), CHANGED, 'changes').outcome).toBe('succeeded');
  });

  it('is no-changes where changes were expected and none came', () => {
    expect(decideOutcome(verdict(), NO_CHANGES, 'changes').outcome).toBe('no-changes');
  });

  it('is blocked where nothing changed and calls were denied', () => {
    const decided = decideOutcome(verdict({ denials: DENIED }), NO_CHANGES, 'changes');
    expect(decided).toEqual({ outcome: 'blocked', reason: '2 calls were denied and nothing changed.' });
  });

  it('is succeeded without changes where an answer was expected', () => {
    expect(decideOutcome(verdict(), NO_CHANGES, 'answer').outcome).toBe('succeeded');
  });

  it('keeps a failure, with or without changes', () => {
    const failed = verdict({ outcome: 'timed-out', reason: 'It ran for 45m.' });
    expect(decideOutcome(failed, CHANGED, 'changes')).toEqual({ outcome: 'timed-out', reason: 'It ran for 45m.' });
    expect(decideOutcome(failed, NO_CHANGES, 'changes').outcome).toBe('timed-out');
  });

  it('is succeeded where work lies beside the commit, and names it', () => {
    const named = [{ path: 'lib/a.js', why: 'ignored', by: '.gitignore:1' }] as const;
    expect(decideOutcome(verdict({ denials: DENIED }), NO_CHANGES, 'changes', { named, more: 2 })).toEqual({
      outcome: 'succeeded',
      reason: 'Nothing is in the commit: lib/a.js is ignored by .gitignore:1, and 2 more.',
    });
    expect(decideOutcome(verdict({ reason: 'Done.' }), CHANGED, 'changes', { named, more: 0 }).reason).toBe('Done.');
  });

  it('takes commits without a changed file for work: a revert of everything is one', () => {
    expect(decideOutcome(verdict(), { ...NO_CHANGES, commits: 2 }, 'changes').outcome).toBe('succeeded');
  });
});
