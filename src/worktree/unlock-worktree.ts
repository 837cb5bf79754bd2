import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { worktreeLock } from '../git/worktree/worktrees.ts';
import type { AbsolutePath } from '../model/ids.ts';

/** Removes copse's lock from a worktree when its run is over. Any other lock stays. */
export async function unlockWorktree(gitDir: AbsolutePath): Promise<void> {
  const reason = await worktreeLock(gitDir);
  if (reason?.startsWith('copse: ') === true) await rm(join(gitDir, 'locked'), { force: true });
}
