import type { CommitId } from '../model/ids.ts';
import { type Ancestry, readAncestry } from './ancestry.ts';
import { findContained, type Grounds, type Wanted } from './contained.ts';
import { type EntryChange, entriesOf, entryChanges } from './entries.ts';
import type { Candidate, Landing } from './landed.ts';
import { type Merged, withMergeScratch } from './merge-scratch.ts';
import { type Landed, takenBack } from './reverted.ts';
import { childrenOf } from './synthetic-commits.ts';
import { pathText, type RawPath } from './working-changes.ts';

/** A commit to judge by itself, and where its work starts if that is told. */
interface Stage {
  readonly tip: CommitId;
  readonly start: CommitId | null;
}

/** `blank`: commits of its own, which change nothing against the target's commit that they are built on. */
type Verdict = Landing | { readonly kind: 'blank' };

/** What a verdict hangs on: it stands unless the target took one of these back. */
interface Hanging {
  readonly verdict: Verdict;
  readonly commit: CommitId;
  readonly landed: readonly Landed[];
}

/**
 * One target's answer for each candidate. A branch is judged at its tip and at the commits where part of it may have landed before:
 * just before the target was merged into it, and where the target merged it while it went on. What the target took back of such a
 * part is in neither the tip's difference nor the target.
 */
export function landedInTarget(o: {
  readonly commonDir: string;
  readonly target: CommitId;
  readonly candidates: readonly Candidate[];
  readonly signal?: AbortSignal;
}): Promise<Landing[]> {
  const { target, candidates } = o;
  const run = o.signal === undefined ? {} : { signal: o.signal };
  return withMergeScratch({ commonDir: o.commonDir, attributesOf: target, drivers: 'plain' }, async (scratch) => {
    const asked = candidates.flatMap(({ tip, start }) => (start === undefined || start === null ? [tip] : [tip, start]));
    const [ancestry, entries] = await Promise.all([
      readAncestry(scratch.git, target, asked, run),
      entriesOf(scratch.git, target),
    ]);
    const grounds: Grounds = { scratch, ancestry, entries, ...run };
    const stages = new Map<string, Stage>();
    for (const candidate of candidates) {
      for (const stage of [whole(candidate), ...partsOf(ancestry, whole(candidate))]) stages.set(keyOf(stage), stage);
    }
    const verdicts = await judge(grounds, [...stages.values()]);
    const byKey = new Map([...stages.keys()].map((key, i) => [key, verdicts[i] ?? OPEN]));
    return candidates.map((candidate) => overall(ancestry, byKey, whole(candidate)));
  });
}

const OPEN: Verdict = { kind: 'open' };

function whole({ tip, start }: Candidate): Stage {
  return { tip, start: start ?? null };
}

function keyOf({ tip, start }: Stage): string {
  return `${tip} ${start ?? ''}`;
}

/** Where parts of it may have landed. */
function partsOf(ancestry: Ancestry, { tip, start }: Stage): Stage[] {
  if (!ancestry.isOwn(tip)) return [];
  const own = start !== null && ancestry.isOwn(start) ? start : null;
  const { bases, beforeSyncs, fork } = ancestry.work(tip, own);
  const parts = beforeSyncs.map((before): Stage => ({ tip: before, start }));
  for (const base of bases) if (ancestry.wasMerged(base)) parts.push({ tip: base, start: null });
  // Its first commits may be in the target as they are, by a fast-forward.
  if (start !== null && fork !== null && isBehind(ancestry, start, fork)) parts.push({ tip: fork, start });
  return parts;
}

function isBehind(ancestry: Ancestry, older: CommitId, newer: CommitId): boolean {
  const [from, to] = [ancestry.place(older), ancestry.place(newer)];
  return from !== null && to !== null && from > to;
}

function overall(ancestry: Ancestry, verdicts: ReadonlyMap<string, Verdict>, stage: Stage): Landing {
  const verdict = verdicts.get(keyOf(stage)) ?? OPEN;
  const parts = partsOf(ancestry, stage);
  const reverted = parts.map((part) => verdicts.get(keyOf(part)) ?? OPEN).find(({ kind }) => kind === 'reverted');
  if (verdict.kind === 'blank') {
    // All it has was there before the target was merged into it last.
    const before = ancestry.latest(parts.map(({ tip }) => tip).filter((tip) => ancestry.isOwn(tip)));
    const answers = before.map((tip) => overall(ancestry, verdicts, { tip, start: stage.start }));
    if (reverted !== undefined && reverted.kind === 'reverted') return reverted;
    const worst = WORST_FIRST.flatMap((kind) => answers.find((answer) => answer.kind === kind) ?? []);
    return worst[0] ?? { kind: 'open', ahead: ancestry.work(stage.tip).commits };
  }
  const isLanded = verdict.kind === 'landed' || verdict.kind === 'landed-then-changed';
  return isLanded && reverted?.kind === 'reverted' ? reverted : verdict;
}

const WORST_FIRST: readonly Landing['kind'][] = ['reverted', 'unrelated', 'open', 'landed-then-changed', 'landed', 'empty'];

async function judge(grounds: Grounds, stages: readonly Stage[]): Promise<Verdict[]> {
  const { ancestry, scratch, entries, signal } = grounds;
  const run = signal === undefined ? {} : { signal };
  const inside = stages.map((stage) => (ancestry.isOwn(stage.tip) ? null : inHistory(ancestry, stage)));
  const [outside, dropped] = await Promise.all([
    judgeOwn(
      grounds,
      stages.filter(({ tip }) => ancestry.isOwn(tip)),
    ),
    droppedInMerge(
      grounds,
      stages.filter((_, i) => inside[i] !== null),
    ),
  ]);
  let own = 0;
  const hanging = inside.map((one) => one ?? (outside[own++] as Hanging));
  const landed = hanging.flatMap((one) => one.landed);
  const back = await takenBack(scratch, ancestry.target, entries, landed, run);
  let at = 0;
  let merged = 0;
  return hanging.map(({ verdict, commit, landed: ones }, i): Verdict => {
    const isBack = ones.map(() => back[at++]).includes(true);
    const isDropped = inside[i] !== null && dropped[merged++] === true;
    return isBack || isDropped ? { kind: 'reverted', commit } : verdict;
  });
}

/** A commit that the target has as it is. */
function inHistory(ancestry: Ancestry, { tip, start }: Stage): Hanging {
  const merges = ancestry.mergesOf(tip);
  if (merges !== null) {
    const before = ancestry.parents(merges.inner)[0];
    return {
      verdict: { kind: 'landed', how: 'merged', commit: merges.outer },
      commit: merges.outer,
      landed: before === undefined ? [] : [{ before, after: merges.inner, paths: null }],
    };
  }
  if (start !== null && isBehind(ancestry, start, tip)) {
    const landed = [{ before: start, after: tip, paths: null }];
    return { verdict: { kind: 'landed', how: 'merged', commit: tip }, commit: tip, landed };
  }
  // A branch that was fast-forwarded into the target looks the same as one where nothing was done yet.
  const before = ancestry.parents(tip)[0];
  const isFresh = start === tip || ancestry.place(tip) === 0 || before === undefined;
  return { verdict: { kind: 'empty' }, commit: tip, landed: isFresh ? [] : [{ before, after: tip, paths: null }] };
}

/** Whether the merge that brought a commit in left out what merges by itself (`-s ours`, a file put back). */
async function droppedInMerge({ scratch, ancestry, signal }: Grounds, stages: readonly Stage[]): Promise<boolean[]> {
  const run = signal === undefined ? {} : { signal };
  const merges = stages.flatMap(({ tip }, at) => {
    const inner = ancestry.mergesOf(tip)?.inner;
    const first = inner === undefined ? undefined : ancestry.parents(inner)[0];
    return inner === undefined || first === undefined ? [] : [{ at, tip, inner, first }];
  });
  const again = await scratch.merge(
    merges.map(({ first, tip }) => [first, tip] as const),
    run,
  );
  const others = merges.flatMap((merge, i) => {
    const merged = again[i] ?? null;
    return merged === null || merged.tree === ancestry.tree(merge.inner) ? [] : [{ ...merge, merged }];
  });
  const remade = await childrenOf(
    scratch,
    others.map(({ merged, inner }) => ({ of: merged.tree, parent: inner })),
  );
  const [missing, taken] = await Promise.all([
    entryChanges(
      scratch.git,
      others.map(({ inner }, i) => ({ from: inner, to: remade[i] ?? '' })),
      run,
    ),
    entryChanges(
      scratch.git,
      others.map(({ first, inner }) => ({ from: first, to: inner })),
      run,
    ),
  ]);
  const dropped = stages.map(() => false);
  others.forEach(({ at, merged }, i) => {
    dropped[at] = leavesOut(merged, missing[i] ?? [], taken[i] ?? []);
  });
  return dropped;
}

/** A conflict may be resolved either way, but not all of them the one way that takes nothing. */
function leavesOut(merged: Merged, missing: readonly EntryChange[], taken: readonly EntryChange[]): boolean {
  if (taken.length === 0) return missing.length > 0;
  const paths = new Set(taken.map(({ path }) => path));
  return missing.some(({ path }) => !paths.has(path) && !merged.conflicts.includes(pathText(path)));
}

/** Commits that the target has not. */
async function judgeOwn(grounds: Grounds, stages: readonly Stage[]): Promise<Hanging[]> {
  const { ancestry, scratch, signal } = grounds;
  const works = stages.map(({ tip, start }) => {
    const own = start !== null && ancestry.hasOwn(tip, start) ? start : null;
    const { bases } = ancestry.work(tip);
    return { tip, own, bases, base: own ?? ancestry.mergeBase(bases) };
  });
  const pairs = works.flatMap(({ tip, base, bases }, i) =>
    (base === null ? bases : [base]).map((from) => ({ i, from, to: tip })),
  );
  const lists = await entryChanges(scratch.git, pairs, signal === undefined ? {} : { signal });
  const wanted = works.map(({ tip, own, base, bases }, i): Wanted => {
    const changes = lists.flatMap((list, n) => (pairs[n]?.i === i ? list : []));
    return { tip, base, isOwnBase: own !== null, changes, reach: ancestry.reach(bases) };
  });
  const searched = wanted.filter(({ changes }, i) => changes.length > 0 && works[i]?.bases.length !== 0);
  const found = await findContained(grounds, searched);
  const foundOf = new Map(searched.map((one, i) => [one, found[i]]));
  return wanted.map((one, i): Hanging => {
    const alone = (verdict: Verdict): Hanging => ({ verdict, commit: one.tip, landed: [] });
    const work = works[i];
    if (work === undefined || work.bases.length === 0) return alone({ kind: 'unrelated' });
    if (work.own === one.tip) return alone({ kind: 'empty' });
    if (one.changes.length === 0) return alone({ kind: 'blank' });
    const answer = foundOf.get(one);
    if (answer?.kind === 'tip') return alone({ kind: 'landed', how: 'squashed', commit: null });
    const places = answer?.places ?? [];
    const commit = ancestry.chain[places[0] ?? -1];
    if (commit === undefined) return alone({ kind: 'open', ahead: ancestry.work(one.tip, work.own).commits });
    return { verdict: { kind: 'landed-then-changed', commit }, commit, landed: landings(ancestry, one, places) };
  });
}

/** Each time it came, and, because it may have come and gone and come in parts, all of it. */
function landings(ancestry: Ancestry, { tip, base, changes }: Wanted, places: readonly number[]): Landed[] {
  const paths = new Set<RawPath>(changes.map(({ path }) => path));
  const times = places.flatMap((place): Landed[] => {
    const after = ancestry.chain[place];
    const before = after === undefined ? undefined : ancestry.parents(after)[0];
    return after === undefined || before === undefined ? [] : [{ before, after, paths }];
  });
  return base === null ? times : [...times, { before: base, after: tip, paths }];
}
