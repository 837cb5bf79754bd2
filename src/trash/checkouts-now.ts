import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { readRegularSync } from '../git/read-regular.ts';
import type { Repository } from '../git/repository.ts';
import type { AbsolutePath } from '../model/ids.ts';

/** Tops of all worktrees that git has registered, the main one first, whether their folders are there or not. */
export async function checkoutsNow(repository: Repository): Promise<readonly AbsolutePath[]> {
  const { commonDir, root, bare } = repository;
  const names = await readdir(join(commonDir, 'worktrees')).catch(() => []); // No linked worktree was ever made.
  const linked = names.map((name) => {
    const gitDir = join(commonDir, 'worktrees', name);
    const gitdir = readRegularSync(join(gitDir, 'gitdir'))?.trim() ?? '';
    return gitdir === '' ? null : dirname(resolve(gitDir, gitdir));
  });
  return [...(bare ? [] : [root]), ...linked.filter((path) => path !== null)];
}
