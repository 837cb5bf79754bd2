import { dirname } from 'node:path';
import type { CheckResult, CheckStatus } from '../model/check.ts';
import type { AbsolutePath } from '../model/ids.ts';
import type { Isolation } from '../model/outcome.ts';
import type { PlannedCheck } from '../model/plan.ts';
import type { TestReport } from '../model/test-report.ts';
import { readCause } from '../system/cause/read-cause.ts';
import type { Environment } from '../system/environment.ts';
import { makePrivateDirectory } from '../system/files.ts';
import { type LoggedResult, runLogged } from '../system/processes/run-logged.ts';
import { oneLine } from '../text/sanitize.ts';
import { sandboxed } from './sandbox.ts';

export interface ChecksOptions {
  readonly checks: readonly PlannedCheck[];
  readonly worktree: AbsolutePath;
  /** Exact environment; holds no credentials of the agent. */
  readonly env: Environment;
  readonly isolation: Isolation;
  /** Time-out of one check, ms. */
  readonly timeoutMs: number;
  readonly marker: string;
  readonly secretValues: readonly string[];
  readonly signal: AbortSignal;
  readonly logOf: (name: string) => AbsolutePath;
  readonly onStart: (name: string) => Promise<void>;
  readonly onEnd: (ran: Ran, log: AbsolutePath) => Promise<void>;
}

/** What a check came to on one tree. */
export interface Ran {
  /** `onBase` null: not yet held against the base. */
  readonly check: CheckResult;
  /** What it reported of its tests; null: it names no report, or none could be read. */
  readonly report: TestReport | null;
}

/** Runs the checks one after the other in a worktree, each with a log of its own. What a check does is a value, never an error. */
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

async function runCheck(o: ChecksOptions, check: PlannedCheck, log: AbsolutePath): Promise<Ran> {
  await makePrivateDirectory(dirname(log));
  const command = ['/bin/sh', '-c', check.run];
  const ran = await runLogged(o.isolation === 'sandbox' ? sandboxed(command, o.worktree) : command, {
    cwd: o.worktree,
    env: o.env,
    log,
    timeoutMs: o.timeoutMs,
    marker: o.marker,
    signal: o.signal,
  });
  if (o.signal.aborted) return skipped(check.name);
  const status = statusOf(ran);
  // We end what runs too long: its exit says nothing of its own.
  const endOf = ran.timedOut ? 0 : ran.exitCode;
  const result: CheckResult = {
    name: check.name,
    status,
    exitCode: ran.exitCode,
    durationMs: ran.durationMs,
    detail: status === 'passed' ? '' : oneLine(ran.startError ?? '') || (await readCause(log, endOf, o.secretValues)),
    onBase: null,
  };
  return { check: result, report: null };
}

/** 126 and 127: the shell found no such program, or may not run it. Node and npm pass on what their script's shell says. */
const NO_PROGRAM: ReadonlySet<number> = new Set([126, 127]);
/** 128 + SIGHUP, SIGINT, SIGKILL, SIGTERM: somebody ended it, the kernel for lack of memory perhaps. A crash of its own is a failure. */
const KILLED: ReadonlySet<number> = new Set([129, 130, 137, 143]);

function statusOf(ran: LoggedResult): CheckStatus {
  if (ran.timedOut) return 'timed-out';
  if (ran.startError !== null) return 'could-not-run';
  if (ran.exitCode === null) return ran.signal === null || KILLERS.has(ran.signal) ? 'could-not-run' : 'failed';
  if (ran.exitCode === 0) return 'passed';
  return NO_PROGRAM.has(ran.exitCode) || KILLED.has(ran.exitCode) ? 'could-not-run' : 'failed';
}

const KILLERS: ReadonlySet<string> = new Set(['SIGHUP', 'SIGINT', 'SIGKILL', 'SIGTERM']);

/** Not run, because of a stop. */
export function skipped(name: string): Ran {
  const check = { name, status: 'skipped', exitCode: null, durationMs: 0, detail: 'Not run.', onBase: null } as const;
  return { check, report: null };
}
