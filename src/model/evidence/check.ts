import { unreachable } from '../errors.ts';

/**
 * How a check ended on one tree.
 *
 * - `could-not-run`: its program is missing (exit 126 or 127), something killed it, or set-up failed: nothing is known about the tree
 * - `skipped`: not run, because the run or the comparison was stopped
 */
export type CheckStatus = 'passed' | 'failed' | 'timed-out' | 'could-not-run' | 'skipped';

/** The known result of a check on the base. */
export type BaseFact = Exclude<CheckStatus, 'skipped'>;

/** A check on a variant held against the base, from worst to best. */
export const STANDINGS = ['broke', 'unknown', 'still-fails', 'passed', 'fixed'] as const;
export type Standing = (typeof STANDINGS)[number];

/** Names of tests: all are counted, the first few are named. */
export interface TestNames {
  readonly count: number;
  readonly names: readonly string[];
}

/** The report of a check, compared with that of the base. */
export interface TestFacts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Failed on the base, pass here. */
  readonly fixed: TestNames;
  /** Passed on the base, fail here. */
  readonly broke: TestNames;
  /** Fail on the base and here. */
  readonly stillFails: TestNames;
  /** Passed on the base and are not in the report here: deleted, renamed, or not run. */
  readonly gone: TestNames;
  /** Failed on the base and did not run here, which fixes nothing. */
  readonly silenced: TestNames;
  /** Both verdicts on this tree (`repeat`). */
  readonly flaky: TestNames;
}

export interface CheckResult {
  readonly name: string;
  readonly status: CheckStatus;
  readonly exitCode: number | null;
  readonly durationMs: number;
  /** The cause of a failure in one line, for the summary. */
  readonly detail: string;
  /** The same check on the base; null: not known (yet). */
  readonly onBase: BaseFact | null;
  /**
   * How it ended with the variant's own version of the files that decide its verdict, where `status` is with these put back as they
   * were on the base. Absent: nothing had to be put back.
   */
  readonly own?: CheckStatus;
  /** How it ends with these files as they were, where `status` is with the variant's version. Absent: not checked, or they did not change. */
  readonly former?: CheckStatus;
  /** Files that decide its verdict and that the variant changed, the first few. Absent: none, or not checked. */
  readonly changedFiles?: readonly string[];
  /** Absent: the check names no report, or nothing could be read from it. */
  readonly tests?: TestFacts;
  /** Why the report that the check names could not be used, one sentence. Absent: it could, or there is none. */
  readonly reportProblem?: string;
  /** It passed and failed on this very tree: how many of the runs failed. Absent: all agreed. */
  readonly flaky?: { readonly runs: number; readonly failed: number };
}

/** The command failed or ran out of time. */
export function fails(check: Pick<CheckResult, 'status'>): boolean {
  return check.status === 'failed' || check.status === 'timed-out';
}

/**
 * The standing of a check on a variant. Time-outs and missing programs are never taken for "fails there too": what cannot be known is
 * `unknown`. A test that passes on the base and fails here is `broke`, whatever the command's exit.
 */
export function standingOf(check: Pick<CheckResult, 'status' | 'onBase' | 'tests'>): Standing {
  switch (check.status) {
    case 'skipped':
    case 'could-not-run':
      return 'unknown';
    case 'passed':
      if ((check.tests?.broke.count ?? 0) > 0) return 'broke';
      // Every test that failed is gone, and none was fixed.
      if (check.tests !== undefined && check.tests.silenced.count > 0 && check.tests.fixed.count === 0) return 'still-fails';
      return check.onBase === 'failed' ? 'fixed' : 'passed';
    case 'failed':
      if ((check.tests?.broke.count ?? 0) > 0 || check.onBase === 'passed') return 'broke';
      return check.onBase === 'failed' ? 'still-fails' : 'unknown';
    case 'timed-out':
      return check.onBase === 'passed' ? 'broke' : 'unknown';
    default:
      return unreachable(check.status);
  }
}

/** It passes only with the variant's own version of the files that decide it, and fails with those of the base. */
export function isHollow(check: Pick<CheckResult, 'status' | 'onBase' | 'tests' | 'own'>): boolean {
  return standingOf(check) === 'still-fails' && check.own === 'passed';
}

/** It passes, but the variant changed files that decide it, and it is not known to pass with the former ones. */
export function isWeak(check: Pick<CheckResult, 'status' | 'former'> & { readonly changedFiles: readonly string[] }): boolean {
  return check.status === 'passed' && check.changedFiles.length > 0 && check.former !== 'passed';
}

/** Whether it keeps a variant from being merged and needed: the check broke, or nothing is known. */
export function blocks(check: Pick<CheckResult, 'status' | 'onBase' | 'tests'>): boolean {
  const standing = standingOf(check);
  return standing === 'broke' || standing === 'unknown';
}
