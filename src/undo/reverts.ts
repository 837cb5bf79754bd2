import type { CommitId } from '../model/ids.ts';
import type { MergeOperation } from '../model/operation.ts';

/** Command lines that take a merge back with commits of their own, where it cannot be taken away any more. */
export function reverts({ landed, from, to }: MergeOperation): readonly string[] {
  const short = (id: CommitId): string => id.slice(0, 12);
  if (landed.every(({ as }) => as !== 'merge')) return [`git revert --no-edit ${short(from)}..${short(to)}`];
  // A merge commit needs to be told its main line; the last to land goes first.
  return landed
    .map(({ as, commit }, n) => {
      const before = landed[n - 1]?.commit ?? from;
      return as === 'merge'
        ? `git revert --no-edit -m 1 ${short(commit)}`
        : `git revert --no-edit ${short(before)}..${short(commit)}`;
    })
    .reverse();
}
