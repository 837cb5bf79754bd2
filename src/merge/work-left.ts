import { openWorktree } from '../worktree/open-worktree.ts';
import { type MergeOptions, type ToMerge, variantOf } from './merge-options.ts';
import { commitUncommitted, uncommittedWork } from './readiness/uncommitted-work.ts';

/** Work in a variant's worktree that is not on its branch. */
export interface WorkLeft {
  readonly paths: readonly string[];
  /** Commits it on the branch, as the run itself would have; sentences about what could not be. null: it is committed. */
  commit(): Promise<readonly string[]>;
}

export async function workLeft(o: Pick<MergeOptions, 'repository' | 'clock' | 'environment'>, one: ToMerge): Promise<WorkLeft> {
  const variant = variantOf(one);
  const worktree = await openWorktree({
    repository: o.repository,
    path: variant.worktree,
    nonce: variant.created?.nonce ?? null,
  });
  const start = variant.created?.start;
  if (worktree === null || start === undefined) return { paths: [], commit: async () => [] };
  const paths = await uncommittedWork(o, one, worktree);
  const commit = async (): Promise<readonly string[]> => {
    const { kind, parked, heldBack, notes } = await commitUncommitted(o, one, worktree, start);
    if (kind === 'missing' || kind === 'operation-open' || parked !== null)
      return [`It could not be committed on its branch. ${notes.join(' ')}`.trim()];
    return heldBack.length === 0 ? notes : [`Left out of the commit: ${heldBack.map(({ path }) => path).join(', ')}.`, ...notes];
  };
  return { paths, commit };
}
