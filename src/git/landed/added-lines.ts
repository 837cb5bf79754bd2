import { readBlobs } from '../objects/blobs.ts';
import { blobOf, type Entry, type EntryChange } from '../objects/entries.ts';
import type { RawPath } from '../worktree/working-changes.ts';
import { idsOf, linesAt } from './lines-at.ts';
import type { Grounds, Trial, Wanted } from './trial-pairs.ts';

/** A file of more versions than these is only examined if the other files leave a doubt. */
const FEW_VERSIONS = 8;

/** A change of some work, and the places whose commits may have it. */
interface Question {
  readonly wanted: Wanted;
  readonly change: EntryChange;
  readonly places: readonly number[];
}

/** The trials that are left, and the work that lines can decide: not deletions alone, nor binary files. */
export interface WithLines {
  readonly trials: readonly Trial[];
  readonly told: ReadonlySet<Wanted>;
}

/**
 * Those trials in which every line that the work added is in the file of the chain's commit: elsewhere merging would add it. Reading
 * a file is cheaper than a merge by far.
 */
export async function withAddedLines(grounds: Grounds, trials: readonly Trial[]): Promise<WithLines> {
  const { history } = grounds;
  const told = new Set<Wanted>();
  const isCalm = (path: RawPath): boolean => history.count(path) < FEW_VERSIONS;
  const calm = await checked(grounds, trials, isCalm, told);
  return { trials: await checked(grounds, calm, (path) => !isCalm(path), told), told };
}

async function checked(
  { scratch, history, signal }: Grounds,
  trials: readonly Trial[],
  isAsked: (path: RawPath) => boolean,
  told: Set<Wanted>,
): Promise<readonly Trial[]> {
  const byWork = Map.groupBy(
    trials.filter(({ wanted }) => wanted.base !== null),
    ({ wanted }) => wanted,
  );
  const open = [...byWork].flatMap(([wanted, of]) =>
    wanted.changes
      .filter(({ path, after }) => isAsked(path) && blobOf(after) !== null)
      .map((change): Question => ({ wanted, change, places: of.map(({ place }) => place) })),
  );
  if (open.length === 0) return trials;
  const run = signal === undefined ? {} : { signal };
  const sides = open.flatMap(({ wanted, change: { before, after } }) => [after, ...sourcesOf(wanted, before)].flatMap(idsOf));
  const text = textsOf(await readBlobs(scratch.git, sides, run));
  const added = open.map(({ wanted, change }) => addedLines(wanted, change, text));
  open.forEach(({ wanted }, i) => {
    if (added[i]?.length !== 0) told.add(wanted);
  });
  const versions = open.map(({ change, places }, i) =>
    added[i]?.length === 0 ? [] : history.since(change.path, Math.max(...places)),
  );
  const lines = await linesAt(
    scratch.git,
    versions.map((list, i) => ({ entries: list.map(({ entry }) => entry), lines: added[i] ?? [] })),
    run,
  );
  // By work and path, the files that lack a line of it.
  const lacking = new Map<Wanted, Map<RawPath, Set<Entry>>>();
  open.forEach(({ wanted, change }, i) => {
    const without = (versions[i] ?? []).flatMap(({ entry }, n) =>
      blobOf(entry) !== null && entry !== change.after && lines[i]?.[n]?.includes('0') === true ? [entry] : [],
    );
    if (without.length === 0) return;
    const paths = lacking.get(wanted) ?? new Map<RawPath, Set<Entry>>();
    lacking.set(wanted, paths.set(change.path, new Set(without)));
  });
  return trials.filter(({ wanted, place }) => {
    const paths = lacking.get(wanted);
    if (paths === undefined) return true;
    for (const [path, entries] of paths) if (entries.has(history.at(path, place))) return false;
    return true;
  });
}

/** The origin of a file. A text that the work deletes may be in another of its files: a rename. */
function sourcesOf(wanted: Wanted, before: Entry): Entry[] {
  return [before, ...wanted.changes.flatMap((change) => (change.after === '' ? [change.before] : []))].filter(
    (entry) => entry !== '',
  );
}

/** Contents; null if they are not known. */
function textsOf(blobs: ReadonlyMap<string, Buffer>): (entry: Entry) => string | null {
  const texts = new Map<string, string>();
  return (entry) => {
    const id = blobOf(entry);
    const blob = id === null ? undefined : blobs.get(id);
    if (id === null || blob === undefined) return null;
    const known = texts.get(id) ?? blob.toString('latin1');
    texts.set(id, known);
    return known;
  };
}

/** None if that is unknown. */
function addedLines(wanted: Wanted, { before, after }: EntryChange, text: (entry: Entry) => string | null): string[] {
  const to = text(after);
  const from = sourcesOf(wanted, before).map(text);
  if (to === null || from.includes(null)) return [];
  const old = new Set(from.flatMap((content) => content?.split('\n') ?? []));
  return [...new Set(to.split('\n').filter((line) => line !== '' && !old.has(line)))];
}
