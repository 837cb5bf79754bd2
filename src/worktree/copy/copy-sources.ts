import type { Repository } from '../../git/spawn/repository.ts';
import { allCheckouts } from '../../git/worktree/checkouts.ts';
import type { AbsolutePath } from '../../model/ids.ts';
import type { CopySet } from '../../model/plan.ts';
import { readRecord } from '../worktree-record.ts';

/** One thing to copy: `entry` below `top`. */
export interface CopySource {
  readonly entry: string;
  readonly top: AbsolutePath;
  readonly follow: boolean;
}

/** The source of each entry. Only a worktree that git has registered counts: a plan on disk must not lead elsewhere. */
export async function copySources(repository: Repository, copy: CopySet): Promise<readonly CopySource[]> {
  const { from = {}, follow = [] } = copy;
  const tops = Object.keys(from).length === 0 ? [] : (await allCheckouts(repository)).map(({ path }) => path);
  return copy.entries.map((entry) => {
    const own = from[entry];
    // A linked worktree that was removed since: the main one is nearest to it.
    const top = own !== undefined && tops.includes(own) ? own : repository.root;
    return { entry, top, follow: follow.includes(entry) };
  });
}

/**
 * The worktrees that files are copied from, the first that has one: the current one, then the main one. One that copse created
 * is neither: an agent writes in it.
 */
export async function copyTops(repository: Repository): Promise<readonly AbsolutePath[]> {
  const { here, root, gitDir, commonDir, bare } = repository;
  const linked = gitDir !== commonDir && (await readRecord(gitDir)) === null;
  return [...(linked ? [here] : []), ...(bare ? [] : [root])];
}
