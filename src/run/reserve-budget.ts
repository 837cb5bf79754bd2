import type { VariantName } from '../model/ids.ts';
import { LEAST_USD, reservedUsd, runCost, variantTotals } from '../model/run-state/run-facts.ts';
import type { RunState, VariantPhaseKind, VariantState } from '../model/run-state/state.ts';

export type Reservation =
  /** Launch with this cap, US dollars. */
  | { readonly kind: 'granted'; readonly usd: number }
  /** Others hold the rest; what they do not use is released when they end. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'used-up'; readonly of: 'variant' | 'run' };

/**
 * The maximum cost of an attempt of `variant`: the rest of its variant's budget, but no more than total − spent − reserved.
 * While others hold reservations a launch with less than half of what the variant may spend waits for what they release:
 * an attempt that ends at its cap has cost money for nothing. `active`: variants that have a slot.
 */
export function reserve(state: RunState, variant: VariantState, active: ReadonlySet<VariantName>): Reservation {
  const own = left(variant);
  if (own < LEAST_USD) return { kind: 'used-up', of: 'variant' };
  const reserved = reservedUsd(state) + aheadOfAttempts(state, active);
  const available = state.totalBudgetUsd - runCost(state) - reserved;
  if (available >= own) return { kind: 'granted', usd: own };
  if (reserved > 0 && available < own / 2) return { kind: 'wait' };
  if (available < LEAST_USD) return { kind: 'used-up', of: 'run' };
  return { kind: 'granted', usd: available };
}

/** The budget for variants with a slot whose next attempt is still ahead: set-up takes minutes, a transient failure waits. */
function aheadOfAttempts(state: RunState, active: ReadonlySet<VariantName>): number {
  return state.variants
    .filter(({ name, phase }) => active.has(name) && AHEAD_OF_ATTEMPT.has(phase.kind))
    .reduce((sum, variant) => sum + Math.max(0, left(variant)), 0);
}

/** `queued`: it has its slot and has not said so yet. */
const AHEAD_OF_ATTEMPT: ReadonlySet<VariantPhaseKind> = new Set(['queued', 'preparing', 'retrying']);

function left(variant: VariantState): number {
  return variant.budgetUsd - variantTotals(variant).costUsd;
}
