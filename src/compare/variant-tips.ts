import { knownCommits } from '../git/objects/known-objects.ts';
import { ownBases, ownQuestion, tipsOfTarget } from '../git/objects/own-base.ts';
import { listRefs } from '../git/refs/refs.ts';
import { type Git, gitIn } from '../git/spawn/git-in.ts';
import type { Repository } from '../git/spawn/repository.ts';
import type { CommitId, RefName } from '../model/ids.ts';
import type { VariantState } from '../model/run-state/state.ts';
import { type Compared, type CompareTarget, comparedOf } from './compare-target.ts';

/** A variant's start and its tip now, as far as git still knows them. */
export interface Tip {
  readonly start: CommitId | null;
  readonly tip: CommitId | null;
  /** What its own work is measured from: its start, unless it has merged in what the target or a need got since. */
  readonly from: CommitId | null;
  /** Own commits; null: what the run counted holds, or nothing is known. */
  readonly commits: number | null;
  readonly notes: readonly string[];
}

/** Refs, which of the wanted commits still exist, and what else has come into their history: two git processes or few more for all. */
export async function tipsOf(
  git: Git,
  commonDir: string,
  compared: readonly Compared[],
): Promise<{ readonly refs: Map<RefName, CommitId>; readonly tips: readonly Tip[] }> {
  const refs = await listRefs(git);
  const wanted = compared.map(({ target, variant }) => {
    const branch = refs.get(`refs/heads/${variant.branch}`) ?? null;
    const recorded = variant.commit?.commit ?? null;
    const parked = variant.commit?.parked ?? null;
    const start = variant.created?.start ?? null;
    const removed = variant.removed !== null && branch === null ? variant.removed : null;
    return {
      start,
      removed,
      tip: (parked === null ? branch : recorded) ?? recorded,
      branch,
      parked,
      started: variant.created !== null,
      others: othersOf(target, variant, refs),
    };
  });
  const known = await knownCommits(
    git,
    wanted.flatMap(({ start, tip, others }, index) => [start, tip, ...others, compared[index]?.variant.landed?.from ?? null]),
  );
  const found = wanted.map(({ start, removed, tip, branch, parked, started }, index) => {
    const name = compared[index]?.variant.branch ?? '';
    const notes = [
      ...(removed === null
        ? []
        : [
            removed.purged
              ? 'It was removed, and its files are deleted.'
              : `It was removed. Restore it: copse undo ${removed.operation}`,
          ]),
      ...(started && branch === null && removed === null ? [`Its branch ${name} is gone.`] : []),
      ...(parked === null ? [] : [`Its work is parked at ${parked}.`]),
      ...(tip !== null && !known.has(tip) ? ['Its commits are gone.'] : []),
    ];
    return {
      start: start !== null && known.has(start) ? start : null,
      // A variant that committed nothing is at its start.
      tip: tip !== null && known.has(tip) ? tip : tip === null && start !== null && known.has(start) ? start : null,
      notes,
    };
  });
  const placed = found.flatMap(({ start, tip }, index) => {
    const one = compared[index];
    if (start === null || tip === null || one === undefined) return [];
    const others = (wanted[index]?.others ?? []).filter((commit) => known.has(commit));
    const { variant } = one;
    const landed = variant.landed?.from !== undefined && known.has(variant.landed.from) ? variant.landed : null;
    const question = ownQuestion({ ...variant, landed }, { start, tip, others, target: one.target.state.target });
    return [{ index, question }];
  });
  const bases = await ownBases(
    git,
    commonDir,
    placed.map(({ question }) => question),
  );
  const baseAt = new Map(placed.map(({ index }, at) => [index, bases[at]]));
  const tips = found.map((one, index): Tip => {
    const { from = null, commits = null } = baseAt.get(index) ?? {};
    return { ...one, from, commits };
  });
  return { refs, tips };
}

/** Tips whose commits are not the variant's own: of the target and of what it needs. */
function othersOf({ state }: CompareTarget, { needs }: VariantState, refs: ReadonlyMap<RefName, CommitId>): CommitId[] {
  const tips: (CommitId | undefined)[] = tipsOfTarget(state.target, refs);
  for (const { name, branch, commit } of state.variants) {
    if (needs.includes(name)) tips.push(refs.get(`refs/heads/${branch}`), commit?.commit);
  }
  return [...new Set(tips)].filter((tip) => tip !== undefined);
}

/** Starts and tips of all variants of the targets, in order. */
export async function tipsFor(repository: Repository, targets: readonly CompareTarget[]): Promise<readonly Tip[]> {
  const { tips } = await tipsOf(gitIn(repository.root, { reads: true }), repository.commonDir, comparedOf(targets));
  return tips;
}
