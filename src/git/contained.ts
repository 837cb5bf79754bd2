import type { CommitId } from '../model/ids.ts';
import type { Ancestry } from './ancestry.ts';
import { readBlobs } from './blobs.ts';
import { blobOf, type Entry, type EntryChange, entryChanges } from './entries.ts';
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
  /** Paths of its change; against `base` where there is one. */
  readonly changes: readonly EntryChange[];
  /** How many commits of the chain may have it. */
  readonly reach: number;
}

/** In the target as it stands; or at places of the chain where it came to be there, the newest first; none: not found. */
export type Found = { readonly kind: 'tip' } | { readonly kind: 'history'; readonly places: readonly number[] };

export interface Grounds {
  readonly scratch: MergeScratch;
  readonly ancestry: Ancestry;
  /** What the target has. */
  readonly entries: ReadonlyMap<RawPath, Entry>;
  readonly signal?: AbortSignal;
}

/** One merge to try: the work at `wanted` into the chain's commit at `place`, which has `entries`. */
interface Trial {
  readonly wanted: Wanted;
  readonly place: number;
  readonly at: (path: RawPath) => Entry;
}

/**
 * Work is contained in a commit where merging it changes nothing there. A merge is only tried where it could be so: each path that
 * the work changed is no longer as the work found it, and has the lines that the work added.
 */
export async function findContained(grounds: Grounds, wanted: readonly Wanted[]): Promise<Found[]> {
  const { entries } = grounds;
  const now = (path: RawPath): Entry => entries.get(path) ?? '';
  const atTip = await held(
    grounds,
    wanted.map((one) => ({ wanted: one, place: 0, at: now })),
  );
  const atTips = new Set(atTip.map((trial) => trial.wanted));
  const rest = wanted.filter((one) => !atTips.has(one));
  const histories = await historiesOf(grounds, rest);
  const hits = new Map<Wanted, Set<number>>(rest.map((one) => [one, new Set<number>()]));
  for (const { wanted: one, place } of await held(grounds, [...histories.values()].flat())) hits.get(one)?.add(place);
  return wanted.map((one) => {
    if (atTips.has(one)) return { kind: 'tip' };
    const hit = hits.get(one) ?? new Set<number>();
    const places = (histories.get(one) ?? []).map(({ place }) => place);
    // It came where the commit before had it not.
    return { kind: 'history', places: places.filter((place, i) => hit.has(place) && !hit.has(places[i + 1] ?? -1)) };
  });
}

/** For each, the commits below the target that touched what it touches, the newest first. */
async function historiesOf(
  { scratch, ancestry, entries, signal }: Grounds,
  wanted: readonly Wanted[],
): Promise<Map<Wanted, Trial[]>> {
  const far = Math.max(0, ...wanted.map(({ reach }) => reach));
  const chain = ancestry.chain.slice(0, far).flatMap((to, place) => {
    const from = ancestry.parents(to)[0];
    return from === undefined ? [] : [{ from, to, place }];
  });
  const paths = new Set(wanted.flatMap(({ changes }) => changes.map(({ path }) => path)));
  const steps = await entryChanges(scratch.git, chain, { paths, ...(signal === undefined ? {} : { signal }) });
  const byPath = new Map<RawPath, { place: number; before: Entry; after: Entry }[]>();
  steps.forEach((changes, i) => {
    for (const { path, before, after } of changes) {
      if (!paths.has(path)) continue;
      const list = byPath.get(path) ?? [];
      list.push({ place: chain[i]?.place ?? 0, before, after });
      byPath.set(path, list);
    }
  });
  const at = (path: RawPath, place: number): Entry => {
    const list = byPath.get(path);
    if (list === undefined) return entries.get(path) ?? '';
    return list[firstFrom(list, place)]?.after ?? list.at(-1)?.before ?? '';
  };
  return new Map(
    wanted.map((one) => {
      const touched = one.changes.flatMap(({ path }) => (byPath.get(path) ?? []).map(({ place }) => place));
      const places = [...new Set(touched)].filter((place) => place > 0 && place < one.reach).sort((a, b) => a - b);
      return [one, places.map((place): Trial => ({ wanted: one, place, at: (path) => at(path, place) }))];
    }),
  );
}

/** Index of the newest step that a place has behind it; the list is long where a file changes with every commit. */
function firstFrom(list: readonly { readonly place: number }[], place: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle]?.place ?? 0) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}

async function held(grounds: Grounds, trials: readonly Trial[]): Promise<Trial[]> {
  const likely = await withLines(grounds, trials.filter(isMoved));
  const { ancestry, scratch, signal } = grounds;
  const merges = await scratch.merge(await mergePairs(grounds, likely), signal === undefined ? {} : { signal });
  return likely.filter(({ place }, i) => {
    const merge = merges[i];
    return merge?.clean === true && merge.tree === ancestry.tree(ancestry.chain[place] ?? '');
  });
}

/** A path that is as the work found it would take the work's change. */
function isMoved({ wanted, at }: Trial): boolean {
  return wanted.base === null || wanted.changes.every(({ path, before }) => at(path) !== before);
}

/** Where a line that the work added stands nowhere in the file, merging would add it. */
async function withLines({ scratch, signal }: Grounds, trials: readonly Trial[]): Promise<Trial[]> {
  const ids = new Set<string>();
  const look = (entry: Entry): void => {
    const id = blobOf(entry);
    if (id !== null) ids.add(id);
  };
  for (const { wanted, at } of trials) {
    if (wanted.base === null) continue;
    for (const { path, before, after } of wanted.changes) {
      if (after === at(path)) continue;
      look(at(path));
      look(before);
      look(after);
    }
    // What it deletes may stand in another file of its own: a rename.
    for (const { before, after } of wanted.changes) if (after === '') look(before);
  }
  const blobs = await readBlobs(scratch.git, ids, signal === undefined ? {} : { signal });
  const texts = new Map<string, string>();
  // A line is found between line ends.
  const text = (entry: Entry): string | null => {
    const id = blobOf(entry) ?? '';
    const known = texts.get(id) ?? blobs.get(id)?.toString('latin1');
    if (known === undefined) return null;
    const padded = texts.has(id) ? known : `\n${known}\n`;
    texts.set(id, padded);
    return padded;
  };
  const added = new Map<Wanted, Map<RawPath, readonly string[]>>();
  return trials.filter(({ wanted, at }) => {
    if (wanted.base === null) return true;
    const lines = added.get(wanted) ?? new Map<RawPath, readonly string[]>();
    added.set(wanted, lines);
    return wanted.changes.every(({ path, before, after }) => {
      const now = at(path);
      const there = now === after ? null : text(now);
      if (there === null) return true;
      const known = lines.get(path) ?? addedLines(wanted, before, after, text);
      lines.set(path, known);
      return known.every((line) => there.includes(`\n${line}\n`));
    });
  });
}

/** Empty where it cannot be told. */
function addedLines(wanted: Wanted, before: Entry, after: Entry, text: (entry: Entry) => string | null): string[] {
  const to = text(after);
  const sources = [before, ...wanted.changes.filter((change) => change.after === '').map((change) => change.before)];
  const from = sources.filter((entry) => entry !== '').map(text);
  if (to === null || from.includes(null)) return [];
  const old = new Set(from.flatMap((content) => content?.split('\n') ?? []));
  return to.split('\n').filter((line) => !old.has(line));
}

/** git finds the merge base by itself; where it shall be another, both sides are made its children. */
async function mergePairs({ scratch, ancestry }: Grounds, trials: readonly Trial[]): Promise<MergePair[]> {
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
