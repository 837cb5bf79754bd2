import { readBlobs } from '../objects/blobs.ts';
import { blobOf, type Entry, type EntryChange } from '../objects/entries.ts';
import type { RawPath } from '../worktree/working-changes.ts';
import type { Grounds, Trial, Wanted } from './trial-pairs.ts';

/** A file of more versions than these is only looked at where the other files leave a doubt. */
const FEW_VERSIONS = 8;

/** A change of some work, and what one commit has at its path. */
type Question = readonly [wanted: Wanted, change: EntryChange, there: Entry];

/**
 * Those trials where every line that the work added stands in the file of the chain's commit: elsewhere merging would add it. Reading
 * a file is cheaper than a merge by far.
 */
export async function withAddedLines(grounds: Grounds, trials: readonly Trial[]): Promise<Trial[]> {
  const { history } = grounds;
  const wanted = [...new Set(trials.map((trial) => trial.wanted))];
  const calm = new Map<RawPath, Entry[] | null>();
  for (const { changes } of wanted) for (const { path } of changes) calm.set(path, history.versions(path, FEW_VERSIONS));
  const first = wanted.flatMap((one) =>
    one.changes.flatMap((change) => (calm.get(change.path) ?? []).map((there): Question => [one, change, there])),
  );
  const likely = await checked(grounds, trials, first);
  const isHot = ({ path }: EntryChange): boolean => calm.get(path) === null;
  const rest = likely.flatMap(({ wanted: one, place }) =>
    one.changes.filter(isHot).map((change): Question => [one, change, history.at(change.path, place)]),
  );
  return checked(grounds, likely, rest);
}

async function checked(
  { scratch, history, signal }: Grounds,
  trials: readonly Trial[],
  questions: readonly Question[],
): Promise<Trial[]> {
  const open = questions.filter(
    ([wanted, { after }, there]) => wanted.base !== null && there !== after && blobOf(there) !== null && blobOf(after) !== null,
  );
  if (open.length === 0) return [...trials];
  const ids = new Set(
    open.flatMap(([wanted, { before, after }, there]) => [there, after, ...sourcesOf(wanted, before)].map(blobOf)),
  );
  const blobs = await readBlobs(
    scratch.git,
    [...ids].filter((id) => id !== null),
    signal === undefined ? {} : { signal },
  );
  const text = textsOf(blobs);
  // By work and path, what lacks a line of it.
  const lacking = new Map<Wanted, Map<RawPath, Set<Entry>>>();
  const lines = new Map<EntryChange, readonly string[]>();
  for (const [wanted, change, there] of open) {
    const now = text(there);
    const added = lines.get(change) ?? addedLines(wanted, change, text);
    lines.set(change, added);
    if (now === null || added.every((line) => now.includes(`\n${line}\n`))) continue;
    const paths = lacking.get(wanted) ?? new Map<RawPath, Set<Entry>>();
    lacking.set(wanted, paths.set(change.path, (paths.get(change.path) ?? new Set()).add(there)));
  }
  return trials.filter(({ wanted, place }) => {
    const paths = lacking.get(wanted);
    if (paths === undefined) return true;
    for (const [path, entries] of paths) if (entries.has(history.at(path, place))) return false;
    return true;
  });
}

/** What a file was made from. What the work deletes may stand in another of its files: a rename. */
function sourcesOf(wanted: Wanted, before: Entry): Entry[] {
  return [before, ...wanted.changes.flatMap((change) => (change.after === '' ? [change.before] : []))].filter(
    (entry) => entry !== '',
  );
}

/** Contents between line ends, so that a whole line can be looked for; null where they are not known. */
function textsOf(blobs: ReadonlyMap<string, Buffer>): (entry: Entry) => string | null {
  const texts = new Map<string, string>();
  return (entry) => {
    const id = blobOf(entry);
    const blob = id === null ? undefined : blobs.get(id);
    if (id === null || blob === undefined) return null;
    const known = texts.get(id) ?? `\n${blob.toString('latin1')}\n`;
    texts.set(id, known);
    return known;
  };
}

/** None where it cannot be told. */
function addedLines(wanted: Wanted, { before, after }: EntryChange, text: (entry: Entry) => string | null): string[] {
  const to = text(after);
  const from = sourcesOf(wanted, before).map(text);
  if (to === null || from.includes(null)) return [];
  const old = new Set(from.flatMap((content) => content?.split('\n') ?? []));
  return to.split('\n').filter((line) => line !== '' && !old.has(line));
}
