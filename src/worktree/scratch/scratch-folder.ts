/**
 * The folder of a scratch worktree: beside the variants' worktrees and named like one of them, because suites look at where they
 * run. Static file servers refuse folders with a leading dot, test runners match `test` and `spec` in a path, and relative paths count folders.
 *
 * Everyone sees the folder there, so a name proves nothing: another repository with the same worktree root, or a person, may have
 * that name. Only a folder that is provably the record's is ever written to or deleted.
 */
import { lstat, mkdir, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { readRegular } from '../../git/door/read-regular.ts';
import type { Repository } from '../../git/door/repository.ts';
import type { AbsolutePath } from '../../model/ids.ts';
import { exists, isErrno, readTextIfExists } from '../../system/files.ts';
import { stopProcesses } from '../../system/processes/stop-processes.ts';
import { removeTree } from '../../system/remove-tree.ts';
import type { ScratchRecord } from './scratch-record.ts';

/** Where earlier versions made them. */
const EARLIER = '.copse-scratch';

/** Where the worktree of a slot can be made: the first name that nothing has. */
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

/** Whether the folder is this record's: it leads to the record's entry, or is the one that was made, whatever a check did to its `.git`. */
export async function isScratchFolder(record: ScratchRecord): Promise<boolean> {
  const identity = await folderIdentity(record.path);
  if (identity === null) return false;
  if (identity === record.folder) return true;
  return (await readRegular(join(record.path, '.git')))?.trim() === `gitdir: ${record.gitDir}`;
}

/** Stops what runs there, and takes the folder and git's entry away. The caller holds the repository lock. */
export async function takeAwayScratch(repository: Repository, record: ScratchRecord): Promise<void> {
  await stopProcesses({ root: null, marker: `scratch:${record.nonce}`, force: true });
  const { path, gitDir } = record;
  if (await isScratchFolder(record)) await removeTree(path);
  // Killed between making the folder and filling it. With anything inside it is another's.
  else if (!record.whole) await rmdirIfEmpty(path);
  if (basename(dirname(path)) === EARLIER) await rmdirIfEmpty(dirname(path));
  // The record is only a file: it must not lead to a folder that is no entry of git's.
  if (dirname(gitDir) !== join(repository.commonDir, 'worktrees')) return;
  const back = (await readTextIfExists(join(gitDir, 'gitdir')))?.trim() ?? '';
  if (back === '' || resolve(gitDir, back) === join(path, '.git')) await rm(gitDir, { recursive: true, force: true });
}

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

async function rmdirIfEmpty(path: AbsolutePath): Promise<void> {
  await rmdir(path).catch((error: unknown) => {
    if (!isErrno(error, 'ENOENT', 'ENOTDIR', 'ENOTEMPTY', 'EEXIST')) throw error;
  });
}
