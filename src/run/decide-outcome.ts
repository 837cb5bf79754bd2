import type { AttemptVerdict } from '../model/attempt.ts';
import { nothingInCommit } from '../model/evidence/beside-words.ts';
import type { Changes, HeldBack, Outcome } from '../model/outcome.ts';

/**
 * The outcome of a variant: the agent's verdict compared with what really changed. Success without a change is
 * `no-changes` if changes were expected, and `blocked` if calls were denied as well. Work that is only beside the commit is a change.
 */
export function decideOutcome(
  verdict: AttemptVerdict,
  changes: Changes,
  expect: 'changes' | 'answer',
  /** Work that the commit does not hold. */
  beside: { readonly named: readonly HeldBack[]; readonly more: number } = { named: [], more: 0 },
): { readonly outcome: Outcome; readonly reason: string } {
  const { outcome, reason } = verdict;
  if (outcome !== 'succeeded' || changes.files > 0 || changes.commits > 0) return { outcome, reason };
  if (beside.named.length > 0) return { outcome, reason: nothingInCommit(beside.named, beside.more) };
  if (verdict.denials.length > 0 && expect === 'changes') {
    const calls = verdict.denials.reduce((sum, denial) => sum + denial.count, 0);
    const were = calls === 1 ? 'One call was' : `${calls} calls were`;
    return { outcome: 'blocked', reason: `${were} denied and nothing changed.` };
  }
  if (expect === 'answer') return { outcome, reason };
  return { outcome: 'no-changes', reason: 'The agent reports success but changed nothing.' };
}

/**
 * Checks also run on partial work: the value of an unfinished variant is exactly the question. Not on nothing, not if the agent was
 * stopped. After a later stop they are on record as not run.
 */
export function isWorthChecking(outcome: Outcome): boolean {
  return !['stopped', 'lost', 'no-changes', 'blocked'].includes(outcome);
}
