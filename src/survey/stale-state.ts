import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { RunId } from '../model/ids.ts';
import type { RunState } from '../model/run-state/state.ts';
import { loadState } from '../store/events/run-snapshot.ts';
import { type RunPaths, runPaths, type Store } from '../store/layout.ts';
import { acquireLock, lockOwner } from '../store/lock.ts';
import { listRunIds } from '../store/run-folders.ts';
import { supervisorLiveness } from '../store/supervisor-record.ts';
import type { DoctorCheck } from './doctor-check.ts';

/** Whether the repository lock is free, or held by a living process. */
export async function lockCheck(store: Store): Promise<DoctorCheck> {
  const check = (state: DoctorCheck['state'], found: string, fix: string | null): DoctorCheck => ({
    name: 'lock',
    state,
    found,
    fix,
    exit: EXIT.precondition,
  });
  try {
    const held = await lockOwner(store.lock);
    if (held === null) return check('ok', 'free', null);
    const { purpose, identity, host } = held.owner;
    if (held.alive === true) return check('ok', `held by pid ${identity.pid} (${purpose})`, null);
    if (held.alive === 'unknown') {
      const where = host.host.split('#')[0] ?? host.host;
      return check(
        'warning',
        `It is held by pid ${identity.pid} on ${where} (${purpose}), which cannot be checked from here.`,
        `If nothing is running there any more: rm '${store.lock}'`,
      );
    }
    return check(
      'warning',
      `It was left by pid ${identity.pid} (${purpose}), which is dead; the next command takes it over.`,
      'Remove it now: copse doctor --fix',
    );
  } catch (error) {
    if (error instanceof CopseError) return check('failed', error.message, error.hint ?? null);
    throw error;
  }
}

/** Runs that lost their supervisor, and ones whose records cannot be read; one line that all is well if there is none. */
export async function staleRunChecks(store: Store): Promise<readonly DoctorCheck[]> {
  const ids = await listRunIds(store);
  const checks = (await Promise.all(ids.map((id) => staleRunCheck(store, id)))).filter((check) => check !== null);
  if (checks.length > 0) return checks;
  return [
    {
      name: 'runs',
      state: 'ok',
      found: ids.length === 0 ? 'none yet' : `${ids.length}, all in order`,
      fix: null,
      exit: EXIT.ok,
    },
  ];
}

async function staleRunCheck(store: Store, id: RunId): Promise<DoctorCheck | null> {
  const paths = runPaths(store, id);
  try {
    const [state, alive] = await Promise.all([loadState(paths), supervisorLiveness(paths)]);
    if (state.phase.kind === 'finished' || alive === true) return null;
    const open = state.variants.filter((variant) => variant.phase.kind !== 'finished');
    const queued = open.filter((variant) => variant.phase.kind === 'queued').length;
    const found =
      alive === 'unknown'
        ? `${id} is supervised from another machine or container; whether that is alive cannot be checked from here.`
        : `${id} is not finished and its supervisor is dead: ${open.length} variants open, ${queued} of them not started.`;
    const fix =
      alive === 'unknown'
        ? `Look there: copse status ${id}`
        : `Settle finished variants: copse attach ${id}; also start the rest: copse resume ${id}`;
    return { name: 'runs', state: 'warning', found, fix, exit: EXIT.precondition };
  } catch (error) {
    // Newer or broken records: the error says what to do about this run, the others are examined anyway.
    if (!(error instanceof CopseError)) throw error;
    return { name: 'runs', state: 'failed', found: `${id}: ${error.message}`, fix: error.hint ?? null, exit: error.exit };
  }
}

/** Whether a run is not finished and its supervisor is provably dead. */
export async function isAbandoned(paths: RunPaths, state: RunState): Promise<boolean> {
  return state.phase.kind !== 'finished' && (await supervisorLiveness(paths)) === false;
}

/** Removes a repository lock whose owner is dead. True if there was one. */
export async function clearStaleLock(store: Store): Promise<boolean> {
  const held = await lockOwner(store.lock);
  if (held?.alive !== false) return false;
  const lock = await acquireLock(store.lock, { purpose: 'copse doctor', waitMs: 0 });
  await lock.release();
  return true;
}
