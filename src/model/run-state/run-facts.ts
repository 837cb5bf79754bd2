import { blocks } from '../evidence/check.ts';
import { NO_TOKENS, type Tokens } from '../outcome.ts';
import type { AttemptState, Landing, RunState, VariantState } from './state.ts';

export interface Totals {
  readonly turns: number;
  readonly tokens: Tokens;
  readonly costUsd: number;
  readonly estimated: boolean;
}

/**
 * Our own sums over a variant's attempts: a resumed session's figures continue from its earlier total, ours are per attempt.
 * `estimated`: some attempt's cost is not what its agent reported at its end.
 */
export function variantTotals(v: VariantState): Totals {
  return v.attempts.reduce<Totals>(
    (sum, attempt) => {
      const { turns, tokens, costUsd } = attempt.verdict ?? attempt;
      return {
        turns: sum.turns + turns,
        tokens: addTokens(sum.tokens, tokens),
        costUsd: sum.costUsd + amount(costUsd),
        estimated: sum.estimated || (attempt.verdict?.costEstimated ?? true),
      };
    },
    { turns: 0, tokens: NO_TOKENS, costUsd: 0, estimated: false },
  );
}

/** US dollars spent by a run so far, running attempts by their estimate. */
export function runCost(s: RunState): number {
  return s.variants.reduce((sum, variant) => sum + variantTotals(variant).costUsd, 0);
}

/** Below this an attempt could not even make its first call. */
export const LEAST_USD = 0.01;

/** Whether there is money for another attempt once nothing else runs: of the variant's own, and of the run's. */
export function canSpend(variant: VariantState, state: RunState): boolean {
  const own = variant.budgetUsd - variantTotals(variant).costUsd;
  return Math.min(own, state.totalBudgetUsd - runCost(state)) >= LEAST_USD;
}

/** US dollars that running attempts may still spend: their caps less what {@link runCost} already counts of them. */
export function reservedUsd(s: RunState): number {
  return s.variants
    .flatMap((variant) => variant.attempts)
    .filter(isOpen)
    .reduce((sum, attempt) => sum + Math.max(0, amount(attempt.reservedUsd) - amount(attempt.costUsd)), 0);
}

function isOpen(attempt: AttemptState): boolean {
  return attempt.finishedAt === null;
}

function addTokens(a: Tokens, b: Tokens): Tokens {
  return {
    input: a.input + b.input,
    output: a.output + b.output,
    cacheRead: a.cacheRead + b.cacheRead,
    cacheWrite: a.cacheWrite + b.cacheWrite,
  };
}

/** One nonsensical figure (a negative cost was seen) must not undo the sum of the others. */
function amount(usd: number): number {
  return Number.isFinite(usd) && usd > 0 ? usd : 0;
}

/** Finished as wished: `succeeded` or `no-changes`, and no check broke or is unknown. */
export function isGood(variant: VariantState): boolean {
  const { phase } = variant;
  return (
    phase.kind === 'finished' && (phase.outcome === 'succeeded' || phase.outcome === 'no-changes') && !variant.checks.some(blocks)
  );
}

/** Where it has landed; null: nowhere, or a later attempt has committed more. */
export function landingOf({ landed, commit, attempts }: VariantState): Landing | null {
  if (landed === null) return null;
  // A merge may have committed the files first: another tip alone says nothing.
  const wentOn = attempts.some(({ startedAt }) => startedAt > landed.at);
  return wentOn && commit?.commit !== landed.tip ? null : landed;
}

/** Whether a person asked for its next attempt. Two kinds are the program's own: interrupted while it was prepared, or between two tries. */
export function isAskedFor({ requested }: Pick<VariantState, 'requested'>): boolean {
  return requested !== null && requested.kind !== 'first' && requested.kind !== 'transient-retry';
}

/**
 * Whether it stays queued until a person says resume: its supervisor took over from one that died, and starts nothing new. A variant
 * that the user continues is started anyway.
 */
export function waitsForResume(variant: VariantState, { launches, supervisor }: RunState): boolean {
  return variant.phase.kind === 'queued' && !launches && supervisor !== null && !isAskedFor(variant);
}
