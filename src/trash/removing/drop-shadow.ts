import { removeShadow, shadowPaths } from '../../git/spawn/shadow-directory.ts';
import type { AbsolutePath } from '../../model/ids.ts';
import { exists } from '../../system/files.ts';
import type { ProvenWorktree } from '../own-trash.ts';

/**
 * Deletes the git directory of ours beside an entry that was put away whole, its folder being gone: nothing is looked at there any more,
 * and whoever brings it back has a new one made. The caller holds the repository lock.
 */
export async function dropShadow(commonDir: AbsolutePath, { missing, gitDir }: ProvenWorktree): Promise<void> {
  // The name may be another's by now: git gives names out again.
  if (missing && !(await exists(gitDir))) await removeShadow(shadowPaths(commonDir, gitDir));
}
