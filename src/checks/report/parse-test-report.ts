import type { ReportFormat, ReportProblem, TestReport } from '../../model/evidence/test-report.ts';
import type { AbsolutePath } from '../../model/ids.ts';
import { linesOf } from './lines-of.ts';
import { ReportBuilder } from './report-builder.ts';
import { UnusableReport } from './unusable-report.ts';

/** A file, or what a command printed. */
export interface ReportText {
  /** As it is called in a problem, e.g. `junit.xml`. */
  readonly name: string;
  readonly text: string;
}

const OTHER = 'is no test report that copse can read';

/** More than any report has; each level, object and list costs far more memory than the few bytes that it is written with. */
const DEEPEST_JSON = 200;
const MOST_IN_JSON = 4_000_000;

/**
 * Reads the reports of test runners: the format is recognised by the text itself. `worktree`: its paths (as given, and the real one), which are taken out
 * of names. If one of the texts cannot be read, none is used; among several, XML of another kind is left out.
 */
export async function parseTestReports(
  texts: readonly ReportText[],
  worktree: readonly AbsolutePath[],
): Promise<TestReport | ReportProblem> {
  const builder = new ReportBuilder(worktree);
  let format: ReportFormat | null = null;
  for (const { name, text } of texts) {
    try {
      format = (await parseInto(text, builder)) ?? format;
    } catch (error) {
      if (error instanceof UnusableReport) return { problem: `${name} ${error.message}.` };
      throw error;
    }
  }
  return format === null ? { problem: `${texts.map(({ name }) => name)[0] ?? 'The report'} ${OTHER}.` } : builder.finish(format);
}

/** One report. See {@link parseTestReports}. */
export async function parseTestReport(
  text: string,
  o: { readonly name: string; readonly worktree: readonly AbsolutePath[] },
): Promise<TestReport | ReportProblem> {
  return parseTestReports([{ name: o.name, text }], o.worktree);
}

/** null: XML of another kind. The parsers with libraries behind them are loaded when the first such report comes. */
async function parseInto(text: string, builder: ReportBuilder): Promise<ReportFormat | null> {
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  if (trimmed === '') throw new UnusableReport('is empty');
  // The rest of a multi-byte character counts as text, a NUL byte does not.
  if (trimmed.slice(0, 4096).includes('\0')) throw new UnusableReport('is not text');
  if (trimmed.startsWith('<')) {
    const { parseJunit } = await import('./parse-junit.ts');
    return (await parseJunit(trimmed, builder)) ? 'junit' : null;
  }
  const { parseGo, isGoEvent } = await import('./parse-go.ts');
  const { parseCargo, isCargoTest } = await import('./parse-cargo.ts');
  const isTap = (line: string): boolean => /^TAP version 1[2-4]$|^1\.\.\d+(?:\s|$)|^(?:not )?ok \d+(?:\s|$)/.test(line);
  let triedJson = false;
  // npm and others print a few lines before.
  for (const line of linesOf(trimmed)) {
    if (isGoEvent(line)) {
      parseGo(trimmed, builder);
      return 'go-json';
    }
    if (isCargoTest(line)) {
      parseCargo(trimmed, builder);
      return 'cargo';
    }
    if (isTap(line)) {
      const { parseTap } = await import('./parse-tap.ts');
      await parseTap(trimmed.slice(trimmed.indexOf(line)), builder);
      return 'tap';
    }
    if (line.startsWith('{') && !triedJson) {
      triedJson = true;
      const value = jsonWithin(trimmed);
      if (value === undefined) continue;
      const { parseJson } = await import('./parse-json.ts');
      const format = parseJson(value, builder);
      if (format !== null) return format;
    }
  }
  throw new UnusableReport(trimmed.startsWith('{') ? `is cut off, or ${OTHER}` : OTHER);
}

/** The JSON object that is the whole text, or is between other output; undefined: there is none. */
function jsonWithin(text: string): unknown {
  const start = text.startsWith('{') ? 0 : text.indexOf('\n{') + 1;
  const end = text.lastIndexOf('\n}');
  const candidates = [text.slice(start), text.slice(start, end === -1 ? undefined : end + 2), firstLine(text.slice(start))];
  for (const candidate of candidates) {
    if (!candidate.trimEnd().endsWith('}') || isTooMuch(candidate)) continue;
    try {
      return JSON.parse(candidate);
    } catch {
      // Something else follows it: the next way to cut it.
    }
  }
  return undefined;
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';

function isTooMuch(json: string): boolean {
  let depth = 0;
  let count = 0;
  let quoted = false;
  for (let i = 0; i < json.length; i += 1) {
    const code = json.charCodeAt(i);
    if (code === 0x22) quoted = !quoted;
    else if (code === 0x5c && quoted) i += 1;
    else if (!quoted && (code === 0x7b || code === 0x5b)) {
      depth += 1;
      count += 1;
      if (depth > DEEPEST_JSON || count > MOST_IN_JSON) return true;
    } else if (!quoted && (code === 0x7d || code === 0x5d)) depth -= 1;
  }
  return false;
}
