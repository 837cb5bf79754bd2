import { readBlobs } from './blobs.ts';
import type { Grounds, Trial, Wanted } from './contained.ts';
import { blobOf, type Entry } from './entries.ts';
import type { RawPath } from './working-changes.ts';

/** A file of more versions than these is only looked at where the other files leave a doubt. */
const FEW_VERSIONS = 8;

/**
 * Those trials where every line that the work added stands in the file of the chain's commit: elsewhere merging would add it. Reading
 * a file is cheaper than a merge by far.
 */
export async function withAddedLines(grounds: Grounds, trials: readonly Trial[]): Promise<Trial[]> {
  if (trials.length === 0) return [];
  const versions = new Map<RawPath, Set<Entry>>();
  for (const { wanted, at } of trials) {
    for (const { path } of wanted.changes) versions.set(path, (versions.get(path) ?? new Set()).add(at(path)));
  }
  const isCalm = (path: RawPath): boolean => (versions.get(path)?.size ?? 0) <= FEW_VERSIONS;
  const likely = await checked(grounds, trials, isCalm);
  return checked(grounds, likely, (path) => !isCalm(path));
}

async function checked(
  { scratch, signal }: Grounds,
  trials: readonly Trial[],
  isAsked: (path: RawPath) => boolean,
): Promise<Trial[]> {
  const ids = new Set<string>();
  const need = (entry: Entry): void => {
    const id = blobOf(entry);
    if (id !== null) ids.add(id);
  };
  for (const { wanted, at } of trials) {
    if (wanted.base === null) continue;
    let isNeeded = false;
    for (const { path, before, after } of wanted.changes) {
      const now = at(path);
      if (!isAsked(path) || now === after || blobOf(now) === null || blobOf(after) === null) continue;
      isNeeded = true;
      for (const entry of [now, before, after]) need(entry);
    }
    // What it deletes may stand in another file of its own: a rename.
    if (isNeeded) for (const { before, after } of wanted.changes) if (after === '') need(before);
  }
  if (ids.size === 0) return [...trials];
  const blobs = await readBlobs(scratch.git, ids, signal === undefined ? {} : { signal });
  const text = textsOf(blobs);
  const added = new Map<Wanted, Map<RawPath, readonly string[]>>();
  const answers = new Map<Wanted, Map<string, boolean>>();
  const has = (wanted: Wanted, { path, before, after }: Wanted['changes'][number], now: Entry): boolean => {
    const there = text(now);
    if (there === null) return true;
    const known = at(answers, wanted).get(`${now} ${path}`);
    if (known !== undefined) return known;
    const lines = at(added, wanted).get(path) ?? addedLines(wanted, before, after, text);
    at(added, wanted).set(path, lines);
    const answer = lines.every((line) => there.includes(`\n${line}\n`));
    at(answers, wanted).set(`${now} ${path}`, answer);
    return answer;
  };
  return trials.filter(
    ({ wanted, at: entryAt }) =>
      wanted.base === null ||
      wanted.changes.every((change) => {
        const now = entryAt(change.path);
        return !isAsked(change.path) || now === change.after || has(wanted, change, now);
      }),
  );
}

function at<V>(maps: Map<Wanted, Map<string, V>>, wanted: Wanted): Map<string, V> {
  const map = maps.get(wanted) ?? new Map<string, V>();
  maps.set(wanted, map);
  return map;
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
function addedLines(wanted: Wanted, before: Entry, after: Entry, text: (entry: Entry) => string | null): string[] {
  const to = text(after);
  const sources = [before, ...wanted.changes.filter((change) => change.after === '').map((change) => change.before)];
  const from = sources.filter((entry) => entry !== '').map(text);
  if (to === null || from.includes(null)) return [];
  const old = new Set(from.flatMap((content) => content?.split('\n') ?? []));
  return to.split('\n').filter((line) => line !== '' && !old.has(line));
}
