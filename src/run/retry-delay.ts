import type { AttemptVerdict } from '../model/attempt.ts';
import type { Limits } from '../model/plan.ts';
import type { VariantState } from '../model/run-state/state.ts';

const FIRST_DELAY_MS = 5_000;
const LONGEST_DELAY_MS = 120_000;

/**
 * How long to wait before a new attempt after a transient failure; null: none. Doubles each time. Claude Code itself has
 * retried the request up to ten times before it gives up, so this is for outages of minutes.
 */
export function retryDelayMs(variant: VariantState, verdict: AttemptVerdict, limits: Limits): number | null {
  // A new session can do what the old one was asked. Only one that is continued can be gone, so this comes once.
  if (verdict.sessionGone === true) return 0;
  if (!verdict.transient || verdict.fatal !== null) return null;
  const tried = trailingTransient(variant);
  if (tried >= limits.retries) return null;
  return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** tried);
}

/** Transient retries made in a row, up to the attempt that just ended. */
function trailingTransient(variant: VariantState): number {
  let count = 0;
  for (const attempt of variant.attempts.toReversed()) {
    if (attempt.kind !== 'transient-retry') break;
    count += 1;
  }
  return count;
}
