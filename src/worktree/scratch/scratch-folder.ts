/**
 * The folder of a scratch worktree: beside the variants' worktrees and named like one of them, because test suites depend on where they
 * run. Static file servers refuse folders with a leading dot, test runners match `test` and `spec` in a path, and relative paths count folders.
 *
 * Everyone sees the folder there, so a name proves nothing: another repository with the same worktree root, or a person, may use
 * that name. Only a folder that is provably the record's is ever written to or deleted.
 */
import { lstat, mkdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { readRegular } from '../../git/spawn/read-regular.ts';
import type { Repository } from '../../git/spawn/repository.ts';
import {
  freePlace,
  isEmptyFolder,
  isRefusedRecord,
  type OwnPath,
  ownEntry,
  ownParent,
  ownWorktree,
  removeOwn,
  removeOwnIfEmpty,
} from '../../git/worktree/own-path.ts';
import type { AbsolutePath } from '../../model/ids.ts';
import { exists, isErrno } from '../../system/files.ts';
import { stopProcesses } from '../../system/processes/stop-processes.ts';
import type { ScratchRecord } from './scratch-record.ts';

/** Why git's entry of one is locked: by it the entry is known as one for checks. */
export const SCRATCH_LOCK = 'copse: checks run here';

/** Where earlier versions made them. */
const EARLIER = '.copse-scratch';

/** The path for the worktree of a slot: the first free name. */
export async function freeScratchPath(parent: AbsolutePath, slot: string): Promise<AbsolutePath> {
  for (let n = 1; ; n += 1) {
    const path = join(parent, n === 1 ? `copse-${slot}` : `copse-${slot}-${n}`);
    if (!(await exists(path))) return path;
  }
}

/** Makes the folder and returns its identity; null: something else has the name since. */
export async function makeScratchFolder(path: AbsolutePath): Promise<string | null> {
  try {
    await mkdir(path);
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return null;
    throw error;
  }
  return folderIdentity(path);
}

/**
 * The folder, if it is this record's: git's entry is one for checks and leads to it, and it leads back, or is the one that was made, whatever
 * a check did to its `.git`. null: it is not there, or another's.
 */
export async function scratchFolder(repository: Repository, record: ScratchRecord): Promise<OwnPath | null> {
  const identity = await folderIdentity(record.path);
  if (identity === null || !(await isScratchEntry(repository, record))) return null;
  try {
    return identity === record.folder ? await freePlace(repository, record.path) : await ownWorktree(repository, record);
  } catch (error) {
    if (isRefusedRecord(error)) return null;
    throw error;
  }
}

/** Whether git's entry is of a scratch worktree at that place. */
async function isScratchEntry({ commonDir }: Repository, { path, gitDir }: ScratchRecord): Promise<boolean> {
  if (dirname(gitDir) !== join(commonDir, 'worktrees')) return false;
  const [locked, back] = await Promise.all(['locked', 'gitdir'].map((name) => readRegular(join(gitDir, name))));
  return locked?.trim() === SCRATCH_LOCK && resolve(gitDir, back?.trim() ?? '') === join(path, '.git');
}

/** Stops what runs there, and takes the folder and git's entry away. The caller holds the repository lock. */
export async function takeAwayScratch(repository: Repository, record: ScratchRecord): Promise<void> {
  const entry = await ownEntry(repository, record.gitDir);
  const place = await freePlace(repository, record.path);
  await stopProcesses({ root: null, marker: `scratch:${record.nonce}`, force: true });
  const folder = await scratchFolder(repository, record);
  if (folder !== null) await removeOwn(folder);
  // Killed between making the folder and filling it. With anything inside it is another's.
  else if (!record.whole && NAMES.test(basename(place))) await removeOwnIfEmpty(place);
  const parent = ownParent(place);
  if (basename(parent) === EARLIER) await removeOwnIfEmpty(parent);
  if ((await isScratchEntry(repository, record)) || (await isEmptyFolder(entry))) await removeOwn(entry);
}

const NAMES = /^copse-(?:base|variants)-\d+(?:-\d+)?$/;

/** Stays the same when files in it change, and differs for another folder of that name. null: no folder is there. */
async function folderIdentity(path: AbsolutePath): Promise<string | null> {
  try {
    const stat = await lstat(path, { bigint: true });
    return stat.isDirectory() ? `${stat.ino}:${stat.birthtimeNs}` : null;
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return null;
    throw error;
  }
}
