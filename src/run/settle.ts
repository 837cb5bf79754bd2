import type { AttemptVerdict } from '../model/attempt.ts';
import type { Changes, Outcome } from '../model/outcome.ts';

/**
 * The outcome of a variant: what the agent came to, held against what really changed. Success without a change is
 * `no-changes` where changes were expected, and `blocked` where calls were denied as well.
 */
export function decideOutcome(
  verdict: AttemptVerdict,
  changes: Changes,
  expect: 'changes' | 'answer',
): { readonly outcome: Outcome; readonly reason: string } {
  const { outcome, reason } = verdict;
  if (outcome !== 'succeeded' || changes.files > 0 || changes.commits > 0) return { outcome, reason };
  if (verdict.denials.length > 0 && expect === 'changes') {
    const calls = verdict.denials.reduce((sum, denial) => sum + denial.count, 0);
    const were = calls === 1 ? 'One call was' : `${calls} calls were`;
    return { outcome: 'blocked', reason: `${were} denied and nothing changed.` };
  }
  if (expect === 'answer') return { outcome, reason };
  return { outcome: 'no-changes', reason: 'The agent says it is done and changed nothing.' };
}
