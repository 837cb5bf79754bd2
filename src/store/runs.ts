import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import type { RunId } from '../model/ids.ts';
import { isErrno, makePrivateDirectory, syncDirectory } from '../system/files.ts';
import type { Store } from './layout.ts';
import { isRunId, runPaths } from './layout.ts';
import { writeError } from './write-error.ts';

/**
 * Ids of all runs that were begun, newest last. Reserved ids that never became a run are left out. Reads synchronously, 20 µs a run:
 * the first asynchronous call of a process starts Node's thread pool, and a shell waits for these at each Tab.
 */
export async function listRunIds(store: Store): Promise<RunId[]> {
  let names: string[];
  try {
    // A link among the runs is none: it leads to records of something else.
    names = readdirSync(store.runs, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  }
  const runs = names.filter(isRunId).map((id) => begun(store, id));
  return runs
    .filter((run) => run !== null)
    .sort((a, b) => (a.at === b.at ? (a.id < b.id ? -1 : 1) : a.at < b.at ? -1 : 1))
    .map((run) => run.id);
}

/**
 * Ids that were reserved but never became a run: a crash came in between. Only who holds the repository lock, under which runs
 * are created from reservation to first event, may take them for that.
 */
export async function unstartedRuns(store: Store): Promise<RunId[]> {
  const started = new Set(await listRunIds(store));
  return (await readdir(store.runs)).filter(isRunId).filter((id) => !started.has(id));
}

/**
 * Reserves an id by making its folder: `name`, else `name-2`, `name-3` … The caller holds the repository lock; `isTaken` says
 * which ids are out of the question for other reasons (branches, paths, trash).
 */
export async function reserveRun(store: Store, name: string, isTaken: (id: RunId) => boolean = () => false): Promise<RunId> {
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? name : `${name}-${number}`;
    if (isTaken(id)) continue;
    const paths = runPaths(store, id);
    try {
      await mkdir(paths.dir, { mode: 0o700 });
      await makePrivateDirectory(paths.requests);
      await syncDirectory(store.runs);
      return id;
    } catch (error) {
      if (!isErrno(error, 'EEXIST')) throw writeError(error, paths.dir);
    }
  }
}

/** More than `seq` and `at` take. */
const FIRST_BYTES = 256;

/** When a run was created, from the beginning of its log; null where there is none. */
function begun(store: Store, id: RunId): { id: RunId; at: string } | null {
  try {
    const file = openSync(runPaths(store, id).events, 'r');
    try {
      const buffer = Buffer.alloc(FIRST_BYTES);
      const bytesRead = readSync(file, buffer, 0, FIRST_BYTES, 0);
      // `at` stands right behind `seq` (EventWriter writes it so); the rest of the line may be long.
      const at = /^\{"seq":\d+,"at":"([^"]+)"/.exec(buffer.toString('utf8', 0, bytesRead))?.[1];
      return at === undefined ? null : { id, at };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    // ENOTDIR: a stray file among the runs.
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return null;
    throw error;
  }
}
