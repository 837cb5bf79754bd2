import * as z from 'zod/mini';
import type { TestVerdict } from '../../model/evidence/test-report.ts';
import { linesOf } from './lines-of.ts';
import type { ReportBuilder } from './report-builder.ts';
import { UnusableReport } from './unusable-report.ts';

/* `go test -json`: one event a line, between lines of the compiler and of tests that print past it. */

const event = z.object({ Action: z.string(), Package: z.optional(z.string()), Test: z.optional(z.string()) });

interface GoPackage {
  readonly tests: Map<string, TestVerdict | 'running'>;
  end: TestVerdict | 'running';
}

const ENDS: Readonly<Record<string, TestVerdict>> = { pass: 'passed', fail: 'failed', skip: 'skipped' };

/** Whether a line is an event of `go test -json`. */
export const isGoEvent = (line: string): boolean =>
  /^\{.*"Action":"[a-z-]+"/.test(line) && /"(?:Package|ImportPath)":/.test(line);

/** Throws UnusableReport. */
export function parseGo(text: string, builder: ReportBuilder): void {
  const packages = new Map<string, GoPackage>();
  for (const line of linesOf(text)) {
    if (line.includes('"Action":"output"') || !isGoEvent(line)) continue;
    const parsed = z.safeParse(event, jsonOf(line));
    if (!parsed.success || parsed.data.Package === undefined) continue;
    const { Action: action, Package: path, Test: test } = parsed.data;
    const one = packages.get(path) ?? { tests: new Map(), end: 'running' };
    packages.set(path, one);
    const verdict = ENDS[action];
    if (test === undefined) one.end = verdict ?? one.end;
    else if (verdict !== undefined) one.tests.set(test, verdict);
    else if (action === 'run') one.tests.set(test, 'running');
  }
  for (const [path, one] of packages) addPackage(path, one, builder);
}

function addPackage(path: string, { tests, end }: GoPackage, builder: ReportBuilder): void {
  if (end === 'running') throw new UnusableReport('is cut off: a package has no result');
  let failed = false;
  for (const [name, verdict] of tests) {
    // A test without an end was running when its package failed.
    const known = verdict === 'running' ? 'failed' : verdict;
    if (known === 'failed') failed = true;
    builder.add([path, name], known);
  }
  // It does not compile, or something outside of the tests failed.
  if (end === 'failed' && !failed) builder.add([path], 'failed');
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // A test printed something that looks like an event.
    return null;
  }
}
