import type { CheckResult, TestFacts, TestNames } from '../model/check.ts';
import type { TestReport } from '../model/test-report.ts';
import { baseFactOf } from './check-base.ts';

/** A check on the base. */
export interface BaseResult {
  readonly check: CheckResult;
  readonly report: TestReport | null;
}

/** Names kept of each kind: an event and a line of JSON hold them. */
const NAMED = 20;

/** A variant's check held against the same one on the base, test by test where both have a report. */
export function withBase(own: CheckResult, report: TestReport | null, base: BaseResult | null): CheckResult {
  const held = { ...own, onBase: baseFactOf(base?.check) };
  return report === null ? held : { ...held, tests: testFacts(report, base?.report ?? null, own.tests?.flaky ?? NO_NAMES) };
}

const NO_NAMES: TestNames = { count: 0, names: [] };

/** `base` null: nothing is known of the tests there, and only what is counted here is told. A flaky test is neither fixed nor broken. */
export function testFacts(own: TestReport, base: TestReport | null, flaky: TestNames): TestFacts {
  const lists = { fixed: [] as string[], broke: [] as string[], stillFails: [] as string[], gone: [] as string[] };
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const unsteady = new Set(flaky.names);
  for (const [name, verdict] of own.tests) {
    counts[verdict] += 1;
    const before = base?.tests.get(name);
    if (unsteady.has(name)) continue;
    if (verdict === 'passed' && before === 'failed') lists.fixed.push(name);
    if (verdict === 'failed' && before === 'passed') lists.broke.push(name);
    if (verdict === 'failed' && before === 'failed') lists.stillFails.push(name);
  }
  for (const [name, verdict] of base?.tests ?? []) if (verdict === 'passed' && !own.tests.has(name)) lists.gone.push(name);
  const named = (names: readonly string[]): TestNames => ({ count: names.length, names: names.slice(0, NAMED) });
  return {
    ...counts,
    fixed: named(lists.fixed),
    broke: named(lists.broke),
    stillFails: named(lists.stillFails),
    gone: named(lists.gone),
    flaky,
  };
}
