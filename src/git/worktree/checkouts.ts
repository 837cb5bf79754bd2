import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { AbsolutePath } from '../../model/ids.ts';
import type { FollowingCheckout } from '../../model/operation.ts';
import { exists, isErrno } from '../../system/files.ts';
import { readRegular } from '../spawn/read-regular.ts';
import type { Repository } from '../spawn/repository.ts';

/** Every worktree that is registered and there, the main one first; by git's own files, without a git process. */
export async function allCheckouts(repository: Repository): Promise<FollowingCheckout[]> {
  const { commonDir, root, bare } = repository;
  const main: FollowingCheckout[] = bare ? [] : [{ path: root, gitDir: commonDir }];
  const linked = await Promise.all((await worktreeEntries(commonDir)).map((gitDir) => linkedAt(gitDir)));
  return [...main, ...linked.filter((checkout) => checkout !== null)];
}

/** git's own folders of all linked worktrees, in order of their names. */
export async function worktreeEntries(commonDir: AbsolutePath): Promise<AbsolutePath[]> {
  const folder = join(commonDir, 'worktrees');
  try {
    return (await readdir(folder)).sort().map((name) => join(folder, name));
  } catch (error) {
    // No linked worktree was ever made.
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  }
}

/** null: incomplete, or its folder is gone; then there are no files to follow. */
async function linkedAt(gitDir: AbsolutePath): Promise<FollowingCheckout | null> {
  const pointer = await dotGitOf(gitDir);
  return pointer !== null && (await exists(pointer)) ? { path: dirname(pointer), gitDir } : null;
}

/** `.git` of the worktree. Since git 2.48 the entry may lead there from its own folder (`worktree.useRelativePaths`). null: incomplete. */
export async function dotGitOf(gitDir: AbsolutePath): Promise<AbsolutePath | null> {
  const pointer = (await readRegular(join(gitDir, 'gitdir')))?.trim() ?? '';
  return pointer === '' ? null : resolve(gitDir, pointer);
}

/** Worktrees that are locked and not there: on a disk that was taken out, say. They come back with the files that they went with. */
export async function awayCheckouts({ commonDir }: Repository): Promise<FollowingCheckout[]> {
  const away: FollowingCheckout[] = [];
  for (const gitDir of await worktreeEntries(commonDir)) {
    const pointer = await dotGitOf(gitDir);
    if (pointer === null || (await exists(pointer)) || !(await exists(join(gitDir, 'locked')))) continue;
    away.push({ path: dirname(pointer), gitDir });
  }
  return away;
}
