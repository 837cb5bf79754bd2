import { Parser } from 'tap-parser';
import type { TestVerdict } from '../../model/test-report.ts';
import type { ReportBuilder } from './report-builder.ts';
import { UnusableReport } from './unusable-report.ts';

/** Subtests are four columns further in each: what is deeper than this is no test, and the parser goes down by calling itself. */
const DEEPEST = 4 * 40;
/** Of a line. What a test prints may be of any length. */
const READ_OF_LINE = 8_000;

const TEST_POINT = /^( *)(?:not )?ok\b/;

/**
 * Reads TAP 12 to 14 with subtests. Diagnostics are left out: they are YAML with tags of its own, cost most of the time, and hold nothing
 * about which test passed. Throws UnusableReport.
 */
export async function parseTap(text: string, builder: ReportBuilder): Promise<void> {
  const parser = new Parser({});
  let whole = false;
  parser.on(
    'complete',
    (results: { readonly ok: boolean; readonly plan: { readonly start: number | null }; readonly count: number }) => {
      whole = results.plan.start !== null;
    },
  );
  collect(parser, [], builder);
  let piece: string[] = [];
  for (const line of withoutDiagnostics(text)) {
    piece.push(line);
    if (piece.length < 5_000) continue;
    parser.write(`${piece.join('\n')}\n`);
    piece = [];
    await new Promise((resolve) => setImmediate(resolve));
  }
  parser.end(`${piece.join('\n')}\n`);
  if (parser.bailedOut !== false) throw new UnusableReport('ends early: the test runner bailed out');
  if (!whole) throw new UnusableReport('is cut off: it has no plan');
}

interface Group {
  readonly failed: boolean;
  readonly tests: number;
}

/** Adds the tests of a parser and its subtests. A test point that only sums up its subtest is none of its own. */
function collect(parser: Parser, path: readonly string[], builder: ReportBuilder): () => Group {
  let tests = 0;
  let failed = false;
  let child: { readonly name: string; readonly end: () => Group } | null = null;
  parser.on('child', (sub: Parser) => {
    const name = sub.name.replace(/^Subtest: /, '');
    child = { name, end: collect(sub, [...path, name], builder) };
  });
  parser.on(
    'assert',
    (result: { readonly ok: boolean; readonly name: string; readonly skip: unknown; readonly todo: unknown }) => {
      const verdict: TestVerdict = result.skip || result.todo ? 'skipped' : result.ok ? 'passed' : 'failed';
      const within: Group | null = child?.end() ?? null;
      child = null;
      tests += 1;
      if (verdict === 'failed') failed = true;
      // Fails although each of its tests passes: a hook did.
      if (within === null || within.tests === 0 || (verdict === 'failed' && !within.failed))
        builder.add([...path, result.name], verdict);
    },
  );
  return () => ({ failed, tests });
}

/** The lines but for YAML blocks, which follow a test point, two columns further in. */
function* withoutDiagnostics(text: string): Generator<string> {
  let indent = 0;
  let until: string | null = null;
  for (const raw of text.split('\n')) {
    const line = (raw.endsWith('\r') ? raw.slice(0, -1) : raw).slice(0, READ_OF_LINE);
    if (line.length > DEEPEST && line.slice(0, DEEPEST).trim() === '') continue;
    if (until !== null) {
      if (line === until) until = null;
      else if (line.trim() === '' || line.startsWith(until.slice(0, -3))) continue;
      else {
        // Ended without its last line.
        until = null;
        yield line;
      }
      continue;
    }
    const point = TEST_POINT.exec(line);
    if (point !== null) indent = point[1]?.length ?? 0;
    else if (line.trim() === '---' && line.startsWith(' '.repeat(indent + 1))) {
      until = `${line.slice(0, line.indexOf('---'))}...`;
      continue;
    }
    yield line;
  }
}
