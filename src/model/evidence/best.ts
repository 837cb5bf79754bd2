import type { VariantEvidence } from '../reports/evidence.ts';
import { blocks, isHollow } from './check.ts';

/* Which variants are best in an amount: one rule for the ranking's reasons and the marks beside them. */

export type Amount = 'size' | 'cost' | 'time';

/** The amounts of a variant: of its evidence, or of a run's state as far as that knows. */
export type Weighed = Pick<VariantEvidence, 'label' | 'outcome' | 'checks' | 'metrics' | 'changes' | 'costUsd' | 'agentMs'>;

/** It ended well, and nothing is known against it. */
export function endedWell({ outcome, checks }: Pick<Weighed, 'outcome' | 'checks'>): boolean {
  return (outcome === 'succeeded' || outcome === 'no-changes') && !checks.some((check) => blocks(check) || isHollow(check));
}

/** Lines, US dollars, or milliseconds of the agent's work; null: nothing to hold against others. */
export function amountOf({ changes, costUsd, agentMs }: Weighed, amount: Amount): number | null {
  switch (amount) {
    case 'size': {
      const lines = changes.insertions + changes.deletions;
      return lines > 0 ? lines : null;
    }
    case 'cost':
      return costUsd > 0 ? costUsd : null;
    case 'time':
      return agentMs > 0 ? agentMs : null;
  }
}

/** Its text in a table: amounts with equal texts are equal. */
function shown(value: number, amount: Amount): number {
  switch (amount) {
    case 'size':
      return value;
    case 'cost':
      return value < 0.01 ? Math.round(value * 1_000) / 1_000 : Math.round(value * 100) / 100;
    case 'time':
      return Math.floor(value / 1_000);
  }
}

const QUARTER = 1.25;

/**
 * Labels of the variants that are best in an amount, among those that ended well and changed something: a failed variant is cheap, not good. Best
 * are those with an equal text that are a quarter or more below the rest; empty if none is clearly best.
 */
export function bestIn(variants: readonly Weighed[], amount: Amount): ReadonlySet<string> {
  const values = variants.flatMap((variant) => {
    const value = endedWell(variant) && variant.changes.files > 0 ? amountOf(variant, amount) : null;
    return value === null ? [] : [{ label: variant.label, value: shown(value, amount) }];
  });
  const least = Math.min(...values.map(({ value }) => value));
  const best = values.filter(({ value }) => value === least);
  const rest = values.filter(({ value }) => value !== least);
  const standsOut = rest.length > 0 && rest.every(({ value }) => value >= least * QUARTER);
  return new Set(standsOut ? best.map(({ label }) => label) : []);
}
