import type { CommitId } from '../model/ids.ts';
import type { MergeOperation } from '../model/operation.ts';

/** Command lines that revert a merge with new commits, if it can no longer be undone. */
export function reverts({ landed, from, to }: MergeOperation): readonly string[] {
  const short = (id: CommitId): string => id.slice(0, 12);
  if (landed.every(({ as }) => as !== 'merge')) return [`git revert --no-edit ${short(from)}..${short(to)}`];
  // To revert a merge commit, git needs its main line; the last one merged is reverted first.
  return landed
    .map(({ as, commit }, n) => {
      const before = landed[n - 1]?.commit ?? from;
      return as === 'merge'
        ? `git revert --no-edit -m 1 ${short(commit)}`
        : `git revert --no-edit ${short(before)}..${short(commit)}`;
    })
    .reverse();
}
