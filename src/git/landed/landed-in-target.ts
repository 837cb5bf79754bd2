import type { CommitId } from '../../model/ids.ts';
import { withMergeScratch } from '../merging/merge-scratch.ts';
import { fetchCourses } from '../objects/fetch-missing.ts';
import { type Ancestry, readAncestry } from './ancestry.ts';
import { type Candidate, judge, type Landing, MANY, type Stage, type Verdict } from './judge-landing.ts';

import { type Judgement, rememberedPaths } from './landing-memory.ts';

/**
 * One target's answer for each candidate. A branch is judged at its tip and at the commits with which part of it may have landed before:
 * just before the target was merged into it, and where the target merged it while work on it continued. Reverts of such a
 * part are in neither the tip's difference nor the target.
 */
export function landedInTarget(o: {
  readonly commonDir: string;
  readonly target: CommitId;
  readonly candidates: readonly Candidate[];
  readonly signal?: AbortSignal;
}): Promise<Judgement[]> {
  const { target, candidates } = o;
  const run = o.signal === undefined ? {} : { signal: o.signal };
  return withMergeScratch({ commonDir: o.commonDir, attributesOf: target, drivers: 'plain' }, async (scratch) => {
    const asked = candidates.flatMap(({ tip, start }) => (start === undefined || start === null ? [tip] : [tip, start]));
    // Of many, one will have to be merged.
    if (candidates.length > MANY) scratch.prepare();
    await fetchCourses(
      o.commonDir,
      target,
      candidates.map(({ tip }) => tip),
    );
    const ancestry = await readAncestry(scratch.git, target, asked, run);
    const stages = new Map<string, Stage>();
    for (const candidate of candidates) {
      for (const stage of [whole(candidate), ...partsOf(ancestry, whole(candidate))]) stages.set(keyOf(stage), stage);
    }
    const verdicts = await judge(scratch, ancestry, [...stages.values()], o.signal);
    const byKey = new Map([...stages.keys()].map((key, i) => [key, verdicts[i]?.verdict ?? OPEN]));
    const pathsOf = new Map([...stages.keys()].map((key, i) => [key, verdicts[i]?.paths ?? []]));
    return candidates.map((candidate) => {
      const own = [whole(candidate), ...partsOf(ancestry, whole(candidate))];
      const paths = rememberedPaths(own.flatMap((stage) => pathsOf.get(keyOf(stage)) ?? []));
      return { landing: overall(ancestry, byKey, whole(candidate)), paths };
    });
  });
}

const OPEN: Verdict = { kind: 'open' };

function whole({ tip, start }: Candidate): Stage {
  return { tip, start: start ?? null };
}

function keyOf({ tip, start }: Stage): string {
  return `${tip} ${start ?? ''}`;
}

/** The commits with which parts of it may have landed. */
function partsOf(ancestry: Ancestry, { tip, start }: Stage): Stage[] {
  if (!ancestry.isOwn(tip)) return [];
  const own = start !== null && ancestry.hasOwn(tip, start) ? start : null;
  const { bases, beforeSyncs, fork } = ancestry.work(tip, own);
  const parts = beforeSyncs.map((before): Stage => ({ tip: before, start }));
  for (const base of bases) if (ancestry.wasMerged(base)) parts.push({ tip: base, start: null });
  // Its first commits may be in the target as they are, by a fast-forward.
  if (start !== null && fork !== null && ancestry.isBehind(start, fork)) parts.push({ tip: fork, start });
  return parts;
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
