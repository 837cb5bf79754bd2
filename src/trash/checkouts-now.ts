import { dirname } from 'node:path';
import type { Repository } from '../git/spawn/repository.ts';
import { dotGitOf, worktreeEntries } from '../git/worktree/checkouts.ts';
import type { AbsolutePath } from '../model/ids.ts';

/** Tops of all worktrees that git has registered, the main one first, whether their folders are there or not. */
export async function checkoutsNow(repository: Repository): Promise<readonly AbsolutePath[]> {
  const { commonDir, root, bare } = repository;
  const linked = await Promise.all((await worktreeEntries(commonDir)).map((gitDir) => dotGitOf(gitDir)));
  return [...(bare ? [] : [root]), ...linked.filter((path) => path !== null).map((path) => dirname(path))];
}
