import type { CheckResult } from '../model/evidence/check.ts';
import type { MergeConflict, MergeRefused } from '../model/reports/merge-report.ts';
import type { ToMerge } from './merge-options.ts';

/** Why one variant is not merged. */
export interface Refusal {
  readonly code: string;
  readonly what: string;
  readonly why: string;
  readonly hint: string;
  readonly ways?: 'conflict';
  readonly precondition: boolean;
  readonly conflicts?: readonly MergeConflict[];
  readonly checks?: readonly CheckResult[];
  readonly output?: string;
}

/** A refusal of this variant, with nothing to show beside it unless `refusal` has it. */
export function refused({ state, name, label }: ToMerge, refusal: Refusal): MergeRefused {
  return { run: state.id, variant: name, label, conflicts: [], checks: [], output: '', ...refusal };
}
