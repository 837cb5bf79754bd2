import type { CheckEvidence, MetricEvidence } from '../model/evidence.ts';
import type { VariantState } from '../model/state.ts';

/** Checks and metrics of one variant, with what to say about them. */
export interface CheckedVariant {
  readonly checks: readonly CheckEvidence[];
  readonly metrics: readonly MetricEvidence[];
  readonly notes: readonly string[];
}

/** What the run itself found out. */
export function checkedByRun(variant: VariantState): CheckedVariant {
  return { checks: variant.checks.map((check) => ({ ...check, changedItsChecks: false })), metrics: [], notes: [] };
}
