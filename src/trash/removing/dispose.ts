import { randomBytes } from 'node:crypto';
import { lstat, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { distrustedGit } from '../../git/door/door.ts';
import type { Repository } from '../../git/door/repository.ts';
import { split } from '../../git/worktree/working-changes.ts';
import type { PruneOperation, TrashedItem, TrashedWorktree } from '../../model/operation.ts';
import { failpoint } from '../../system/failpoint.ts';
import { directorySize } from '../../system/files.ts';
import type { Removal } from './removal.ts';

const DISPOSED = '.disposed-';

/** Deletes the ignored folders that need no keeping, out of the trash. What git tracks anything in is none of them. */
export async function dispose(
  o: { readonly repository: Repository },
  operation: PruneOperation,
  removals: readonly Removal[],
): Promise<PruneOperation> {
  const items: TrashedItem[] = [];
  for (const [n, item] of operation.items.entries()) {
    const wanted = removals[n]?.disposable ?? [];
    if (item.step !== 'trashed' || item.worktree === null || item.worktree.missing || wanted.length === 0) items.push(item);
    else items.push({ ...item, worktree: { ...item.worktree, disposed: await disposeIn(o.repository, item.worktree, wanted) } });
  }
  return { ...operation, items };
}

async function disposeIn(
  repository: Repository,
  worktree: TrashedWorktree,
  wanted: readonly string[],
): Promise<TrashedWorktree['disposed']> {
  const disposed: { path: string; bytes: number }[] = [];
  const { commonDir } = repository;
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
    const bin = join(dirname(worktree.trashPath), `${DISPOSED}${randomBytes(4).toString('hex')}`);
    await rename(join(worktree.trashPath, path), bin);
    failpoint('disposable-set-aside');
    const { bytes } = await directorySize(bin);
    await rm(bin, { recursive: true, force: true });
    disposed.push({ path, bytes });
  }
  return disposed;
}

/** Deletes what a crash left of folders that were being deleted. */
export async function emptyBins(operation: PruneOperation): Promise<void> {
  const folders = new Set(operation.items.flatMap(({ worktree }) => (worktree === null ? [] : [dirname(worktree.trashPath)])));
  for (const folder of folders) {
    if (basename(folder) !== operation.id) continue;
    const names = await readdir(folder).catch(() => []); // Nothing was moved there.
    for (const name of names) if (name.startsWith(DISPOSED)) await rm(join(folder, name), { recursive: true, force: true });
  }
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
