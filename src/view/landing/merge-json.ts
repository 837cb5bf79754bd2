import type { CheckStatus } from '../../model/evidence/check.ts';
import type { Changes } from '../../model/outcome.ts';
import type { MergeConflict, MergeReport } from '../../model/reports/merge-report.ts';
import { oneLine, plainText } from '../../text/plain-text.ts';

export interface MergeCheckJson {
  readonly name: string;
  /** On the target's result. */
  readonly status: CheckStatus;
  readonly exitCode: number | null;
  readonly durationMs: number;
  readonly detail: string;
  /** The same check on the target before; null: not run there. */
  readonly onTarget: CheckStatus | null;
}

export interface MergeLandedJson {
  /** `dark`, or `ui-2/dark`. */
  readonly name: string;
  readonly run: string;
  readonly variant: string;
  readonly branch: string;
  readonly tip: string;
  /** The target's commit right after the merge. */
  readonly commit: string;
  readonly subject: string;
  readonly changes: Changes;
  readonly checks: readonly MergeCheckJson[];
  readonly hooks: readonly string[];
  readonly signed: boolean;
  readonly notes: readonly string[];
}

export interface MergeRefusedJson {
  readonly name: string;
  readonly run: string;
  readonly variant: string;
  /** Stable: `conflict`, `checks-fail`, `hook-refused`, `uncommitted`, `need-not-landed`, `running` … */
  readonly reason: string;
  readonly what: string;
  readonly why: string;
  /** Commands are on separate lines. */
  readonly hint: string;
  readonly conflicts: readonly MergeConflict[];
  readonly checks: readonly MergeCheckJson[];
  /** The end of what the hook or check that failed printed. */
  readonly output: string;
}

export interface MergeJson {
  readonly schema: 1;
  readonly target: string;
  /** The target before and after; equal if nothing was merged. */
  readonly from: string;
  readonly to: string;
  readonly as: 'squash' | 'merge' | 'rebase' | 'ff';
  readonly dryRun: boolean;
  readonly noVerify: boolean;
  /** For `copse undo`; null: nothing was merged. */
  readonly operation: string | null;
  /** Worktrees whose files followed. */
  readonly checkouts: readonly string[];
  readonly landed: readonly MergeLandedJson[];
  readonly already: readonly { readonly name: string; readonly why: string }[];
  readonly refused: readonly MergeRefusedJson[];
  readonly notes: readonly string[];
}

/** What `merge --json` prints. */
export function mergeJson(report: MergeReport): MergeJson {
  const { target, from, to, as, dryRun, noVerify, operation, checkouts } = report;
  return {
    schema: 1,
    target,
    from,
    to,
    as,
    dryRun,
    noVerify,
    operation,
    checkouts,
    landed: report.landed.map((one) => ({
      name: one.label,
      run: one.run,
      variant: one.variant,
      branch: one.branch,
      tip: one.tip,
      commit: one.commit,
      subject: oneLine(one.subject),
      changes: one.changes,
      checks: one.checks.map(checkJson),
      hooks: one.hooks,
      signed: one.signed,
      notes: one.notes.map(oneLine),
    })),
    already: report.already.map(({ label, why }) => ({ name: label, why: oneLine(why) })),
    refused: report.refused.map((one) => ({
      name: one.label,
      run: one.run,
      variant: one.variant,
      reason: one.code,
      what: oneLine(one.what),
      why: oneLine(one.why),
      hint: plainText(one.hint),
      conflicts: one.conflicts,
      checks: one.checks.map(checkJson),
      output: plainText(one.output),
    })),
    notes: report.notes.map(oneLine),
  };
}

function checkJson(check: MergeReport['landed'][number]['checks'][number]): MergeCheckJson {
  const { name, status, exitCode, durationMs, detail, onBase } = check;
  return { name, status, exitCode, durationMs, detail: oneLine(detail), onTarget: onBase };
}
