/**
 * Moves one worktree into the trash, with git's own files. The caller holds the repository lock, and the journal lists all of it.
 *
 *   locked ─▶ HEAD detached ─▶ folder renamed ─▶ entry points to it
 *
 * The rename decides: before it everything is rolled back, after it everything is finished. The entry stays registered and
 * locked all the time, so that `git worktree prune` leaves it alone and `gc` counts what it names.
 */
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readRegular } from '../../git/spawn/read-regular.ts';
import { moveOwn, type OwnPath, ownParent, removeOwnIfEmpty } from '../../git/worktree/own-path.ts';
import type { OperationId } from '../../model/operation.ts';
import { failpoint } from '../../system/failpoint.ts';
import { exists } from '../../system/files.ts';
import type { ProvenWorktree } from '../own-trash.ts';
import { makeTrashFolder } from '../trash-place.ts';

function trashLock(operation: OperationId): string {
  return `copse: in the trash; back with: copse undo ${operation}\n`;
}

/** `n`: position among the items, for the failpoints. Rejects with the file system's error if the folder cannot be moved; all is as before then. */
export async function moveAway(worktree: ProvenWorktree, operation: OperationId, n: number): Promise<void> {
  const at = n === 0 ? '' : `-${n}`;
  if (worktree.missing) {
    await moveOwn(worktree.gitDir, worktree.trashPath, { mode: 0o700 });
    failpoint(`trash-moved${at}`);
    return;
  }
  try {
    await replace(join(worktree.gitDir, 'locked'), trashLock(operation));
    failpoint(`trash-locked${at}`);
    if (worktree.headCommit !== null) await replace(join(worktree.gitDir, 'HEAD'), detached(worktree.headCommit));
    failpoint(`trash-detached${at}`);
    await makeTrashFolder(worktree.trashPath);
    await moveOwn(worktree.path, worktree.trashPath);
  } catch (error) {
    await takeBackMove(worktree);
    throw error;
  }
  failpoint(`trash-moved${at}`);
  await pointTo(worktree, worktree.trashPath);
  failpoint(`trash-registered${at}`);
}

/** Whether the rename happened. */
export function isMoved(worktree: ProvenWorktree): Promise<boolean> {
  return exists(worktree.trashPath);
}

/** After the rename: the rest after a crash. */
export async function finishMove(worktree: ProvenWorktree, operation: OperationId): Promise<void> {
  if (worktree.missing) return;
  await replace(join(worktree.gitDir, 'locked'), trashLock(operation));
  await pointTo(worktree, worktree.trashPath);
}

/** Before the rename: HEAD and lock as they were, if they did not change since. */
export async function takeBackMove(worktree: ProvenWorktree, branchThere = true): Promise<void> {
  if (worktree.missing) return;
  await attachHead(worktree, worktree.head, branchThere);
  await restoreLock(worktree);
  await removeEmpty(worktree.trashPath);
}

/** HEAD names a branch again, if it still is as we detached it. */
export async function attachHead(worktree: ProvenWorktree, head: string, branchThere = true): Promise<void> {
  if (worktree.headCommit === null || !branchThere) return;
  const path = join(worktree.gitDir, 'HEAD');
  if ((await readRegular(path)) === detached(worktree.headCommit) && head !== '') await replace(path, head);
}

/** copse's lock is removed; a former one is restored. */
export async function restoreLock(worktree: ProvenWorktree): Promise<void> {
  const path = join(worktree.gitDir, 'locked');
  if ((await readRegular(path))?.startsWith('copse: in the trash') !== true) return;
  if (worktree.locked === null) await rm(path, { force: true });
  else await replace(path, worktree.locked);
}

/** Both pointers lead to the folder at `path`; as they were, if it is back in its place. */
export async function pointTo(worktree: ProvenWorktree, path: OwnPath): Promise<void> {
  const { pointers, gitDir } = worktree;
  const home = path === worktree.path;
  await replace(join(gitDir, 'gitdir'), home ? pointers.gitdir : `${path}/.git\n`);
  // An absolute one stays true wherever the folder is, and keeps its time.
  const wanted = home || pointers.gitFile?.startsWith('gitdir: /') === true ? pointers.gitFile : `gitdir: ${gitDir}\n`;
  if (wanted === null || (await readRegular(join(path, '.git'))) === wanted) return;
  await replace(join(path, '.git'), wanted);
}

/** Folders of the trash are removed with the last thing in them. */
export function removeEmpty(trashPath: OwnPath): Promise<void> {
  return removeOwnIfEmpty(ownParent(trashPath));
}

function detached(commit: string): string {
  return `${commit}\n`;
}

/** Complete even after a crash; mode as git makes it. The journal's own sync carries it to disk, or it is done again. */
async function replace(path: string, text: string): Promise<void> {
  const temporary = `${path}.copse`;
  await writeFile(temporary, text);
  await rename(temporary, path);
}
