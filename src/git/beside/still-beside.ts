import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { CommitId } from '../../model/ids.ts';
import type { HeldBack } from '../../model/outcome.ts';
import { objectsGit } from '../spawn/git-in.ts';

/**
 * The files that a commit left out, and that are still in the worktree and not in `tip` either: the user may have deleted or committed them since.
 * One git process, and none if nothing was left out.
 */
export async function stillBeside(o: {
  readonly commonDir: string;
  readonly worktree: string;
  readonly tip: CommitId;
  readonly heldBack: readonly HeldBack[];
}): Promise<readonly HeldBack[]> {
  const there = o.heldBack.filter(({ path }) => lstatSync(join(o.worktree, path), { throwIfNoEntry: false }) !== undefined);
  const files = there.filter(({ path, why }) => !path.endsWith('/') && why !== 'submodule' && why !== 'not-committed');
  if (files.length === 0) return there;
  const paths = files.map(({ path }) => path);
  const { stdout } = await objectsGit(o.commonDir).run(['ls-tree', '-z', '--name-only', '--full-tree', o.tip, '--', ...paths]);
  const committed = new Set(stdout.toString('utf8').split('\0'));
  return there.filter((held) => !files.includes(held) || !committed.has(held.path));
}
