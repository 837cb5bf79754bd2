import { randomBytes } from 'node:crypto';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { distrustedGit } from '../../git/spawn/git-in.ts';
import { moveOwn, type OwnPath, ownBelow, ownParent, removeOwnWhatGoes } from '../../git/worktree/own-path.ts';
import { split } from '../../git/worktree/working-changes.ts';
import type { PruneOperation, TrashedItem, TrashedWorktree } from '../../model/operation.ts';
import { failpoint } from '../../system/failpoint.ts';
import { directorySize, exists, type HardLinks, heldElsewhere, isErrno } from '../../system/files.ts';
import { openFolder } from '../../system/remove-tree.ts';
import { shellWord } from '../../text/shell-word.ts';
import { ownItems, ownTrash, type TrashOwner } from '../own-trash.ts';
import type { Removal } from './removal.ts';

const DISPOSED = '.disposed-';

/**
 * Deletes disposable ignored folders from the trash. Folders with tracked files are not among them. Files that cannot be
 * deleted stay there, are listed in the operation's `left`, and block nothing.
 */
export async function dispose(o: TrashOwner, operation: PruneOperation, removals: readonly Removal[]): Promise<PruneOperation> {
  const items: TrashedItem[] = [];
  const left: string[] = [];
  for (const [n, item] of operation.items.entries()) {
    const wanted = removals[n]?.disposable ?? [];
    if (item.step !== 'trashed' || item.worktree === null || item.worktree.missing || wanted.length === 0) items.push(item);
    else
      items.push({
        ...item,
        worktree: { ...item.worktree, disposed: await disposeIn(o, operation, n, wanted, left) },
      });
  }
  return withLeft({ ...operation, items }, left);
}

async function disposeIn(
  o: TrashOwner,
  operation: PruneOperation,
  n: number,
  wanted: readonly string[],
  left: string[],
): Promise<TrashedWorktree['disposed']> {
  const disposed: { path: string; bytes: number }[] = [];
  const { commonDir } = o.repository;
  const worktree = await ownTrash(o, operation, n);
  if (worktree === null) return disposed;
  const git = distrustedGit({ commonDir, gitDir: worktree.gitDir, workTree: worktree.trashPath, filters: 'none' });
  for (const path of wanted) {
    if (!(await isPlainFolder(worktree.trashPath, path))) continue;
    const { stdout: tracked } = await git.run(['--literal-pathspecs', 'ls-files', '-z', '--', path]);
    const { stdout: open } = await git.run([
      '--literal-pathspecs',
      'ls-files',
      '-z',
      '--others',
      '--exclude-standard',
      '--',
      path,
    ]);
    if (split(tracked).length > 0 || split(open).length > 0) continue;
    const bin = await ownBelow(ownParent(worktree.trashPath), `${DISPOSED}${randomBytes(4).toString('hex')}`);
    if (!(await setAside(await ownBelow(worktree.trashPath, path), bin))) {
      left.push(
        `${path} stays in the trash: it cannot be moved, because it is not yours. ${freeYourself(join(worktree.trashPath, path))}`,
      );
      continue;
    }
    failpoint('disposable-set-aside');
    const links: HardLinks = new Map();
    const bytes = (await directorySize(bin, links)).bytes - heldElsewhere(links);
    const stuck = await removeOwnWhatGoes(bin);
    if (stuck !== null) left.push(stuck);
    disposed.push({ path, bytes: Math.max(0, bytes - (await directorySize(bin)).bytes) });
  }
  return disposed;
}

/** Whether it was moved. A folder that is not writable cannot be moved to another parent, not even by its owner. */
async function setAside(from: OwnPath, to: OwnPath): Promise<boolean> {
  for (const again of [true, false]) {
    try {
      await moveOwn(from, to);
      return true;
    } catch (error) {
      if (!isErrno(error, 'EACCES', 'EPERM', 'EROFS', 'EBUSY')) throw error;
      if (again) openFolder(from);
    }
  }
  return false;
}

function freeYourself(path: string): string {
  return `Delete it yourself: sudo rm -rf ${shellWord(path)}`;
}

/** Adds to what an operation could not delete. */
export function withLeft(operation: PruneOperation, left: readonly string[]): PruneOperation {
  return left.length === 0 ? operation : { ...operation, left: [...new Set([...(operation.left ?? []), ...left])] };
}

/** Deletes what a crash left of folders that were being deleted. */
export async function emptyBins(o: TrashOwner, operation: PruneOperation): Promise<PruneOperation> {
  const left: string[] = [];
  const proven = await ownItems(o, operation, ({ step }) => step === 'trashed');
  // Only beside a folder that exists and is proven: the operation's folder is copse's then.
  const there = proven.flatMap((worktree) => (worktree === null || worktree.missing ? [] : [worktree.trashPath]));
  const folders = new Set<OwnPath>();
  for (const path of there) if (await exists(path)) folders.add(ownParent(path));
  for (const folder of folders) {
    const names = await readdir(folder).catch(() => []); // Nothing was moved there.
    for (const name of names.filter((one) => one.startsWith(DISPOSED))) {
      const stuck = await removeOwnWhatGoes(await ownBelow(folder, name));
      if (stuck !== null) left.push(stuck);
    }
  }
  return withLeft(operation, left);
}

/** A folder below the worktree, each part of the way one itself: a symlink would lead out of it. */
async function isPlainFolder(top: string, path: string): Promise<boolean> {
  const parts = path.split('/').filter((part) => part !== '');
  if (parts.length === 0 || parts.some((part) => part === '.' || part === '..' || part === '.git')) return false;
  for (let n = 1; n <= parts.length; n += 1) {
    const stat = await lstat(join(top, ...parts.slice(0, n))).catch(() => null); // Not there: nothing to delete.
    if (stat?.isDirectory() !== true) return false;
  }
  return true;
}
