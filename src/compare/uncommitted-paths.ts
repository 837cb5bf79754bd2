import { distrustedGit } from '../git/spawn/git-in.ts';
import type { Repository } from '../git/spawn/repository.ts';
import { worktreeStatus } from '../git/worktree/worktree-status.ts';
import { CopseError } from '../model/errors.ts';
import { forEachAtMost } from '../system/for-each-at-most.ts';
import { openWorktree } from '../worktree/open-worktree.ts';
import type { Compared } from './compare-target.ts';

const AT_ONCE = 4;

/** For each variant the paths in its worktree that are not committed; null if the worktree is missing or cannot be read. */
export async function uncommittedOf(
  repository: Repository,
  compared: readonly Compared[],
): Promise<readonly (readonly string[] | null)[]> {
  const found: (readonly string[] | null)[] = compared.map(() => null);
  await forEachAtMost(AT_ONCE, [...compared.entries()], async ([index, { variant }]) => {
    if (variant.created === null) return;
    const worktree = await openWorktree({ repository, path: variant.worktree, nonce: variant.created.nonce });
    if (worktree === null) return;
    try {
      const git = distrustedGit({ gitDir: worktree.gitDir, workTree: worktree.path, commonDir: repository.commonDir });
      const { dirty, untracked } = await worktreeStatus(git, { amongMany: compared.length >= AT_ONCE });
      found[index] = [...dirty.map(({ path }) => path), ...untracked];
    } catch (error) {
      // A worktree that git cannot read is like a missing one: its row says what is known.
      if (!(error instanceof CopseError)) throw error;
    }
  });
  return found;
}
