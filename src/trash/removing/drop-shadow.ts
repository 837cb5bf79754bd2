import { removeShadow, shadowPaths } from '../../git/spawn/shadow-directory.ts';
import type { AbsolutePath } from '../../model/ids.ts';
import { exists } from '../../system/files.ts';
import type { ProvenWorktree } from '../own-trash.ts';

/**
 * Deletes copse's git directory of an entry that was put away without a folder: it is no longer used,
 * and a new one is created when the entry is restored. The caller holds the repository lock.
 */
export async function dropShadow(commonDir: AbsolutePath, { missing, gitDir }: ProvenWorktree): Promise<void> {
  // The name may be another's by now: git gives names out again.
  if (missing && !(await exists(gitDir))) await removeShadow(shadowPaths(commonDir, gitDir));
}
