import { Parser } from 'tap-parser';
import type { TestVerdict } from '../../model/evidence/test-report.ts';
import { linesOf } from './lines-of.ts';
import type { ReportBuilder } from './report-builder.ts';
import { UnusableReport } from './unusable-report.ts';

/** Subtests are four columns further in each: a deeper one is no test, and the parser is recursive. */
const DEEPEST = 4 * 40;
/** Of a line. The output of a test may have any length. */
const READ_OF_LINE = 8_000;

/** The parser keeps everything else for printing, at hundreds of times its size. */
const TELLING = /^ *(?:TAP version \d|(?:not )?ok\b|\d+\.\.\d|# Subtest|Bail out!|\}\s*$)/;

/** A test comes with three at most. */
const MOST_LINES = 1_000_000;

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
  let lines = 0;
  let piece: string[] = [];
  for (const line of tellingLines(text)) {
    piece.push(line);
    lines += 1;
    if (lines > MOST_LINES) throw new UnusableReport('has more lines of TAP than any run');
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

/** Adds the tests of a parser and its subtests. A test point that only sums up its subtest is not a test itself. */
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

/** The lines that tell something, without YAML blocks, which follow a test point, some columns further in. */
function* tellingLines(text: string): Generator<string> {
  let indent = 0;
  let until: string | null = null;
  for (const whole of linesOf(text)) {
    const line = whole.slice(0, READ_OF_LINE);
    if (until !== null) {
      const ends = line === until;
      if (!ends && (line.trim() === '' || line.startsWith(until.slice(0, -3)))) continue;
      // A line with less indentation ends the block without its last line.
      until = null;
      if (ends) continue;
    }
    const point = TEST_POINT.exec(line);
    if (point !== null) indent = point[1]?.length ?? 0;
    if (line.trim() === '---' && line.startsWith(' '.repeat(indent + 1))) until = `${line.slice(0, line.indexOf('---'))}...`;
    else if (TELLING.test(line) && line.slice(0, DEEPEST).trim() !== '') yield line;
  }
}
