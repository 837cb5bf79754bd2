import { readdir } from 'node:fs/promises';
import { listBranches, refConflict } from '../../git/refs/refs.ts';
import { gitIn } from '../../git/spawn/git-in.ts';
import type { Repository } from '../../git/spawn/repository.ts';
import type { AbsolutePath, BranchName } from '../../model/ids.ts';
import type { PruneOperation, RestoredItem, TrashedItem } from '../../model/operation.ts';
import { exists, isErrno } from '../../system/files.ts';
import { checkoutsNow } from '../checkouts-now.ts';

/** Whether anything of it is still there to come back. */
export function isRestorable({ step, branch }: TrashedItem): boolean {
  return step === 'trashed' || (step === 'purged' && branch !== null);
}

/** Its folder comes back too: a permanently deleted one has none, even if a part could not be deleted. */
export function hasFolder({ step }: TrashedItem): boolean {
  return step === 'trashed';
}

/** The path and name to restore each item of a prune to: its own, or with a number if they are taken. null: nothing of it can be restored. */
export async function planReturn(repository: Repository, operation: PruneOperation): Promise<(RestoredItem | null)[]> {
  const branches = (await listBranches(gitIn(repository.commonDir, { reads: true }))).map(({ name }) => name);
  const paths = new Set(await checkoutsNow(repository));
  const planned: (RestoredItem | null)[] = [];
  for (const item of operation.items) {
    if (!isRestorable(item)) {
      planned.push(null);
      continue;
    }
    const branch = item.branch === null ? null : freeBranch(branches, item.branch.name);
    if (branch !== null) branches.push(branch);
    const back = await returnOf(item, paths);
    planned.push({ path: back.path, branch, ...(back.note === undefined ? {} : { note: back.note }) });
  }
  return planned;
}

async function returnOf(
  { worktree, step }: TrashedItem,
  paths: Set<AbsolutePath>,
): Promise<{ path: AbsolutePath | null; note?: string }> {
  if (worktree === null) return { path: null };
  if (step === 'purged') return { path: null, note: `Its files were deleted; only the branch and pinned commits are left.` };
  if (!(await exists(worktree.trashPath))) return { path: null, note: `${worktree.trashPath} is gone: it was deleted.` };
  // Without a folder no path can conflict.
  if (worktree.missing) return { path: worktree.path };
  for (let n = 1, path = worktree.path; ; n += 1, path = `${worktree.path}-${n}`) {
    if (paths.has(path) || !(await isFree(path))) continue;
    paths.add(path);
    return { path };
  }
}

function freeBranch(existing: readonly BranchName[], wanted: BranchName): BranchName {
  for (let n = 1, name = wanted; ; n += 1, name = `${wanted}-${n}`) {
    const taken = refConflict(existing, name);
    if (taken === null) return name;
    // `ui` exists where `ui/dark` needs a folder: no number after `dark` helps.
    if (name.startsWith(`${taken}/`))
      return freeBranch(existing, `${wanted.slice(0, taken.length)}-2${wanted.slice(taken.length)}`);
  }
}

/** An empty folder gives way: a rename replaces it. */
async function isFree(path: AbsolutePath): Promise<boolean> {
  try {
    return (await readdir(path)).length === 0;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return true;
    if (isErrno(error, 'ENOTDIR', 'EACCES', 'ELOOP')) return false;
    throw error;
  }
}
