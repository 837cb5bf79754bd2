import { dirname } from 'node:path';
import type { AbsolutePath } from '../model/ids.ts';
import type { CheckResult, CheckStatus, Isolation } from '../model/outcome.ts';
import type { NamedCommand } from '../model/plan.ts';
import { readCause } from '../system/cause/read-cause.ts';
import type { Environment } from '../system/environment.ts';
import { makePrivateDirectory } from '../system/files.ts';
import { runLogged } from '../system/run-logged.ts';
import { oneLine } from '../system/sanitize.ts';
import { sandboxed } from './sandbox.ts';

export interface ChecksOptions {
  readonly checks: readonly NamedCommand[];
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
  readonly onEnd: (check: CheckResult, log: AbsolutePath) => Promise<void>;
}

/** Runs the checks one after the other in a worktree, each with a log of its own. What a check does is a value, never an error. */
export async function runChecks(o: ChecksOptions): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of o.checks) {
    const log = o.logOf(check.name);
    await o.onStart(check.name);
    const result = o.signal.aborted ? skipped(check.name) : await runCheck(o, check, log);
    await o.onEnd(result, log);
    results.push(result);
  }
  return results;
}

async function runCheck(o: ChecksOptions, check: NamedCommand, log: AbsolutePath): Promise<CheckResult> {
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
  const status: CheckStatus = ran.timedOut ? 'timed-out' : ran.exitCode === 0 ? 'passed' : 'failed';
  // We end what runs too long: its exit says nothing of its own.
  const endOf = ran.timedOut ? 0 : ran.exitCode;
  return {
    name: check.name,
    status,
    exitCode: ran.exitCode,
    durationMs: ran.durationMs,
    detail: status === 'passed' ? '' : oneLine(ran.startError ?? '') || (await readCause(log, endOf, o.secretValues)),
    onBase: null,
  };
}

function skipped(name: string): CheckResult {
  return { name, status: 'skipped', exitCode: null, durationMs: 0, detail: 'The run was stopped.', onBase: null };
}
