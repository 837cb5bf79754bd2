import type { EntryChange } from '../objects/entries.ts';
import { withAddedLines } from './added-lines.ts';
import { bothKept } from './both-kept.ts';
import { laterVersions } from './later-versions.ts';
import { type Grounds, type Located, smallPairs, type Trial, trialPairs, type Wanted } from './trial-pairs.ts';

/** In the target as it is now; or at places of the chain where it arrived, the newest first; none: not found. */
export type Found = { readonly kind: 'tip' } | { readonly kind: 'history'; readonly places: readonly number[] };

/**
 * Work is contained in a commit if merging it changes nothing there. That is the case if each path that it changed is the same there,
 * and cannot be the case if a path is still as the work found it, or lacks a line that the work added; what is between is merged.
 */
export async function findContained(grounds: Grounds, wanted: readonly Wanted[]): Promise<Found[]> {
  const { history } = grounds;
  const hits = new Map<Wanted, Set<number>>(wanted.map((one) => [one, new Set<number>()]));
  const touched = new Map<Wanted, number[]>();
  const doubtful: Trial[] = [];
  for (const one of wanted) {
    const places = history.places(one.changes.map(({ path }) => path)).filter((place) => place > 0 && place < one.reach);
    touched.set(one, places);
    // The file that changed least decides soonest.
    const changes = one.changes.toSorted((a, b) => history.count(a.path) - history.count(b.path));
    for (const place of [0, ...places]) {
      if (changes.every(({ path, after }) => history.at(path, place) === after)) hits.get(one)?.add(place);
      // A path that is as the work found it would take the work's change.
      else if (one.base === null || changes.every(({ path, before }) => history.at(path, place) !== before)) {
        doubtful.push({ wanted: one, place });
      }
      if (place === 0 && hits.get(one)?.has(0) === true) break;
    }
  }
  if (doubtful.length > 0) grounds.scratch.prepare();
  const located = await locate(grounds, doubtful);
  // A file that is gone under every name conflicts with an edit of it.
  const standing = doubtful.filter(({ wanted: one, place }) =>
    one.changes.every((change) => located(one, change, place) !== null),
  );
  const { trials: likely, told } = await withAddedLines(grounds, standing);
  const add = (trials: readonly Trial[]): void => {
    for (const trial of trials) hits.get(trial.wanted)?.add(trial.place);
  };
  const isAtTip = (one: Wanted): boolean => hits.get(one)?.has(0) === true;
  const conflicting: Trial[] = [];
  const atTip = likely.filter(({ place }) => place === 0);
  add(await merged(grounds, located, atTip, conflicting));
  const earlier = likely.filter((one) => one.place > 0 && !isAtTip(one.wanted));
  const stays = staysOf(earlier, touched, told).filter(({ first, others }) => {
    const before = touched.get(first.wanted) ?? [];
    const isThere = told.has(first.wanted) && hits.get(first.wanted)?.has(before[before.indexOf(first.place) + 1] ?? -1) === true;
    if (isThere) add([first, ...others]);
    return !isThere;
  });
  const came = new Set(
    await merged(
      grounds,
      located,
      stays.map(({ first }) => first),
      conflicting,
    ),
  );
  for (const { first, others } of stays) if (came.has(first)) add([first, ...others]);
  const late = stays.flatMap(({ first, others }) => (came.has(first) ? [] : others));
  add(await merged(grounds, located, late, conflicting));
  const lost = conflicting.filter(({ wanted: one }) => hits.get(one)?.size === 0);
  add(await bothKept(grounds, lost, likely));
  return wanted.map((one) => {
    if (isAtTip(one)) return { kind: 'tip' };
    const places = touched.get(one) ?? [];
    const hit = hits.get(one) ?? new Set<number>();
    // It arrived with a commit whose predecessor did not have it.
    return { kind: 'history', places: places.filter((place, i) => hit.has(place) && !hit.has(places[i + 1] ?? -1)) };
  });
}

/** Trials at neighbouring places of the same work, of which the first is the oldest. */
interface Stay {
  readonly first: Trial;
  readonly others: readonly Trial[];
}

/**
 * While all lines that some work added are there, work that came with the first commit that has them did not come again later. Each trial by itself
 * if the lines do not decide.
 */
function staysOf(trials: readonly Trial[], touched: ReadonlyMap<Wanted, readonly number[]>, told: ReadonlySet<Wanted>): Stay[] {
  return [...Map.groupBy(trials, ({ wanted }) => wanted)].flatMap(([wanted, of]) => {
    if (!told.has(wanted)) return of.map((first): Stay => ({ first, others: [] }));
    const placeOf = new Map((touched.get(wanted) ?? []).map((place, i) => [place, i]));
    const stays: Trial[][] = [];
    let last = Number.NaN;
    for (const trial of of.toSorted((a, b) => b.place - a.place)) {
      const at = placeOf.get(trial.place) ?? Number.NaN;
      if (at === last - 1) stays.at(-1)?.push(trial);
      else stays.push([trial]);
      last = at;
    }
    return stays.flatMap(([first, ...others]): Stay[] => (first === undefined ? [] : [{ first, others }]));
  });
}

/** Files that the target moved are followed by what its commits moved, one after the other. */
async function locate({ scratch, ancestry, history }: Grounds, trials: readonly Trial[]): Promise<Located> {
  const isGone = ({ path, before, after }: EntryChange, place: number): boolean =>
    before !== '' && after !== '' && history.at(path, place) === '';
  const gone = new Map<EntryChange, Wanted>();
  for (const { wanted, place } of trials)
    for (const change of wanted.changes) if (isGone(change, place)) gone.set(change, wanted);
  const asked = [...gone].map(([change, { reach }]) => ({ change, place: reach }));
  const lists = await laterVersions(scratch.git, ancestry, history, asked);
  const versions = new Map(asked.map(({ change }, i) => [change, lists[i] ?? []]));
  return (_, change, place) => {
    if (!isGone(change, place)) return [change.path, history.at(change.path, place)];
    const list = versions.get(change) ?? [];
    if (list[0] === undefined || list[0].entry === '') return undefined;
    const there = list.findLast((version) => version.place >= place);
    return there === undefined || there.entry === '' ? null : [there.path, there.entry];
  };
}

/** Those where merging adds nothing. `conflicting` gets those that conflict. */
async function merged(grounds: Grounds, located: Located, trials: readonly Trial[], conflicting: Trial[]): Promise<Trial[]> {
  const { scratch, ancestry, signal } = grounds;
  const small = await smallPairs(grounds, located, trials);
  const whole = trials.filter((_, i) => small[i] === null);
  const wholePairs = await trialPairs(scratch, ancestry, whole);
  const wholeOf = new Map(whole.map((trial, i) => [trial, wholePairs[i]]));
  const asked = trials.flatMap((trial, i) => {
    const pair = small[i]?.pair ?? wholeOf.get(trial);
    const tree = small[i]?.tree ?? ancestry.tree(ancestry.chain[trial.place] ?? '');
    return pair === undefined ? [] : [{ trial, pair, tree }];
  });
  // At many places the files of the work are the same, and it is the same merge.
  const pairs = new Map(asked.map(({ pair }) => [pair.join(' '), pair]));
  const merges = await scratch.merge([...pairs.values()], signal === undefined ? {} : { signal });
  const mergeOf = new Map([...pairs.keys()].map((key, i) => [key, merges[i]]));
  return asked.flatMap(({ trial, pair, tree }) => {
    const merge = mergeOf.get(pair.join(' '));
    if (merge?.clean === false) conflicting.push(trial);
    return merge?.clean === true && merge.tree === tree ? [trial] : [];
  });
}
