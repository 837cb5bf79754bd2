import * as z from 'zod/mini';
import type { ReportFormat, TestVerdict } from '../../model/evidence/test-report.ts';
import { type ReportBuilder, WITHIN } from './report-builder.ts';
import { UnusableReport } from './unusable-report.ts';

/* Reports that are one JSON value: of vitest and jest, mocha, and pytest-json-report. */

/* Lists are looked at one by one: of a list of millions of other things zod would note each. */

const jest = z.object({ testResults: z.array(z.unknown()) });
const jestFile = z.object({ name: z.string(), status: z.string(), assertionResults: z.array(z.unknown()) });
const jestTest = z.object({ ancestorTitles: z.array(z.string()), title: z.string(), status: z.string() });

const mocha = z.object({
  stats: z.object({ tests: z.number() }),
  passes: z.array(z.unknown()),
  failures: z.array(z.unknown()),
  pending: z.array(z.unknown()),
});
const mochaTest = z.object({ fullTitle: z.string(), file: z.optional(z.nullable(z.string())) });

const pytest = z.object({
  exitcode: z.number(),
  tests: z.optional(z.array(z.unknown())),
  collectors: z.optional(z.array(z.unknown())),
});
const pytestNode = z.object({ nodeid: z.string(), outcome: z.string() });

/** null: JSON, but no report of a known kind. Throws UnusableReport for one that is not as its runner writes it. */
export function parseJson(value: unknown, builder: ReportBuilder): ReportFormat | null {
  const ofJest = z.safeParse(jest, value);
  if (ofJest.success) return addJest(ofJest.data, builder);
  const ofMocha = z.safeParse(mocha, value);
  if (ofMocha.success) return addMocha(ofMocha.data, builder);
  const ofPytest = z.safeParse(pytest, value);
  return ofPytest.success ? addPytest(ofPytest.data, builder) : null;
}

function* each<S extends z.core.$ZodType>(schema: S, values: readonly unknown[]): Generator<z.infer<S>> {
  for (const value of values) {
    const parsed = z.safeParse(schema, value);
    if (!parsed.success) throw new UnusableReport('lists something that is no test');
    yield parsed.data;
  }
}

function addJest(report: z.infer<typeof jest>, builder: ReportBuilder): ReportFormat {
  for (const { name: file, status, assertionResults } of each(jestFile, report.testResults)) {
    // A file that could not be loaded has no tests.
    if (assertionResults.length === 0 && status === 'failed') builder.add([file], 'failed');
    for (const test of each(jestTest, assertionResults))
      builder.add([file, ...test.ancestorTitles, test.title], verdictOf(test.status));
  }
  return 'jest-json';
}

function addMocha(report: z.infer<typeof mocha>, builder: ReportBuilder): ReportFormat {
  // `tests` lacks the hooks that failed.
  const lists = { passed: report.passes, failed: report.failures, skipped: report.pending } as const;
  for (const verdict of ['passed', 'failed', 'skipped'] as const)
    for (const { file, fullTitle } of each(mochaTest, lists[verdict])) builder.add([file ?? undefined, fullTitle], verdict);
  return 'mocha-json';
}

function addPytest(report: z.infer<typeof pytest>, builder: ReportBuilder): ReportFormat {
  for (const { nodeid, outcome } of each(pytestNode, report.collectors ?? [])) {
    if (outcome === 'failed' || outcome === 'error') builder.add([nodeName(nodeid)], 'failed');
  }
  for (const { nodeid, outcome } of each(pytestNode, report.tests ?? [])) builder.add([nodeName(nodeid)], verdictOf(outcome));
  return 'pytest-json';
}

/** `tests/test_a.py::TestX::test_y[a::b]`: the text in brackets is a parameter. */
function nodeName(nodeid: string): string {
  const parameters = nodeid.indexOf('[');
  const end = parameters === -1 ? nodeid.length : parameters;
  return nodeid.slice(0, end).replaceAll('::', WITHIN) + nodeid.slice(end);
}

/** The words of jest, vitest and pytest. An expected failure (`xfailed`) proves as little as a skipped test. */
function verdictOf(word: string): TestVerdict {
  if (word === 'passed' || word === 'xpassed') return 'passed';
  return word === 'failed' || word === 'error' ? 'failed' : 'skipped';
}
