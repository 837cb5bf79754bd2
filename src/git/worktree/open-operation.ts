import { join } from 'node:path';
import { exists } from '../../system/files.ts';

export type OpenOperation = 'merge' | 'rebase' | 'cherry-pick' | 'revert' | 'bisect';

/** The files of each in the worktree's git directory while it is open. A rebase comes first: it stops inside cherry-picks. */
const TRACES: readonly (readonly [string, OpenOperation])[] = [
  ['rebase-merge', 'rebase'],
  ['rebase-apply', 'rebase'],
  ['MERGE_HEAD', 'merge'],
  ['CHERRY_PICK_HEAD', 'cherry-pick'],
  ['REVERT_HEAD', 'revert'],
  ['sequencer', 'cherry-pick'],
  ['BISECT_LOG', 'bisect'],
];

/** The open operation of a worktree, by its git directory; null: none. git status can look clean meanwhile. */
export async function openOperation(gitDir: string): Promise<OpenOperation | null> {
  for (const [name, operation] of TRACES) {
    if (await exists(join(gitDir, name))) return operation;
  }
  return null;
}
