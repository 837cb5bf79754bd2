import { readBlobs } from '../objects/blobs.ts';
import { blobOf, type Entry, type EntryChange } from '../objects/entries.ts';
import type { Git } from '../spawn/git-in.ts';
import type { Ancestry } from './ancestry.ts';
import type { ChainHistory, Version } from './chain-history.ts';
import { laterVersions } from './later-versions.ts';
import { type Edited, isTakenBack, type Place, placesOf, tellingVersions } from './undone-hunks.ts';

/** A change that is in the target's history. */
export interface LandedChange {
  readonly changes: readonly EntryChange[];
  /** Place of the chain from which on the target has it; what was before is not looked at. */
  readonly place: number;
}

/** One file of a landed change, and what became of it in the target, the oldest first. */
interface Trace {
  readonly at: number;
  readonly change: EntryChange;
  /** When it was last exactly as before or after the change, it was as before. */
  readonly isBack: boolean;
  /** The files that it was since then. */
  readonly rest: readonly Entry[];
}

/**
 * Whether the target took a change back, wholly or in part, at any time since it landed, whatever was done there afterwards: a path was
 * again as it was before; a file that the change added was gone, under every name; or, within a file that was edited since, what the
 * change did at a place was undone. A place where the change stands again as it came counts as brought back. What was only edited
 * again is not taken back.
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
  const telling = await tellingVersions(git, courses);
  const edited = courses.flatMap(({ before, after, versions }, i) =>
    (telling[i] ?? []).map((n): Edited & { readonly of: number } => ({ of: i, before, after, later: versions[n] ?? '' })),
  );
  const places = await placesOf(git, edited);
  const fates = new Map<number, readonly Place[]>();
  edited.forEach(({ of }, i) => {
    const start = traces[of]?.isBack === true ? 'undone' : 'intact';
    const known = fates.get(of);
    const now = places[i] ?? [];
    // An edit of what is back, or of what stands, changes nothing about that.
    const next = now.map((place, n): Place => (place.fate === 'edited' ? { ...place, fate: known?.[n]?.fate ?? start } : place));
    fates.set(of, next);
  });
  return traces.map(({ isBack }, i) => {
    const last = fates.get(i) ?? [];
    return returned[i] === true || (last.length === 0 ? isBack : isTakenBack(last));
  });
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
