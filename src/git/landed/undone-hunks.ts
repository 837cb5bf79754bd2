import { readBlobs } from '../objects/blobs.ts';
import { blobOf, type Entry } from '../objects/entries.ts';
import { type DiffHunk, hunksOfTrees } from '../objects/hunks.ts';
import type { Git } from '../spawn/git-in.ts';
import { makeTrees } from './file-trees.ts';
import { idsOf, linesAt } from './lines-at.ts';

/** A change of a file, and what the file was later. */
export interface Edited {
  readonly before: Entry;
  readonly after: Entry;
  readonly later: Entry;
}

/** What became of one place of a change: there as it came, again as it was before, or something else. */
export type Fate = 'intact' | 'undone' | 'edited';

/** One place of a change, in reverse: `added` is the former text, `removed` the text that the change added. */
export interface Place {
  readonly hunk: DiffHunk;
  readonly fate: Fate;
}

/**
 * The places of each change and what became of them. None: the file is binary, or no lines changed. All files are in their
 * own trees, named by number, so that git compares these and nothing else.
 */
export async function placesOf(git: Git, edited: readonly Edited[]): Promise<Place[][]> {
  if (edited.length === 0) return [];
  const sides = [edited.map(({ after }) => after), edited.map(({ before }) => before), edited.map(({ later }) => later)];
  const [after = '', before = '', later = ''] = await makeTrees(git, sides);
  const [back = [], since = []] = await hunksOfTrees(git, [
    { from: after, to: before },
    { from: after, to: later },
  ]);
  const [backOf, sinceOf] = [byFile(back), byFile(since)];
  return edited.map((_, i) => (backOf.get(i) ?? []).map((hunk) => ({ hunk, fate: fateOf(hunk, sinceOf.get(i) ?? []) })));
}

/**
 * Whether what became of all places of a change means that it was taken back: all are as before, or old text that was replaced is
 * back, or half of the text that it brought is gone again.
 */
export function isTakenBack(places: readonly Place[]): boolean {
  const undone = places.filter(({ fate }) => fate === 'undone');
  if (undone.length === 0) return false;
  if (undone.length === places.length) return true;
  if (undone.some(({ hunk }) => words(hunk.added) > 0)) return true;
  const brought = (of: readonly Place[]): number => of.reduce((sum, { hunk }) => sum + words(hunk.removed), 0);
  return brought(undone) > 0 && brought(undone) * 2 >= brought(places);
}

function words(lines: readonly string[]): number {
  return lines.filter((line) => /\w/.test(line)).length;
}

function byFile(hunks: readonly DiffHunk[]): Map<number, DiffHunk[]> {
  return Map.groupBy(hunks, ({ path }) => Number(path));
}

/** Both start from the file as it landed: `hunk` leads to the earlier text, `since` to the later one. */
function fateOf(hunk: DiffHunk, since: readonly DiffHunk[]): Fate {
  if (since.some((later) => undoes(hunk, later))) return 'undone';
  const [from, to] = range(hunk);
  const isTouched = since.some((later) => {
    const [laterFrom, laterTo] = range(later);
    // Lines inserted right beside existing ones leave these as they are; if lines were deleted, there is only that one place.
    return from === to ? laterFrom <= to && laterTo >= from : laterFrom < to && laterTo > from;
  });
  return isTouched ? 'edited' : 'intact';
}

function undoes(hunk: DiffHunk, later: DiffHunk): boolean {
  const [from, to] = range(hunk);
  const [laterFrom, laterTo] = range(later);
  if (from < laterFrom || to > laterTo) return false;
  if (hunk.added.length === 0) return later.added.length === 0;
  return later.added.some((_, at) => hunk.added.every((line, i) => later.added[at + i] === line));
}

/** Half-open, in lines counted from 0. */
function range({ line, count }: DiffHunk): readonly [number, number] {
  return count === 0 ? [line, line] : [line - 1, line - 1 + count];
}

/** A change and all versions that its file had later. */
export interface Course {
  readonly before: Entry;
  readonly after: Entry;
  readonly versions: readonly Entry[];
}

/** So few are all compared, which costs less than reading them first. */
const FEW = 4;

/**
 * Of each course the versions in which lines of its change came or went, by their number; the last one always. A file that everybody
 * writes to has a thousand versions, of which a handful has to do with the change.
 */
export async function tellingVersions(git: Git, courses: readonly Course[]): Promise<number[][]> {
  const long = courses.filter(({ versions }) => versions.length > FEW);
  const sides = await readBlobs(
    git,
    long.flatMap(({ before, after }) => [before, after].flatMap(idsOf)),
  );
  const watched = long.map((course) => watchedLines(course, sides));
  const states = await linesAt(
    git,
    long.map(({ versions }, i) => ({ entries: versions, lines: watched[i] ?? [] })),
  );
  const stateOf = new Map(long.map((course, i) => [course, watched[i]?.length === 0 ? undefined : states[i]]));
  return courses.map((course) => {
    const all = course.versions.map((_, i) => i);
    const known = stateOf.get(course);
    if (known === undefined) return all;
    let last: string | null = '';
    return all.filter((i) => {
      const now = known[i] ?? null;
      const isTelling = now !== last || i === all.length - 1;
      last = now;
      return isTelling;
    });
  });
}

/** Lines that only one side of a change has; none: braces and empty lines, which come and go everywhere, or it is not known. */
function watchedLines({ before, after }: Course, blobs: ReadonlyMap<string, Buffer>): string[] {
  const [from, to] = [before, after].map((entry) => blobs.get(blobOf(entry) ?? '')?.toString('latin1'));
  if (from === undefined || to === undefined) return [];
  return [...differing(from, to), ...differing(to, from)];
}

function differing(one: string, other: string): string[] {
  const known = new Set(other.split('\n'));
  return [...new Set(one.split('\n'))].filter((line) => /\w/.test(line) && !known.has(line));
}
