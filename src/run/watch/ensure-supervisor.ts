import { dirname } from 'node:path';
import type { Clock } from '../../model/clock.ts';
import { CopseError } from '../../model/errors.ts';
import { EXIT } from '../../model/exit-code.ts';
import type { RunId } from '../../model/ids.ts';
import type { RunPaths, Store } from '../../store/layout.ts';
import { supervisorAlive } from '../../store/supervisor-record.ts';
import type { Environment } from '../../system/environment.ts';
import { readTail, sizeOf } from '../../system/files.ts';
import { isRunning } from '../../system/processes/process-identity.ts';
import { spawnDetached } from '../../system/processes/spawn-detached.ts';
import type { SuperviseMode } from '../supervise.ts';

export interface Launcher {
  /** Program and first arguments of this very copse. */
  readonly self: readonly [string, ...string[]];
  readonly environment: Environment;
  readonly clock: Clock;
}

const READY_MS = 20_000;

/**
 * Makes sure that a supervisor looks after the run; true if it had to be started. Its working directory is copse's state, outside the
 * worktrees; its output goes to `supervisor.log`.
 */
export async function ensureSupervisor(
  store: Store,
  paths: RunPaths,
  run: RunId,
  mode: SuperviseMode,
  launcher: Launcher,
): Promise<boolean> {
  if (await supervisorAlive(paths)) return false;
  // Output of an earlier one is not about this one.
  const saidBefore = await sizeOf(paths.supervisorLog);
  const child = await spawnDetached([...launcher.self, '__supervise', run, '--mode', mode, '--common-dir', dirname(store.home)], {
    cwd: paths.dir,
    env: launcher.environment,
    stdin: null,
    stdout: paths.supervisorLog,
    stderr: paths.supervisorLog,
  });
  const deadline = launcher.clock.monotonicMs() + READY_MS;
  while (launcher.clock.monotonicMs() < deadline) {
    if (await supervisorAlive(paths)) return true;
    // It may have done all there was to do already, or lost the race against another one.
    if (!(await isRunning(child))) break;
    await launcher.clock.sleep(10);
  }
  if (await supervisorAlive(paths)) return false;
  const said = Math.max(0, (await sizeOf(paths.supervisorLog)) - saidBefore);
  const log = (await readTail(paths.supervisorLog, Math.min(said, 2_000))).trim();
  if (log === '' && !(await isRunning(child))) return true;
  throw new CopseError({
    code: 'no-supervisor',
    exit: EXIT.failed,
    what: `The supervisor of run ${run} does not start.`,
    why: log === '' ? 'It printed no reason.' : `It printed: ${log.split('\n').slice(-3).join(' ')}`,
    hint: 'Check your setup: copse doctor',
  });
}
