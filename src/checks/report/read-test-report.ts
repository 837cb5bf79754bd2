import { basename, dirname, isAbsolute, relative } from 'node:path';
import type { ReportProblem, TestReport } from '../../model/evidence/test-report.ts';
import type { AbsolutePath } from '../../model/ids.ts';
import { shortLine } from '../../text/plain-text.ts';
import { parseTestReports } from './parse-test-report.ts';
import { readReportFiles, realOrGiven } from './report-files.ts';
import { UnusableReport } from './unusable-report.ts';

/**
 * The report that a check wrote to `path` (in the worktree, a file, a folder of `.xml`, `.json` and `.tap` files, or a glob) since `newerThanMs`
 * (epoch, when the check started). Whatever a check left there is a value: nothing hangs, nothing is read from elsewhere, at most 50 MB are read.
 */
export async function readTestReport(o: {
  readonly path: string;
  readonly worktree: AbsolutePath;
  readonly newerThanMs: number;
}): Promise<TestReport | ReportProblem> {
  const pattern = isAbsolute(o.path) ? relative(o.worktree, o.path) : o.path;
  if (pattern === '' || pattern.split('/').includes('..'))
    return { problem: `${shown(o.path)} is not a path inside the worktree.` };
  return problemsAsValues(async () => {
    const files = await readReportFiles({ worktree: o.worktree, pattern, newerThanMs: o.newerThanMs });
    return parseTestReports(
      files.map(({ path, text }) => ({ name: shown(path), text })),
      await pathsOf(o.worktree),
    );
  });
}

/** The report in what a check printed (`report: "-"`): its log, which copse wrote itself. */
export async function readPrintedReport(o: {
  readonly log: AbsolutePath;
  readonly worktree: AbsolutePath;
}): Promise<TestReport | ReportProblem> {
  return problemsAsValues(async () => {
    const [file] = await readReportFiles({ worktree: dirname(o.log), pattern: basename(o.log), newerThanMs: 0 });
    return parseTestReports([{ name: 'The output', text: file?.text ?? '' }], await pathsOf(o.worktree));
  });
}

async function problemsAsValues(read: () => Promise<TestReport | ReportProblem>): Promise<TestReport | ReportProblem> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof UnusableReport) return { problem: `${shown(error.message)}.` };
    throw error;
  }
}

const pathsOf = async (worktree: AbsolutePath): Promise<readonly AbsolutePath[]> => [worktree, await realOrGiven(worktree)];

const shown = (text: string): string => shortLine(text, 200);
