import type { CommitId } from '../../model/ids.ts';
import type { Merged, MergeScratch } from '../merging/merge-scratch.ts';
import { childrenOf } from '../merging/synthetic-commits.ts';
import { type EntryChange, entryChanges } from '../objects/entries.ts';
import { pathText } from '../worktree/working-changes.ts';
import type { Ancestry } from './ancestry.ts';

/** A branch and the merge that brought it in. */
export interface MergedWork {
  readonly tip: CommitId;
  readonly merge: CommitId;
  /** The merge's first parent. */
  readonly before: CommitId;
  /** The changes of the merge against that. */
  readonly taken: readonly EntryChange[];
  /** The branch's changes; null: not known. */
  readonly work: readonly EntryChange[] | null;
}

/** Whether a merge left out what merges by itself: `-s ours`, a file put back. A conflict may be resolved either way. */
export async function droppedInMerges(
  scratch: MergeScratch,
  ancestry: Ancestry,
  merges: readonly MergedWork[],
  o: { readonly signal?: AbortSignal } = {},
): Promise<boolean[]> {
  const dropped = merges.map(() => false);
  const doubtful = merges.flatMap((one, at) => (tookAll(one) ? [] : [{ ...one, at }]));
  const again = await scratch.merge(
    doubtful.map(({ before, tip }) => [before, tip] as const),
    o,
  );
  const others = doubtful.flatMap((one, i) => {
    const merged = again[i] ?? null;
    return merged === null || merged.tree === ancestry.tree(one.merge) ? [] : [{ ...one, merged }];
  });
  const remade = await childrenOf(
    scratch,
    others.map(({ merged, merge }) => ({ of: merged.tree, parent: merge })),
  );
  const missing = await entryChanges(
    scratch.git,
    others.map(({ merge }, i) => ({ from: merge, to: remade[i] ?? '' })),
    o,
  );
  others.forEach(({ at, merged, taken }, i) => {
    dropped[at] = leavesOut(merged, missing[i] ?? [], taken);
  });
  return dropped;
}

/** A merge that changed each path of the branch's took something of each. */
function tookAll({ taken, work }: MergedWork): boolean {
  if (work === null) return false;
  const paths = new Set(taken.map(({ path }) => path));
  return work.every(({ path }) => paths.has(path));
}

/** But not all conflicts the one way that takes nothing. */
function leavesOut(merged: Merged, missing: readonly EntryChange[], taken: readonly EntryChange[]): boolean {
  if (taken.length === 0) return missing.length > 0;
  const paths = new Set(taken.map(({ path }) => path));
  return missing.some(({ path }) => !paths.has(path) && !merged.conflicts.includes(pathText(path)));
}
