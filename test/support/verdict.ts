import type { AttemptVerdict } from '../../src/model/attempt.ts';
import { NO_TOKENS } from '../../src/model/outcome.ts';

/** A verdict of an attempt that went well, with what a test wants different. */
export function verdict(parts: Partial<AttemptVerdict> = {}): AttemptVerdict {
  return {
    outcome: 'succeeded',
    reason: '',
    fatal: null,
    transient: false,
    modelNotFound: false,
    resetsAt: null,
    sessionId: '00000000-0000-4000-8000-000000000001',
    model: 'claude-test',
    turns: 3,
    tokens: NO_TOKENS,
    costUsd: 0.1,
    costEstimated: false,
    denials: [],
    summary: 'Did it.',
    ...parts,
  };
}
