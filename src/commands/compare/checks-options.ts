import type { RunId, VariantName } from '../../model/ids.ts';
import type { Plan } from '../../model/plan.ts';
import type { ChecksFrom } from '../../model/reports/check-changes.ts';
import type { OptionSpec } from '../command.ts';

/** What `compare` and `merge` take alike. */
export const CHECKS_OPTIONS = {
  checks: { kind: 'flag', summary: 'use the checks and metrics of the current variants file, not of the run' },
  file: { kind: 'text', alias: 'f', summary: 'with --checks: another variants file', file: true },
  trust: { kind: 'text', summary: 'with --checks: approve what the variants file runs, by the hash shown' },
} as const satisfies Record<string, OptionSpec>;

export interface ChecksOptions {
  readonly checks: boolean;
  readonly file?: string | undefined;
  readonly trust?: string | undefined;
}

/** A run whose variants are to be checked anew. */
export interface CheckedAnew {
  readonly plan: Plan;
  readonly names: readonly VariantName[];
}

export interface CurrentChecks {
  /** By run: its plan with the checks of the variants file. */
  readonly plans: ReadonlyMap<RunId, Plan>;
  readonly from: ChecksFrom;
}

/** The options that select these checks again; empty: those of the run. */
export function checkWords({ checks, file }: ChecksOptions): readonly string[] {
  return checks ? ['--checks', ...(file === undefined ? [] : ['-f', file])] : [];
}
