import type { Repository } from '../git/spawn/repository.ts';
import { removeShadow, shadowPaths } from '../git/spawn/shadow-directory.ts';
import { ownEntry } from '../git/worktree/own-path.ts';
import { unregisterWorktree } from '../git/worktree/register-worktree.ts';
import type { Store } from '../store/layout.ts';
import { stopProcesses } from '../system/processes/stop-processes.ts';
import { lockReason, removeIntent, type WorktreeRecord } from './worktree-record.ts';

/**
 * Rolls back a begun creation completely; the caller holds the repository lock. `branch: false` if the branch is known to be
 * the user's: it may well be at the very commit that copse's would have started from.
 */
export async function takeBack(
  o: { readonly repository: Repository; readonly store: Store },
  record: WorktreeRecord,
  made: { readonly branch: boolean },
): Promise<void> {
  await ownEntry(o.repository, record.gitDir);
  // A git of the process that crashed may still be writing files.
  await stopProcesses({ root: null, marker: record.nonce, force: true });
  await unregisterWorktree(
    o.repository,
    { ...record, reason: lockReason(record) },
    { branch: made.branch && record.tip === undefined },
  );
  await removeShadow(shadowPaths(o.repository.commonDir, record.gitDir));
  await removeIntent(o.store, record.run, record.variant);
}
