import type { CommitId } from '../../model/ids.ts';
import { type Merged, type MergePair, withMergeScratch } from './merge-scratch.ts';

export interface MergePairsOptions {
  readonly commonDir: string;
  /** `ours` first: its `.gitattributes` decide in a real merge. */
  readonly pairs: readonly MergePair[];
  /** Whose `.gitattributes` count (`merge=union`, `-merge`): the target, or what all started from. Null: none. */
  readonly attributesOf: CommitId | null;
  readonly signal?: AbortSignal;
}

/**
 * Merges each pair of commits in memory, all pairs in two git processes. Leaves nothing behind, so that the trees are not there
 * to be read. Null: it cannot be told. No merge driver that the repository configures runs.
 */
export async function mergePairs(o: MergePairsOptions): Promise<(Merged | null)[]> {
  if (o.pairs.length === 0) return [];
  return withMergeScratch(o, (scratch) => scratch.merge(o.pairs, o.signal === undefined ? {} : { signal: o.signal }));
}
