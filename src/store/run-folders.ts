import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import type { AbsolutePath, Instant, RunId } from '../model/ids.ts';
import { isErrno, makePrivateDirectory, syncDirectory } from '../system/files.ts';
import { readFinished } from './events/finished-mark.ts';

import { isRunId, runPaths, type Store } from './layout.ts';
import { writeError } from './write-error.ts';

/** The facts about a run that a few bytes show. */
export interface RunGlance {
  readonly id: RunId;
  readonly at: Instant;
  /** It is finished, and nothing was written to its log since. */
  readonly isAtRest: boolean;
}

/**
 * All runs that were begun, newest last. Reserved ids that never became a run are left out. Reads synchronously, 20 µs a run:
 * the first asynchronous call of a process starts Node's thread pool, and a shell waits for these at each Tab.
 */
export function glanceAtRuns(store: Store): RunGlance[] {
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
  return runs.filter((run) => run !== null).sort((a, b) => (a.at === b.at ? (a.id < b.id ? -1 : 1) : a.at < b.at ? -1 : 1));
}

/** Ids of all runs that were begun, newest last. */
export async function listRunIds(store: Store): Promise<RunId[]> {
  return glanceAtRuns(store).map(({ id }) => id);
}

/**
 * Ids that were reserved but never became a run: a crash came in between. Only the holder of the repository lock, under which runs
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

/** More than what is looked for at the beginning of a log and of a snapshot takes. */
const FIRST_BYTES = 256;

function begun(store: Store, id: RunId): RunGlance | null {
  const { events, snapshot } = runPaths(store, id);
  try {
    const finished = readFinished(firstBytes(snapshot));
    if (finished !== null && statSync(events).size === finished.offset) return { id, at: finished.at, isAtRest: true };
  } catch (error) {
    // ENOTDIR: a stray file among the runs.
    if (!isErrno(error, 'ENOENT', 'ENOTDIR')) throw error;
  }
  try {
    // `at` comes right behind `seq` (EventWriter writes it so); the rest of the line may be long.
    const at = /^\{"seq":\d+,"at":"([^"]+)"/.exec(firstBytes(events))?.[1];
    return at === undefined ? null : { id, at, isAtRest: false };
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return null;
    throw error;
  }
}

function firstBytes(path: AbsolutePath): string {
  const file = openSync(path, 'r');
  try {
    const bytesRead = readSync(file, beginning, 0, FIRST_BYTES, 0);
    return beginning.toString('latin1', 0, bytesRead);
  } finally {
    closeSync(file);
  }
}

/** Read into for each of a thousand runs. */
const beginning = Buffer.alloc(FIRST_BYTES);
