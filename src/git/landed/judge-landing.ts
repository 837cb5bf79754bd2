import type { CommitId } from '../../model/ids.ts';
import type { MergeScratch } from '../merging/merge-scratch.ts';
import { type Entry, type EntryChange, entryChanges } from '../objects/entries.ts';
import type { CommitPair } from '../objects/file-changes.ts';
import type { RawPath } from '../worktree/working-changes.ts';
import type { Ancestry } from './ancestry.ts';
import { chainHistory, chainSteps } from './chain-history.ts';
import { droppedInMerges, type MergedWork } from './dropped-in-merge.ts';
import { type Found, findContained } from './find-contained.ts';
import { type LandedChange, takenBack } from './taken-back.ts';
import type { Wanted } from './trial-pairs.ts';

export interface Candidate {
  readonly tip: CommitId;
  /** The start of its own work, for a variant that was built on another's. Null: where it left the target. */
  readonly start?: CommitId | null;
}

/** What became of a branch, as seen from its target. Work that is not surely there counts as not there. */
export type Landing =
  /** No commits of its own. A fast-forwarded branch without a known start looks so too. */
  | { readonly kind: 'empty' }
  /** The target has all of it now. `commit`: the target's commit that brought it in, where known. */
  | { readonly kind: 'landed'; readonly how: 'merged' | 'squashed'; readonly commit: CommitId | null }
  /** The target had all of it from `commit` on, and edited it since. */
  | { readonly kind: 'landed-then-changed'; readonly commit: CommitId }
  /** It came in by `commit`, and the target took it back, wholly or in part: kept unless named. */
  | { readonly kind: 'reverted'; readonly commit: CommitId }
  /** `ahead`: how many commits of its own. */
  | { readonly kind: 'open'; readonly ahead?: number }
  /** No history in common. */
  | { readonly kind: 'unrelated' };

/** A commit to judge by itself, and the start of its work, if given. */
export interface Stage {
  readonly tip: CommitId;
  readonly start: CommitId | null;
}

/** `blank`: commits of its own, which change nothing against the target's commit that they are built on. */
export type Verdict = Landing | { readonly kind: 'blank' };

/** A verdict and the paths that it hangs on. */
export interface Judged {
  readonly verdict: Verdict;
  readonly paths: readonly RawPath[];
}

/** A commit that the target has not. */
interface Outside {
  readonly kind: 'outside';
  readonly tip: CommitId;
  /** The start, if the target does not have that either. */
  readonly own: CommitId | null;
  readonly bases: readonly CommitId[];
  /** Null: several. */
  readonly base: CommitId | null;
  readonly diffs: readonly CommitPair[];
}

/** A commit that the target has as it is. */
interface Inside {
  readonly kind: 'inside';
  /** Unless the target took it back. */
  readonly verdict: Landing;
  readonly commit: CommitId;
  /** Its changes, if known; then, for a merge, the changes that it was meant to bring. */
  readonly diffs: readonly CommitPair[];
  readonly merge: { readonly before: CommitId; readonly merge: CommitId; readonly tip: CommitId } | null;
}

/** More branches than these are asked about in a few large questions rather than in small ones that build on each other. */
export const MANY = 12;

/** Judges each commit by itself; the facts they depend on are asked of git for all of them at once. */
export async function judge(
  scratch: MergeScratch,
  ancestry: Ancestry,
  stages: readonly Stage[],
  signal?: AbortSignal,
): Promise<Judged[]> {
  const run = signal === undefined ? {} : { signal };
  const plans = stages.map((stage) => (ancestry.isOwn(stage.tip) ? outside(ancestry, stage) : inside(ancestry, stage)));
  const reach = Math.max(0, ...plans.map((plan) => reachOf(ancestry, plan)));
  const diffs = plans.flatMap((plan) => plan.diffs);
  const chain = chainSteps(ancestry, reach);
  // Many branches touch so many paths that git gains nothing from knowing them: all in one question.
  const isAll = plans.length > MANY;
  const answered = await entryChanges(scratch.git, isAll ? [...diffs, ...chain] : diffs, run);
  let next = 0;
  const lists = plans.map((plan) => plan.diffs.map(() => answered[next++] ?? []));
  const wanted = plans.map((plan, i) => (plan.kind === 'outside' ? wantedOf(ancestry, plan, lists[i] ?? []) : null));
  const brought = plans.map((plan, i) => (plan.kind === 'inside' ? (lists[i]?.[0] ?? []) : []));

  const paths = new Set([...wanted.flatMap((one) => one?.changes ?? []), ...brought.flat()].map(({ path }) => path));
  const steps = paths.size === 0 ? [] : chain;
  const history = await chainHistory({
    git: scratch.git,
    target: ancestry.target,
    chain: steps,
    changesOf: async (some) => (isAll ? answered.slice(diffs.length) : entryChanges(scratch.git, steps, { paths: some, ...run })),
    paths,
    unchanged: unchangedPaths(ancestry, wanted, plans, brought),
  });
  const searched = wanted.flatMap((one) => (one === null || one.changes.length === 0 || one.reach === 0 ? [] : [one]));
  const merged = plans.flatMap((plan, i): MergedWork[] => {
    if (plan.kind === 'outside' || plan.merge === null) return [];
    const [taken = [], work = null] = lists[i] ?? [];
    return [{ ...plan.merge, taken, work }];
  });
  const [found, dropped] = await Promise.all([
    findContained({ scratch, ancestry, history, ...run }, searched),
    droppedInMerges(scratch, ancestry, merged, run),
  ]);
  const foundOf = new Map(searched.map((one, i) => [one, found[i]]));
  const isDropped = new Map(merged.map(({ tip }, i) => [tip, dropped[i] === true]));

  const judged = plans.map((plan, i): { verdict: Verdict; commit: CommitId; landed: readonly LandedChange[] } => {
    if (plan.kind === 'inside') {
      const place = ancestry.place(plan.commit);
      return { ...plan, landed: place === null ? [] : [{ changes: brought[i] ?? [], place }] };
    }
    const work = wanted[i];
    const answer = work === null || work === undefined ? undefined : foundOf.get(work);
    const landed = work === null || work === undefined ? [] : landings(history.at.bind(history), work, answer);
    return { ...verdictOf(ancestry, plan, work?.changes ?? [], answer), landed };
  });
  const all = judged.flatMap(({ landed }) => landed);
  const back = await takenBack(scratch.git, ancestry, history, all);
  let at = 0;
  return judged.map(({ verdict, commit, landed }, i): Judged => {
    const isBack = landed.map(() => back[at++]).includes(true);
    const isOut = plans[i]?.kind === 'inside' && isDropped.get(stages[i]?.tip ?? '') === true;
    const own = (lists[i] ?? []).flat().map(({ path }) => path);
    return { verdict: isBack || isOut ? { kind: 'reverted', commit } : verdict, paths: [...own, ...history.moved] };
  });
}

function outside(ancestry: Ancestry, { tip, start }: Stage): Outside {
  const own = start !== null && ancestry.hasOwn(tip, start) ? start : null;
  const { bases } = ancestry.work(tip);
  const base = own ?? ancestry.mergeBase(bases);
  return { kind: 'outside', tip, own, bases, base, diffs: (base === null ? bases : [base]).map((from) => ({ from, to: tip })) };
}

function inside(ancestry: Ancestry, { tip, start }: Stage): Inside {
  const merges = ancestry.mergesOf(tip);
  if (merges !== null) {
    const before = ancestry.parents(merges.inner)[0];
    const verdict: Landing = { kind: 'landed', how: 'merged', commit: merges.outer };
    if (before === undefined) return { kind: 'inside', verdict, commit: merges.outer, diffs: [], merge: null };
    const bases = merges.inner === merges.outer ? ancestry.basesOfMerged(tip) : null;
    const work = bases?.length === 1 ? bases.map((from) => ({ from, to: tip })) : [];
    const diffs = [{ from: before, to: merges.inner }, ...work];
    return { kind: 'inside', verdict, commit: merges.outer, diffs, merge: { before, merge: merges.inner, tip } };
  }
  if (start !== null && ancestry.isBehind(start, tip)) {
    const verdict: Landing = { kind: 'landed', how: 'merged', commit: tip };
    return { kind: 'inside', verdict, commit: tip, diffs: [{ from: start, to: tip }], merge: null };
  }
  // A branch that was fast-forwarded into the target looks the same as one where nothing was done yet.
  const before = ancestry.parents(tip)[0];
  const isFresh = start === tip || ancestry.place(tip) === 0 || before === undefined;
  return {
    kind: 'inside',
    verdict: { kind: 'empty' },
    commit: tip,
    diffs: isFresh ? [] : [{ from: before, to: tip }],
    merge: null,
  };
}

function wantedOf(ancestry: Ancestry, plan: Outside, lists: readonly (readonly EntryChange[])[]): Wanted {
  const { tip, base, own } = plan;
  return { tip, base, isOwnBase: own !== null, changes: lists.flat(), reach: reachOf(ancestry, plan) };
}

/** How many commits of the chain have to do with it. */
function reachOf(ancestry: Ancestry, plan: Outside | Inside): number {
  if (plan.kind === 'inside') return plan.diffs.length === 0 ? 0 : (ancestry.place(plan.commit) ?? 0);
  return plan.bases.length === 0 ? 0 : ancestry.reach(plan.bases);
}

/** The target's versions of paths that its chain did not change since. */
function unchangedPaths(
  ancestry: Ancestry,
  wanted: readonly (Wanted | null)[],
  plans: readonly (Outside | Inside)[],
  brought: readonly (readonly EntryChange[])[],
): Map<RawPath, Entry> {
  const unchanged = new Map<RawPath, Entry>();
  for (const one of wanted) {
    if (one === null || one.base === null || ancestry.place(one.base) === null) continue;
    for (const { path, before } of one.changes) unchanged.set(path, before);
  }
  plans.forEach(({ diffs }, i) => {
    if (ancestry.place(diffs[0]?.to ?? '') === null) return;
    for (const { path, after } of brought[i] ?? []) unchanged.set(path, after);
  });
  return unchanged;
}

function verdictOf(
  ancestry: Ancestry,
  { tip, own, bases }: Outside,
  changes: readonly EntryChange[],
  found: Found | undefined,
): { readonly verdict: Verdict; readonly commit: CommitId } {
  const said = (verdict: Verdict, commit = tip): { verdict: Verdict; commit: CommitId } => ({ verdict, commit });
  if (bases.length === 0) return said({ kind: 'unrelated' });
  if (own === tip) return said({ kind: 'empty' });
  if (changes.length === 0) return said({ kind: 'blank' });
  if (found?.kind === 'tip') return said({ kind: 'landed', how: 'squashed', commit: null });
  const commit = ancestry.chain[found?.places[0] ?? -1];
  if (commit === undefined) return said({ kind: 'open', ahead: ancestry.work(tip, own).commits });
  return said({ kind: 'landed-then-changed', commit }, commit);
}

/** Each time it came, and, because it may have come in parts, all of it. Anything before its last arrival no longer counts. */
function landings(
  at: (path: RawPath, place: number) => Entry,
  { base, changes }: Wanted,
  found: Found | undefined,
): LandedChange[] {
  if (found?.kind !== 'history') return [];
  const [last] = found.places;
  if (last === undefined) return [];
  const times = found.places.map((place): LandedChange => {
    const steps = changes.map(({ path }) => ({ path, before: at(path, place + 1), after: at(path, place) }));
    return { changes: steps.filter(({ before, after }) => before !== after), place: last };
  });
  return base === null ? times : [...times, { changes, place: last }];
}
