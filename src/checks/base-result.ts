import type { CheckResult, TestFacts, TestNames } from '../model/evidence/check.ts';
import type { TestReport } from '../model/evidence/test-report.ts';
import type { KnownReport } from './cache.ts';
import { baseFactOf } from './check-base.ts';
import { compareReports } from './report/compare-reports.ts';

/** A check on the base. */
export interface BaseResult extends KnownReport {
  readonly check: CheckResult;
}

/** Names kept of each kind: an event and a line of JSON hold them. */
const NAMED = 20;

/** A variant's check compared with the same one on the base, test by test if both have a report. */
export function withBase(own: CheckResult, known: KnownReport, base: BaseResult | null): CheckResult {
  const held = { ...own, onBase: baseFactOf(base?.check) };
  if (known.report === null) return held;
  const flaky = new Set([...known.flakyTests, ...(base?.flakyTests ?? [])]);
  return { ...held, tests: testFacts(known.report, base?.report ?? null, flaky) };
}

/** `base` null: nothing is known of the tests there, and only the counts here are known. A flaky test is neither fixed nor broken. */
function testFacts(own: TestReport, base: TestReport | null, flaky: ReadonlySet<string>): TestFacts {
  const { passed, failed, skipped } = own;
  const found = base === null ? null : compareReports(base, own, flaky);
  return {
    passed,
    failed,
    skipped,
    fixed: named(found?.fixed),
    broke: named(found?.broke),
    stillFails: named(found?.stillFailing),
    gone: named(found?.missing),
    silenced: named(found?.silenced),
    flaky: named([...flaky]),
  };
}

function named(names: readonly string[] = []): TestNames {
  return { count: names.length, names: names.slice(0, NAMED) };
}
