import type { CommitId } from '../../model/ids.ts';
import type { MergePair, MergeScratch } from '../merging/merge-scratch.ts';
import { childrenOf } from '../merging/synthetic-commits.ts';
import type { EntryChange } from '../objects/entries.ts';
import type { Ancestry } from './ancestry.ts';
import type { ChainHistory } from './chain-history.ts';

/** Work that is looked for in a target. */
export interface Wanted {
  readonly tip: CommitId;
  /** What it is compared with; null: several, and git merges them first. */
  readonly base: CommitId | null;
  /** `base` is the tip's own: git would not find it by itself. */
  readonly isOwnBase: boolean;
  /** What it changed against `base`, or against any of several. */
  readonly changes: readonly EntryChange[];
  /** How many commits of the chain may have it. */
  readonly reach: number;
}

export interface Grounds {
  readonly scratch: MergeScratch;
  readonly ancestry: Ancestry;
  readonly history: ChainHistory;
  readonly signal?: AbortSignal;
}

/** The work of `wanted` and the chain's commit at `place`. */
export interface Trial {
  readonly wanted: Wanted;
  readonly place: number;
}

/** git finds the merge base by itself; where it shall be another, both sides are made its children. */
export async function trialPairs(scratch: MergeScratch, ancestry: Ancestry, trials: readonly Trial[]): Promise<MergePair[]> {
  const pairs = trials.map(({ wanted, place }): MergePair => [ancestry.chain[place] ?? '', wanted.tip]);
  const own = trials.flatMap(({ wanted }, i) => (wanted.isOwnBase && wanted.base !== null ? [{ i, base: wanted.base }] : []));
  const children = await childrenOf(
    scratch,
    own.flatMap(({ i, base }) => (pairs[i] ?? []).map((of) => ({ of, parent: base }))),
  );
  own.forEach(({ i }, n) => {
    pairs[i] = [children[2 * n] ?? '', children[2 * n + 1] ?? ''];
  });
  return pairs;
}
