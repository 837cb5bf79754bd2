import { dirname } from 'node:path';
import type { CheckResult, CheckStatus } from '../model/evidence/check.ts';
import type { TestReport } from '../model/evidence/test-report.ts';
import type { AbsolutePath } from '../model/ids.ts';
import type { Isolation } from '../model/outcome.ts';
import type { PlannedCheck } from '../model/plan.ts';
import { readCause } from '../system/cause/read-cause.ts';
import type { Environment } from '../system/environment.ts';
import { makePrivateDirectory } from '../system/files.ts';
import type { LoggedResult } from '../system/processes/run-logged.ts';
import { shortLine } from '../text/plain-text.ts';
import { mergeRepeats } from './report/merge-repeats.ts';
import { runConfined } from './run-confined.ts';
import { watcherDetail } from './watcher.ts';

export interface ChecksOptions {
  readonly checks: readonly PlannedCheck[];
  readonly worktree: AbsolutePath;
  /** Exact environment; holds no credentials of the agent. */
  readonly env: Environment;
  readonly isolation: Isolation;
  /** Of the repository. */
  readonly commonDir: AbsolutePath;
  /** The person's, whole. */
  readonly person: Environment;
  /** Time-out of one check, ms. */
  readonly timeoutMs: number;
  readonly marker: string;
  readonly secretValues: readonly string[];
  readonly signal: AbortSignal;
  readonly logOf: (name: string) => AbsolutePath;
  readonly onStart: (name: string) => Promise<void>;
  readonly onEnd: (ran: Ran, log: AbsolutePath) => Promise<void>;
}

/** The result of a check on one tree. */
export interface Ran {
  /** `onBase` null: not yet held against the base. */
  readonly check: CheckResult;
  /** Its report about its tests; null: it names no report, or none could be read. */
  readonly report: TestReport | null;
  /** Tests that both passed and failed on this tree. */
  readonly flakyTests: readonly string[];
}

/** Runs the checks one after the other in a worktree, each with its own log. What a check does is a value, never an error. */
export async function runChecks(o: ChecksOptions): Promise<readonly Ran[]> {
  const results: Ran[] = [];
  for (const check of o.checks) {
    const log = o.logOf(check.name);
    if (!o.signal.aborted) await o.onStart(check.name);
    const result = o.signal.aborted ? skipped(check.name) : await runCheck(o, check, log);
    await o.onEnd(result, log);
    results.push(result);
  }
  return results;
}

/** A failing check runs again, as often as the plan says: one that then passes is flaky, not broken. */
async function runCheck(o: ChecksOptions, check: PlannedCheck, log: AbsolutePath): Promise<Ran> {
  await makePrivateDirectory(dirname(log));
  const runs: Once[] = [];
  for (let n = 0; n < check.repeat; n += 1) {
    const once = await runOnce(o, check, log);
    if (once === null) return skipped(check.name);
    runs.push(once);
    if (once.result.status !== 'failed') break;
  }
  const last = runs.at(-1);
  if (last === undefined) return skipped(check.name);
  const failed = runs.filter(({ result }) => result.status === 'failed').length;
  const repeats = mergeRepeats(runs.flatMap(({ report }) => report ?? []));
  const flaky = last.result.status === 'passed' && failed > 0 ? { flaky: { runs: runs.length, failed } } : {};
  return { check: { ...last.result, ...flaky }, report: repeats?.report ?? null, flakyTests: repeats?.flaky ?? [] };
}

interface Once {
  readonly result: CheckResult;
  readonly report: TestReport | null;
}

/** null: it was stopped. */
async function runOnce(o: ChecksOptions, check: PlannedCheck, log: AbsolutePath): Promise<Once | null> {
  const startedMs = Date.now();
  const ran = await runConfined(['/bin/sh', '-c', check.run], {
    cwd: o.worktree,
    isolation: o.isolation,
    commonDir: o.commonDir,
    person: o.person,
    env: o.env,
    log,
    timeoutMs: o.timeoutMs,
    watcherAfterMs: WATCHER_AFTER_MS,
    marker: o.marker,
    signal: o.signal,
  });
  if (o.signal.aborted) return null;
  const status = statusOf(ran);
  // copse ended it after its time limit: its exit status has no meaning.
  const endOf = ran.timedOut ? 0 : ran.exitCode;
  const result: CheckResult = {
    name: check.name,
    status,
    exitCode: ran.exitCode,
    durationMs: ran.durationMs,
    detail: status === 'passed' ? '' : (whyNotRun(ran) ?? (await readCause(log, endOf, o.secretValues))),
    onBase: null,
  };
  // A check that did not run, or was interrupted, has reported no test, or not all.
  if (check.report === null || (status !== 'passed' && status !== 'failed')) return { result, report: null };
  const report = await reportOf(check.report, o.worktree, log, startedMs);
  return 'problem' in report ? { result: { ...result, reportProblem: report.problem }, report: null } : { result, report };
}

/** Long enough for a test that happens to print such a line and then works in silence. */
const WATCHER_AFTER_MS = 20_000;

function whyNotRun({ startError, watches }: LoggedResult): string | null {
  return watches === null ? shortLine(startError ?? '') || null : watcherDetail(watches);
}

/** Loaded only if a check names a report. */
async function reportOf(path: string, worktree: AbsolutePath, log: AbsolutePath, newerThanMs: number) {
  const { readPrintedReport, readTestReport } = await import('./report/read-test-report.ts');
  return path === '-' ? readPrintedReport({ log, worktree }) : readTestReport({ path, worktree, newerThanMs });
}

/** 126 and 127: the shell found no such program, or may not run it. Node and npm pass on what their script's shell says. */
const NO_PROGRAM: ReadonlySet<number> = new Set([126, 127]);
/** 128 + SIGHUP, SIGINT, SIGKILL, SIGTERM: ended from outside, perhaps by the kernel for lack of memory. A crash of the program itself is a failure. */
const KILLED: ReadonlySet<number> = new Set([129, 130, 137, 143]);

function statusOf(ran: LoggedResult): CheckStatus {
  if (ran.timedOut) return 'timed-out';
  if (ran.watches !== null) return 'could-not-run';
  if (ran.startError !== null) return 'could-not-run';
  if (ran.exitCode === null) return ran.signal === null || KILLERS.has(ran.signal) ? 'could-not-run' : 'failed';
  if (ran.exitCode === 0) return 'passed';
  return NO_PROGRAM.has(ran.exitCode) || KILLED.has(ran.exitCode) ? 'could-not-run' : 'failed';
}

const KILLERS: ReadonlySet<string> = new Set(['SIGHUP', 'SIGINT', 'SIGKILL', 'SIGTERM']);

/** Not run, because of a stop. */
export function skipped(name: string): Ran {
  const check = { name, status: 'skipped', exitCode: null, durationMs: 0, detail: 'Not run.', onBase: null } as const;
  return { check, report: null, flakyTests: [] };
}
