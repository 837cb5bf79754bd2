import { reservedUsd, runCost, variantTotals } from '../model/run-facts.ts';
import type { RunState, VariantState } from '../model/state.ts';

/** Below this an attempt could not even make its first call. */
const LEAST_USD = 0.01;

export type Reservation =
  /** Launch with this cap, US dollars. */
  | { readonly kind: 'granted'; readonly usd: number }
  /** Others hold what is left; what they do not use comes back when they end. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'used-up'; readonly of: 'variant' | 'run' };

/**
 * What an attempt of `variant` may cost at most: what is left of its variant, but no more than total − spent − reserved.
 * While others hold reservations a launch with less than half of what the variant may spend waits for what they give back:
 * an attempt cut short by its cap has cost money for nothing.
 */
export function reserve(state: RunState, variant: VariantState): Reservation {
  const own = variant.budgetUsd - variantTotals(variant).costUsd;
  if (own < LEAST_USD) return { kind: 'used-up', of: 'variant' };
  const reserved = reservedUsd(state);
  const available = state.totalBudgetUsd - runCost(state) - reserved;
  if (available >= own) return { kind: 'granted', usd: own };
  if (reserved > 0 && available < own / 2) return { kind: 'wait' };
  if (available < LEAST_USD) return { kind: 'used-up', of: 'run' };
  return { kind: 'granted', usd: available };
}
