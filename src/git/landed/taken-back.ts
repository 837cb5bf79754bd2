import { readBlobs } from '../objects/blobs.ts';
import { blobOf, type Entry, type EntryChange } from '../objects/entries.ts';
import type { Git } from '../spawn/git-in.ts';
import type { Ancestry } from './ancestry.ts';
import type { ChainHistory, Version } from './chain-history.ts';
import { laterVersions } from './later-versions.ts';
import { type Course, isTakenBack, type Place, placesOf, tellingVersions } from './undone-hunks.ts';

/** A change that is in the target's history. */
export interface LandedChange {
  readonly changes: readonly EntryChange[];
  /** Place of the chain from which on the target has it; earlier commits are not examined. */
  readonly place: number;
}

/** One file of a landed change, and its versions in the target, the oldest first. */
interface Trace {
  readonly at: number;
  readonly change: EntryChange;
  /** When it was last exactly as before or after the change, it was as before. */
  readonly isBack: boolean;
  /** The files that it was since then. */
  readonly rest: readonly Entry[];
}

/**
 * Whether the target reverted a change, wholly or in part, at any time since it landed, whatever happened there afterwards: a path was
 * again as it was before; a file that the change added was gone, under every name; or, within a file that was edited since, what the
 * change did at a place was undone. A place that again has the change as it came counts as restored. What was only edited
 * again is not reverted.
 */
export async function takenBack(
  git: Git,
  ancestry: Ancestry,
  history: ChainHistory,
  landed: readonly LandedChange[],
): Promise<boolean[]> {
  const back = landed.map(() => false);
  const asked = landed.flatMap(({ changes, place }, at) => changes.map((change) => ({ at, change, place })));
  const versions = await laterVersions(git, ancestry, history, asked);
  const traces = asked.map(({ at, change }, i) => traceOf(at, change, versions[i] ?? []));
  for (const { at, isBack, rest } of traces) if (isBack && rest.length === 0) back[at] = true;
  const open = traces.filter(({ at, rest }) => rest.length > 0 && back[at] !== true);
  const verdicts = await byLines(git, open);
  open.forEach(({ at }, i) => {
    if (verdicts[i] === true) back[at] = true;
  });
  return back;
}

function traceOf(at: number, change: EntryChange, versions: readonly Version[]): Trace {
  const entries = versions.map(({ entry }) => entry);
  const last = entries.findLastIndex((entry) => entry === change.before || entry === change.after);
  const rest = entries.slice(last + 1).filter((entry) => blobOf(entry) !== null);
  return { at, change, isBack: last !== -1 && entries[last] === change.before, rest };
}

async function byLines(git: Git, traces: readonly Trace[]): Promise<boolean[]> {
  const returned = await returnedFiles(git, traces);
  const courses = traces.map(({ change: { before, after }, rest }) => ({
    before,
    after,
    versions: blobOf(before) === null || blobOf(after) === null ? [] : rest,
  }));
  const fates = await fatesOf(git, courses);
  return traces.map(({ isBack }, i) => {
    // An edit of a restored or present place changes nothing about that.
    const last = fates[i]?.map(
      (place): Place => (place.fate === 'edited' ? { ...place, fate: isBack ? 'undone' : 'intact' } : place),
    );
    return returned[i] === true || (last === undefined || last.length === 0 ? isBack : isTakenBack(last));
  });
}

/** So many of the versions of a file are compared at once, the newest first. */
const PORTIONS: readonly number[] = [1, 4, 32];

/**
 * The places of each change and what they were in the newest version where they were as they came or as before; `edited` if none was.
 * Mostly the newest one answers, and the others need not be compared.
 */
async function fatesOf(git: Git, courses: readonly Course[]): Promise<(readonly Place[])[]> {
  const fates: (readonly Place[])[] = courses.map(() => []);
  let open = courses.flatMap(({ versions }, i) => (versions.length === 0 ? [] : [{ i, versions: versions.slice(-1) }]));
  for (let round = 0; open.length > 0; round += 1) {
    if (round === 1) {
      const telling = await tellingVersions(
        git,
        open.flatMap(({ i }) => courses[i] ?? []),
      );
      open = open.map(({ i }, n) => ({
        i,
        versions: (telling[n] ?? []).slice(0, -1).map((at) => courses[i]?.versions[at] ?? ''),
      }));
    }
    const portion = PORTIONS[round] ?? Number.POSITIVE_INFINITY;
    const edited = open.flatMap(({ i, versions }) =>
      versions
        .slice(-portion)
        .toReversed()
        .flatMap((later) => {
          const course = courses[i];
          return course === undefined ? [] : [{ of: i, before: course.before, after: course.after, later }];
        }),
    );
    const places = await placesOf(git, edited);
    edited.forEach(({ of }, n) => {
      const now = places[n] ?? [];
      const known = fates[of] ?? [];
      fates[of] = now.map((place, at) => (known[at] === undefined || known[at].fate === 'edited' ? place : known[at]));
    });
    open = open
      .map(({ i, versions }) => ({
        i,
        versions: round === 0 ? (courses[i]?.versions ?? []).slice(0, -1) : versions.slice(0, -portion),
      }))
      .filter(({ i, versions }) => versions.length > 0 && fates[i]?.some(({ fate }) => fate === 'edited') === true);
  }
  return fates;
}

/** Whether a file that the change deleted came back, with an edit perhaps: half of its lines are there again. */
async function returnedFiles(git: Git, traces: readonly Trace[]): Promise<boolean[]> {
  const asked = traces.map(({ change: { before, after }, rest }) => (after === '' && blobOf(before) !== null ? rest : []));
  const ids = asked.flatMap((entries, i) => (entries.length === 0 ? [] : [traces[i]?.change.before ?? '', ...entries]));
  const blobs = await readBlobs(
    git,
    ids.map(blobOf).filter((id) => id !== null),
  );
  const linesOf = (entry: Entry): string[] =>
    (blobs.get(blobOf(entry) ?? '')?.toString('latin1') ?? '').split('\n').filter((line) => /\w/.test(line));
  return traces.map(({ change }, i) => {
    const wanted = linesOf(change.before);
    return (asked[i] ?? []).some((entry) => {
      const there = new Set(linesOf(entry));
      return wanted.length > 0 && wanted.filter((line) => there.has(line)).length * 2 >= wanted.length;
    });
  });
}
