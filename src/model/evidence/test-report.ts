/** The result of one test; a time-out or an error outside of an assertion is `failed`, a test marked as to do is `skipped`. */
export type TestVerdict = 'passed' | 'failed' | 'skipped';

/** The tool that wrote the report, as far as its text shows. */
export const REPORT_FORMATS = ['junit', 'tap', 'jest-json', 'mocha-json', 'pytest-json', 'go-json', 'cargo'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** Results of a check by test, read from what its test runner wrote. */
export interface TestReport {
  readonly format: ReportFormat;
  /**
   * By name: `file > group > test`, one line without control characters, without the worktree's own path, so that the same test has the
   * same name in each worktree. Tests that share a name are numbered, passed ones first.
   */
  readonly tests: ReadonlyMap<string, TestVerdict>;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** A report that cannot be used, in one sentence. */
export interface ReportProblem {
  readonly problem: string;
}

/** Two reports of the same check, of the base and of a variant. Each list is sorted. */
export interface TestComparison {
  /** Failed on the base, passes here. */
  readonly fixed: readonly string[];
  /** Passed on the base, fails here. */
  readonly broke: readonly string[];
  readonly stillFailing: readonly string[];
  /** Ran here and not on the base, whatever became of it. */
  readonly added: readonly string[];
  /** Passed on the base and did not run here: it is gone or skipped. */
  readonly missing: readonly string[];
  /** Failed on the base and did not run here: gone or skipped, which fixes nothing. */
  readonly silenced: readonly string[];
}
