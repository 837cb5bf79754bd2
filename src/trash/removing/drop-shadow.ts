import { removeShadow, shadowPaths } from '../../git/door/shadow-directory.ts';
import type { AbsolutePath } from '../../model/ids.ts';
import type { TrashedWorktree } from '../../model/operation.ts';
import { exists } from '../../system/files.ts';

/**
 * Deletes the git directory of ours beside an entry that was put away whole, its folder being gone: nothing is looked at there any more,
 * and whoever brings it back has a new one made. The caller holds the repository lock.
 */
export async function dropShadow(commonDir: AbsolutePath, { missing, gitDir }: TrashedWorktree): Promise<void> {
  // The name may be another's by now: git gives names out again.
  if (missing && !(await exists(gitDir))) await removeShadow(shadowPaths(commonDir, gitDir));
}
