/*
 * Words that several screens share. Texts of only one kind of screen are in its own `…-messages.ts`.
 */

import { unreachable } from '../../model/errors.ts';
import type { Isolation, Outcome } from '../../model/outcome.ts';
import { count } from '../../text/amounts.ts';

const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  succeeded: 'succeeded',
  'no-changes': 'no changes',
  blocked: 'blocked',
  failed: 'failed',
  'timed-out': 'timed out',
  stalled: 'stalled',
  'over-budget': 'over budget',
  limited: 'rate limit',
  stopped: 'stopped',
  lost: 'lost',
  skipped: 'skipped',
};

export function outcomeWord(outcome: Outcome): string {
  return OUTCOME_WORDS[outcome];
}

/** The promise of an isolation, in one line (`docs/security.md` has the whole of it). */
export function isolationPromise(isolation: Isolation): string {
  switch (isolation) {
    case 'sandbox':
      return 'Bash and checks run in an operating-system sandbox; nothing prompts.';
    case 'guarded':
      return 'protects against accidents, not hostile code: checks run what the agent wrote, with your rights.';
    case 'bypass':
      return 'everything is allowed, with your rights.';
    default:
      return unreachable(isolation);
  }
}

export const more = (n: number, ellipsis: string): string => `${ellipsis} ${n} more`;
export const ofBudget = (spent: string, budget: string): string => `${spent} of ${budget}`;
export const variantCount = (n: number): string => count(n, 'variant');
export const base = (ref: string): string => `base ${ref}`;
export const checksPassed = (passed: number, all: number): string => `checks ${passed}/${all}`;
export const succeededOf = (good: number, all: number): string => `${good} of ${all} succeeded`;
export const turns = (n: number): string => count(n, 'turn');
