import type { CommitId, TreeId } from '../../model/ids.ts';
import type { MergePair, MergeScratch } from '../merging/merge-scratch.ts';
import { childrenOf } from '../merging/synthetic-commits.ts';
import type { Entry, EntryChange } from '../objects/entries.ts';
import { ObjectPack } from '../objects/object-pack.ts';
import type { RawPath } from '../worktree/working-changes.ts';
import type { Ancestry } from './ancestry.ts';
import type { ChainHistory } from './chain-history.ts';

/** Work that is looked for in a target. */
export interface Wanted {
  readonly tip: CommitId;
  /** The commit that it is compared with; null: several, and git merges them first. */
  readonly base: CommitId | null;
  /** `base` is the tip's own: git would not find it by itself. */
  readonly isOwnBase: boolean;
  /** Its changes against `base`, or against any of several. */
  readonly changes: readonly EntryChange[];
  /** How many commits of the chain may have it. */
  readonly reach: number;
}

/** The path of a file of some work at a place, under its name there; null: gone; undefined: only a full merge can tell. */
export type Located = (
  wanted: Wanted,
  change: EntryChange,
  place: number,
) => readonly [path: RawPath, entry: Entry] | null | undefined;

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

/**
 * Pairs of commits that hold only the files which the work changed, and the tree of the first of each: merging such costs nothing,
 * where git would compare thousands of files of two commits that are far apart. Null: there are several bases, or a file of the work is not to be
 * found, and all has to be merged.
 */
export async function smallPairs(
  { scratch, ancestry }: Grounds,
  located: Located,
  trials: readonly Trial[],
): Promise<({ readonly pair: MergePair; readonly tree: TreeId } | null)[]> {
  const pack = new ObjectPack(ancestry.target);
  const sides = new Map<Wanted, { readonly base: CommitId; readonly theirs: CommitId }>();
  const small = trials.map(({ wanted, place }) => {
    const { base, changes } = wanted;
    const there = changes.map((change) => located(wanted, change, place)).filter((one) => one != null);
    if (base === null || there.length < changes.length) return null;
    const known = sides.get(wanted) ?? sidesOf(pack, changes);
    sides.set(wanted, known);
    const tree = pack.tree(there);
    return { pair: [pack.commit(tree, known.base), known.theirs] as const, tree };
  });
  await pack.store(scratch.git);
  return small;
}

function sidesOf(pack: ObjectPack, changes: readonly EntryChange[]): { readonly base: CommitId; readonly theirs: CommitId } {
  const base = pack.commit(pack.tree(changes.map(({ path, before }) => [path, before] as const)), null);
  const theirs = pack.commit(pack.tree(changes.map(({ path, after }) => [path, after] as const)), base);
  return { base, theirs };
}

/** git finds the merge base by itself; to use another, both sides are made its children. */
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
