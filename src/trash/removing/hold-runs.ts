import { CopseError } from '../../model/errors.ts';
import type { RunId } from '../../model/ids.ts';
import type { PruneOperation } from '../../model/operation.ts';
import { loadState } from '../../store/events/run-snapshot.ts';
import { type RunPaths, runPaths } from '../../store/layout.ts';
import { acquireLock, type Lock } from '../../store/lock.ts';
import { isOpened } from '../../store/opened.ts';
import { requirePlainRun } from '../../store/plain-store.ts';
import { takeRequests } from '../../store/request-files.ts';
import { isErrno } from '../../system/files.ts';
import { shellWord } from '../../text/shell-word.ts';
import { stays } from '../finish-prune.ts';
import type { TakeAwayOptions } from './removal.ts';

/** `attach` opens it for a moment; a supervisor keeps it longer. */
const PATIENCE_MS = 2000;

export interface HeldRuns {
  /** Without variants that are being continued. */
  readonly operation: PruneOperation;
  /** Whose lock is ours: no supervisor begins there. */
  readonly runs: ReadonlySet<RunId>;
  release(): Promise<void>;
}

/**
 * Looks at the runs again, each under its lock: one that was taken up since the first look, or that a request waits for, keeps what is
 * its own, and so does a variant that a person has open. Until they are released no other command continues them. Taken before the repository's lock.
 */
export async function holdRuns(o: TakeAwayOptions, operation: PruneOperation): Promise<HeldRuns> {
  const locks = new Map<RunId, Lock>();
  const taken = new Set<RunId>();
  const going = operation.items.flatMap(({ owner, step }) => (owner !== null && step === 'intended' ? [owner.run] : []));
  for (const run of [...new Set(going)].sort()) {
    const lock = await hold(runPaths(o.store, run), o);
    if (lock === 'taken up') taken.add(run);
    else if (lock !== null) locks.set(run, lock);
  }
  const items = await Promise.all(
    operation.items.map(async (item) => {
      const { step, owner } = item;
      if (step !== 'intended' || owner === null) return item;
      if (taken.has(owner.run))
        return stays(item, `Run ${owner.run} is being continued. Wait for it: copse wait ${shellWord(owner.run)}`);
      const opened = locks.has(owner.run) && (await isOpened(runPaths(o.store, owner.run), owner.variant));
      return opened ? stays(item, 'A person is working in it with copse open. Close that first.') : item;
    }),
  );
  return {
    operation: { ...operation, items },
    runs: new Set(locks.keys()),
    release: async () => {
      for (const lock of locks.values()) await lock.release();
    },
  };
}

/** null: the run no longer has records, so it cannot be continued. */
async function hold(paths: RunPaths, o: TakeAwayOptions): Promise<Lock | 'taken up' | null> {
  try {
    requirePlainRun(paths);
    const lock = await acquireLock(paths.lock, { purpose: o.command, waitMs: PATIENCE_MS, clock: o.clock });
    const [state, requests] = await Promise.all([loadState(paths), takeRequests(paths)]);
    if (state.phase.kind === 'finished' && requests.every(({ kind }) => kind === 'stop')) return lock;
    await lock.release();
    return 'taken up';
  } catch (error) {
    if (error instanceof CopseError && error.code === 'locked') return 'taken up';
    if (isErrno(error, 'ENOENT') || (error instanceof CopseError && error.code === 'no-such-run')) return null;
    throw error;
  }
}
