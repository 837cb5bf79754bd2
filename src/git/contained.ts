import type { CommitId } from '../model/ids.ts';
import { withAddedLines } from './added-lines.ts';
import type { Ancestry } from './ancestry.ts';
import type { ChainHistory } from './chain-history.ts';
import type { Entry, EntryChange } from './entries.ts';
import type { MergePair, MergeScratch } from './merge-scratch.ts';
import { childrenOf } from './synthetic-commits.ts';
import type { RawPath } from './working-changes.ts';

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

/** In the target as it stands; or at places of the chain where it came to be there, the newest first; none: not found. */
export type Found = { readonly kind: 'tip' } | { readonly kind: 'history'; readonly places: readonly number[] };

export interface Grounds {
  readonly scratch: MergeScratch;
  readonly ancestry: Ancestry;
  readonly history: ChainHistory;
  readonly signal?: AbortSignal;
}

/** The work of `wanted` and the chain's commit at `place`, which has `entries`. */
export interface Trial {
  readonly wanted: Wanted;
  readonly place: number;
  readonly at: (path: RawPath) => Entry;
}

/**
 * Work is contained in a commit where merging it changes nothing there. That is so where each path that it changed is the same there,
 * and cannot be so where a path is still as the work found it, or lacks a line that the work added; what is between is merged.
 */
export async function findContained(grounds: Grounds, wanted: readonly Wanted[]): Promise<Found[]> {
  const { history } = grounds;
  const trial = (one: Wanted, place: number): Trial => ({ wanted: one, place, at: (path) => history.at(path, place) });
  const rows = wanted.map((one) => {
    const tip = trial(one, 0);
    const places = isSame(tip)
      ? []
      : history.places(one.changes.map(({ path }) => path)).filter((at) => at > 0 && at < one.reach);
    return { tip, behind: places.map((place) => trial(one, place)) };
  });
  const hits = new Set<Trial>(rows.flatMap(({ tip, behind }) => [tip, ...behind]).filter(isSame));
  const doubtful = rows.flatMap(({ tip, behind }) => [tip, ...behind]).filter((one) => !hits.has(one) && isMoved(one));
  const likely = await withAddedLines(grounds, doubtful);
  for (const one of await merged(
    grounds,
    likely.filter(({ place }) => place === 0),
  ))
    hits.add(one);
  const landed = new Set(rows.filter(({ tip }) => hits.has(tip)).map(({ tip }) => tip.wanted));
  for (const one of await merged(
    grounds,
    likely.filter((each) => each.place > 0 && !landed.has(each.wanted)),
  ))
    hits.add(one);
  return rows.map(({ tip, behind }) => {
    if (hits.has(tip)) return { kind: 'tip' };
    // It came where the commit before had it not.
    const came = behind.filter((one, i) => hits.has(one) && !isHit(hits, behind[i + 1]));
    return { kind: 'history', places: came.map(({ place }) => place) };
  });
}

function isHit(hits: ReadonlySet<Trial>, trial: Trial | undefined): boolean {
  return trial !== undefined && hits.has(trial);
}

function isSame({ wanted, at }: Trial): boolean {
  return wanted.changes.every(({ path, after }) => at(path) === after);
}

/** A path that is as the work found it would take the work's change. */
function isMoved({ wanted, at }: Trial): boolean {
  return wanted.base === null || wanted.changes.every(({ path, before }) => at(path) !== before);
}

async function merged({ scratch, ancestry, signal }: Grounds, trials: readonly Trial[]): Promise<Trial[]> {
  const pairs = await mergePairs(scratch, ancestry, trials);
  const merges = await scratch.merge(pairs, signal === undefined ? {} : { signal });
  return trials.filter(({ place }, i) => {
    const merge = merges[i];
    return merge?.clean === true && merge.tree === ancestry.tree(ancestry.chain[place] ?? '');
  });
}

/** git finds the merge base by itself; where it shall be another, both sides are made its children. */
async function mergePairs(scratch: MergeScratch, ancestry: Ancestry, trials: readonly Trial[]): Promise<MergePair[]> {
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
