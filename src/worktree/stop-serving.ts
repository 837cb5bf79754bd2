import { rm, writeFile } from 'node:fs/promises';
import { CopseError } from '../model/errors.ts';
import type { RunId, VariantName } from '../model/ids.ts';
import { runPaths, type Store } from '../store/layout.ts';
import { acquireLock, type Lock, lockOwner } from '../store/lock.ts';
import { type ServingFiles, servingFiles } from '../store/serving.ts';
import { findByMarker } from '../system/processes/process-identity.ts';
import { stopProcesses } from '../system/processes/stop-processes.ts';

const GRACE_MS = 2_000;
/** Longer than a server waits before it starts again. */
const LET_GO_MS = 8_000;

/**
 * Stops the server of a variant, whichever command serves it, before its worktree is removed. Other servers keep running. Resolves with the pids
 * that outlived SIGKILL; null if nothing served it. CopseError `locked` if its command does not stop it.
 */
export async function stopServing(o: {
  readonly store: Store;
  readonly run: RunId;
  /** null: the run's base. */
  readonly variant: VariantName | null;
  readonly force?: boolean;
}): Promise<readonly number[] | null> {
  const files = servingFiles(runPaths(o.store, o.run), o.variant);
  if (!(await isServed(files))) return null;
  // Its command would take its end for a crash and start it again.
  await writeFile(files.stop, '', { mode: 0o600 });
  try {
    const first = await endProcesses(files, o.force ?? false);
    if (first.length > 0) return first;
    const lock = await take(files);
    try {
      // It may have been between two starts.
      return await endProcesses(files, o.force ?? false);
    } finally {
      await lock.release();
    }
  } finally {
    await rm(files.stop, { force: true });
  }
}

async function isServed(files: ServingFiles): Promise<boolean> {
  const held = await lockOwner(files.lock);
  return (held !== null && held.alive !== false) || (await findByMarker(files.marker)).length > 0;
}

function endProcesses(files: ServingFiles, force: boolean): Promise<number[]> {
  return stopProcesses({ root: null, marker: files.marker, graceMs: GRACE_MS, force });
}

async function take(files: ServingFiles): Promise<Lock> {
  try {
    return await acquireLock(files.lock, { purpose: 'stopping its server', waitMs: LET_GO_MS });
  } catch (error) {
    if (!(error instanceof CopseError && error.code === 'locked')) throw error;
    throw new CopseError({
      code: 'locked',
      exit: error.exit,
      what: 'A server cannot be stopped: its copse serve does not respond.',
      ...(error.why === undefined ? {} : { why: error.why }),
      hint: 'Stop all servers: copse stop --serve --force',
      cause: error,
    });
  }
}
