import { join } from 'node:path';
import type { AbsolutePath } from '../model/ids.ts';
import { readCause } from '../system/cause/read-cause.ts';
import type { Environment } from '../system/environment.ts';
import { runLogged } from '../system/processes/run-logged.ts';
import { shortLine } from '../text/plain-text.ts';

export interface SetupStep {
  readonly exitCode: number | null;
  readonly durationMs: number;
  /** Why it failed, in one line; empty after success. */
  readonly detail: string;
}

export interface SetupOptions {
  readonly commands: readonly string[];
  readonly worktree: AbsolutePath;
  /** Exact. */
  readonly env: Environment;
  /** Takes `setup-1.log` and so on; must exist. */
  readonly logDir: AbsolutePath;
  /** Of each command. */
  readonly timeoutMs: number;
  readonly marker?: string;
  readonly signal?: AbortSignal;
  onStart(command: string): void | Promise<void>;
  onEnd(command: string, step: SetupStep): void | Promise<void>;
}

/** Runs the setup commands one after the other, each as `sh -c`, until one fails. `failed` is that command. */
export async function runSetup(o: SetupOptions): Promise<{ ok: boolean; failed: string | null; detail: string }> {
  for (const [i, command] of o.commands.entries()) {
    await o.onStart(command);
    const log = join(o.logDir, `setup-${i + 1}.log`);
    const result = await runLogged(['/bin/sh', '-c', command], {
      cwd: o.worktree,
      env: o.env,
      log,
      timeoutMs: o.timeoutMs,
      ...(o.marker === undefined ? {} : { marker: o.marker }),
      ...(o.signal === undefined ? {} : { signal: o.signal }),
    });
    const ok = result.exitCode === 0 && !result.timedOut;
    const detail = ok ? '' : await whatWentWrong(result, log, o.timeoutMs);
    await o.onEnd(command, { exitCode: result.exitCode, durationMs: result.durationMs, detail });
    if (!ok) return { ok: false, failed: command, detail };
  }
  return { ok: true, failed: null, detail: '' };
}

async function whatWentWrong(
  result: { exitCode: number | null; timedOut: boolean; startError: string | null },
  log: string,
  timeoutMs: number,
): Promise<string> {
  if (result.startError !== null) return shortLine(result.startError);
  // copse ended it after its time limit: its exit status has no meaning.
  const cause = await readCause(log, result.timedOut ? 0 : result.exitCode);
  if (result.timedOut) return `still running after ${Math.round(timeoutMs / 1000)} s${cause === '' ? '' : `: ${cause}`}`;
  return cause === '' ? `exit ${result.exitCode}` : cause;
}
