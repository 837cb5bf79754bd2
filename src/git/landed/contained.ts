import { withAddedLines } from './added-lines.ts';
import { bothKept } from './both-kept.ts';
import { type Grounds, type Trial, trialPairs, type Wanted } from './trial.ts';

/** In the target as it stands; or at places of the chain where it came to be there, the newest first; none: not found. */
export type Found = { readonly kind: 'tip' } | { readonly kind: 'history'; readonly places: readonly number[] };

/**
 * Work is contained in a commit where merging it changes nothing there. That is so where each path that it changed is the same there,
 * and cannot be so where a path is still as the work found it, or lacks a line that the work added; what is between is merged.
 */
export async function findContained(grounds: Grounds, wanted: readonly Wanted[]): Promise<Found[]> {
  const { history } = grounds;
  const hits = new Map<Wanted, Set<number>>(wanted.map((one) => [one, new Set<number>()]));
  const touched = new Map<Wanted, number[]>();
  const doubtful: Trial[] = [];
  for (const one of wanted) {
    const places = history.places(one.changes.map(({ path }) => path)).filter((place) => place > 0 && place < one.reach);
    touched.set(one, places);
    // The file that changed least tells soonest.
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
  const likely = await withAddedLines(grounds, doubtful);
  const add = (trials: readonly Trial[]): void => {
    for (const trial of trials) hits.get(trial.wanted)?.add(trial.place);
  };
  const isAtTip = (one: Wanted): boolean => hits.get(one)?.has(0) === true;
  const conflicting: Trial[] = [];
  const atTip = likely.filter(({ place }) => place === 0);
  add(await merged(grounds, atTip, conflicting));
  const earlier = likely.filter((one) => one.place > 0 && !isAtTip(one.wanted));
  add(await merged(grounds, earlier, conflicting));
  const lost = conflicting.filter(({ wanted: one }) => hits.get(one)?.size === 0);
  add(await bothKept(grounds, lost, likely));
  return wanted.map((one) => {
    if (isAtTip(one)) return { kind: 'tip' };
    const places = touched.get(one) ?? [];
    const hit = hits.get(one) ?? new Set<number>();
    // It came where the commit before had it not.
    return { kind: 'history', places: places.filter((place, i) => hit.has(place) && !hit.has(places[i + 1] ?? -1)) };
  });
}

/** Those where merging adds nothing. `conflicting` gets those that conflict. */
async function merged({ scratch, ancestry, signal }: Grounds, trials: readonly Trial[], conflicting: Trial[]): Promise<Trial[]> {
  const pairs = await trialPairs(scratch, ancestry, trials);
  const merges = await scratch.merge(pairs, signal === undefined ? {} : { signal });
  return trials.filter((trial, i) => {
    const merge = merges[i];
    if (merge?.clean === false) conflicting.push(trial);
    return merge?.clean === true && merge.tree === ancestry.tree(ancestry.chain[trial.place] ?? '');
  });
}
