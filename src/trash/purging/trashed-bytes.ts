import { join } from 'node:path';
import type { TrashedWorktree } from '../../model/operation.ts';
import { directorySize, exists } from '../../system/files.ts';

/**
 * The size of a worktree in the trash in bytes: its files without git's own pointer. As it was when removed, which the
 * prune showed and asked about; measured if it was not known then. If its folder was gone, there is only git's entry, which
 * does not count.
 */
export async function trashedBytes({ missing, bytes, trashPath }: TrashedWorktree): Promise<number> {
  if (missing || !(await exists(trashPath))) return 0;
  if (bytes !== null) return bytes;
  return (await directorySize(trashPath)).bytes - (await directorySize(join(trashPath, '.git'))).bytes;
}

/** The same for several, together. */
export async function trashedSum(worktrees: readonly TrashedWorktree[]): Promise<number> {
  let bytes = 0;
  for (const worktree of worktrees) bytes += await trashedBytes(worktree);
  return bytes;
}
