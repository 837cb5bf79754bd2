export type TestVerdict = 'passed' | 'failed' | 'skipped';

/** What a check reported of each of its tests, by a name that is the same on the base and on a variant. */
export interface TestReport {
  readonly tests: ReadonlyMap<string, TestVerdict>;
}
