import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { RunId } from '../model/ids.ts';
import type { MergeOperation, PruneOperation } from '../model/operation.ts';
import { loadState } from '../store/events/run-snapshot.ts';
import { runPaths, type Store } from '../store/layout.ts';
import { supervisorAlive } from '../store/supervisor-record.ts';

/** Nothing of a run that is at work is changed under its feet. CopseError `running` (exit 3). */
export async function requireRest(store: Store, operation: MergeOperation | PruneOperation): Promise<void> {
  const runs =
    operation.kind === 'merge'
      ? operation.landed.map(({ run }) => run)
      : operation.items.flatMap(({ owner }) => owner?.run ?? []);
  for (const run of new Set(runs)) if (await isAtWork(store, run)) throw running(run);
}

async function isAtWork(store: Store, run: RunId): Promise<boolean> {
  const paths = runPaths(store, run);
  if (!(await supervisorAlive(paths))) return false;
  try {
    return (await loadState(paths)).phase.kind !== 'finished';
  } catch (error) {
    // Its records were deleted long ago: then no agent works in it either.
    if (error instanceof CopseError && error.code === 'no-such-run') return false;
    throw error;
  }
}

function running(run: RunId): CopseError {
  return new CopseError({
    code: 'running',
    exit: EXIT.precondition,
    what: `Run ${run} is still running.`,
    why: 'Undo changes what its variants see.',
    hint: `Wait for it, or stop it:\n  copse wait ${run}\n  copse stop --run ${run}`,
  });
}
