import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { AbsolutePath, RunId } from '../model/ids.ts';
import type { RunState } from '../model/run-state/state.ts';
import { loadState } from '../store/events/run-snapshot.ts';
import { commonDirOf, type RunPaths, runPaths, type Store } from '../store/layout.ts';
import { glanceAtRuns, listRunIds, type RunGlance } from '../store/run-folders.ts';
import { supervisorAlive } from '../store/supervisor-record.ts';
import { registeredPaths } from '../worktree/open-worktree.ts';

/** A run as it is now, and whether it has a supervisor. */
export interface RunReport {
  readonly paths: RunPaths;
  readonly state: RunState;
  readonly alive: boolean;
}

/** Reads one run; throws `CopseError` `no-such-run` with the ones that exist. */
export async function readRun(store: Store, id: RunId): Promise<RunReport> {
  const ids = await listRunIds(store);
  if (!ids.includes(id)) throw noSuchRun(id, ids);
  return report(store, id);
}

/** The newest run; throws if there is none. */
export async function latestRun(store: Store): Promise<RunReport> {
  const ids = await listRunIds(store);
  const newest = ids.at(-1);
  if (newest === undefined) throw noRuns();
  return report(store, newest);
}

/** Whether another run was begun since: a variant's bare name may mean that one's. */
export async function isOlder(store: Store, id: RunId): Promise<boolean> {
  return (await listRunIds(store)).at(-1) !== id;
}

/** A run whose records cannot be read, and why. */
export interface UnreadableRun {
  readonly id: RunId;
  readonly error: CopseError;
}

/** The runs that can be read. Throws only if there are none of these: one broken record must not hide the others. */
export function readable({ runs, unreadable }: RunsAtHand): readonly RunReport[] {
  const [first] = unreadable;
  if (runs.length === 0 && first !== undefined) throw first.error;
  return runs;
}

export interface RunsAtHand {
  /** Oldest first. */
  readonly runs: readonly RunReport[];
  readonly unreadable: readonly UnreadableRun[];
}

/** All runs, and those that cannot be read. */
export async function lookAtRuns(store: Store): Promise<RunsAtHand> {
  return lookAt(store, await listRunIds(store));
}

/**
 * The newest `count` runs, the newest `count` of those that are finished, and all that are not; the others are not read. Of a thousand
 * runs nearly all ended long ago.
 */
export function lookAtLatestRuns(store: Store, count: number): Promise<RunsAtHand> {
  const all = glanceAtRuns(store);
  const latest = new Set([...all.slice(-count), ...all.filter(({ isAtRest }) => isAtRest).slice(-count)]);
  return lookAt(
    store,
    all.filter((run) => !run.isAtRest || latest.has(run)).map(({ id }) => id),
  );
}

/** Runs selected by their summary, newest first; each is read when it is asked for. Throws if none can be read. */
export async function* runsFromNewest(store: Store, wanted: (run: RunGlance) => boolean): AsyncGenerator<RunReport> {
  const places = placesOnce(store);
  const unreadable: UnreadableRun[] = [];
  let read = 0;
  for (const run of glanceAtRuns(store).reverse()) {
    if (!wanted(run)) continue;
    const one = await tryReport(store, run.id, places);
    if ('error' in one) unreadable.push(one);
    else {
      read += 1;
      yield one;
    }
  }
  const newest = unreadable.at(0);
  if (read === 0 && newest !== undefined) throw newest.error;
}

async function lookAt(store: Store, ids: readonly RunId[]): Promise<RunsAtHand> {
  const places = placesOnce(store);
  const looked = await Promise.all(ids.map((id) => tryReport(store, id, places)));
  return {
    runs: looked.filter((one): one is RunReport => 'state' in one),
    unreadable: looked.filter((one): one is UnreadableRun => 'error' in one),
  };
}

async function tryReport(store: Store, id: RunId, places: Places): Promise<RunReport | UnreadableRun> {
  try {
    return await report(store, id, places);
  } catch (error) {
    // A broken log or a newer schema of one run; anything else is a bug in copse.
    if (error instanceof CopseError) return { id, error };
    throw error;
  }
}

async function report(store: Store, id: RunId, places = placesOnce(store)): Promise<RunReport> {
  const paths = runPaths(store, id);
  const [state, alive] = await Promise.all([loadState(paths), supervisorAlive(paths)]);
  return { paths, state: await whereGitHasThem(state, places), alive };
}

type Places = () => Promise<ReadonlyMap<string, AbsolutePath>>;

/** The paths of worktrees by git, asked at most once for all runs. */
function placesOnce(store: Store): Places {
  let asked: ReturnType<Places> | null = null;
  return () => {
    asked ??= registeredPaths(commonDirOf(store));
    return asked;
  };
}

/** With the path of each worktree by git: the user may have moved it since it was created. */
async function whereGitHasThem(state: RunState, places: Places): Promise<RunState> {
  if (!state.variants.some(({ created, removed }) => created !== null && removed?.worktree !== true)) return state;
  const known = await places();
  const variants = state.variants.map((variant) => {
    const path = known.get(variant.created?.nonce ?? '') ?? variant.worktree;
    return path === variant.worktree ? variant : { ...variant, worktree: path };
  });
  return { ...state, variants };
}

export function noRuns(): CopseError {
  return new CopseError({
    code: 'no-runs',
    exit: EXIT.precondition,
    what: 'There is no run in this repository yet.',
    hint: 'Start one: copse run --prompt "…" --count 3',
  });
}

function noSuchRun(id: RunId, ids: readonly RunId[]): CopseError {
  if (ids.length === 0) return noRuns();
  return new CopseError({
    code: 'no-such-run',
    exit: EXIT.usage,
    what: `There is no run ${id}.`,
    why: `Runs here: ${ids.slice(-8).reverse().join(', ')}.`,
    hint: 'See all of them: copse status',
  });
}
