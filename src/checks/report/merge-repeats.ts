import type { TestReport, TestVerdict } from '../../model/evidence/test-report.ts';

export interface Repeats {
  readonly report: TestReport;
  /** Tests that both passed and failed, sorted; in the report they count as failed. */
  readonly flaky: readonly string[];
}

/** Several runs of one check on the same files as one report; null for none. Pure. */
export function mergeRepeats(reports: readonly TestReport[]): Repeats | null {
  const [first, ...more] = reports;
  if (first === undefined) return null;
  const tests = new Map(first.tests);
  const flaky = new Set<string>();
  for (const report of more) {
    for (const [name, verdict] of report.tests) {
      const known = tests.get(name);
      if (known !== undefined && known !== verdict && known !== 'skipped' && verdict !== 'skipped') flaky.add(name);
      tests.set(name, known === undefined ? verdict : worse(known, verdict));
    }
  }
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const verdict of tests.values()) counts[verdict] += 1;
  return { report: { format: first.format, tests, ...counts }, flaky: [...flaky].sort() };
}

/** A run that skipped a test says nothing about it. */
function worse(a: TestVerdict, b: TestVerdict): TestVerdict {
  if (a === 'failed' || b === 'failed') return 'failed';
  return a === 'passed' || b === 'passed' ? 'passed' : 'skipped';
}
