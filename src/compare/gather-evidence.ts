import type { CheckedVariant } from '../checks/check-variants.ts';
import { stillBeside } from '../git/beside/still-beside.ts';
import type { PairConflict, Side } from '../git/merging/pair-conflicts.ts';
import { fileChanges, sumOfChanges } from '../git/objects/file-changes.ts';
import { hunksOf } from '../git/objects/hunks.ts';
import { behindRemote } from '../git/refs/behind-remote.ts';
import { type Git, gitIn } from '../git/spawn/git-in.ts';
import type { Repository } from '../git/spawn/repository.ts';
import { besideNotes } from '../model/evidence/beside-words.ts';
import { withBestMetrics } from '../model/evidence/metric-places.ts';
import { type Criterion, rank } from '../model/evidence/rank.ts';
import type { CommitId, Instant } from '../model/ids.ts';
import type { Changes } from '../model/outcome.ts';
import type { ChecksFrom } from '../model/reports/check-changes.ts';
import type { Evidence, FileChange, JudgeEvidence, VariantEvidence, VoteEvidence } from '../model/reports/evidence.ts';
import type { Vote } from '../model/reports/served-page.ts';
import { isGood, landingOf, variantTotals } from '../model/run-state/run-facts.ts';
import type { VariantState } from '../model/run-state/state.ts';
import { timesOf } from '../model/run-state/worked-ms.ts';
import type { Store } from '../store/layout.ts';
import { readVotes } from '../store/votes.ts';
import { agreement } from './agreement.ts';
import { type Compared, type CompareTarget, comparedOf } from './compare-target.ts';
import { decisionOf, isOther } from './decision-of.ts';
import { knownMerges, type Merges } from './known-merges.ts';
import { uncommittedOf } from './uncommitted-paths.ts';
import { type Tip, tipsOf } from './variant-tips.ts';

export interface GatherOptions {
  readonly repository: Repository;
  readonly store: Store;
  readonly targets: readonly CompareTarget[];
  readonly now: Date;
  readonly order?: readonly Criterion[];
  /** Merges again what is known. */
  readonly fresh: boolean;
  /** Checks and metrics of each variant, in the order of {@link comparedOf}; `files`: the changes of each. */
  readonly checked: (
    compared: readonly Compared[],
    tips: readonly Tip[],
    files: readonly (readonly FileChange[])[],
  ) => Promise<readonly CheckedVariant[]>;
  /** Absent: checks and metrics are those of the runs. */
  readonly checksFrom?: ChecksFrom;
  /** Absent: no judge. */
  readonly judge?: (variants: readonly VariantEvidence[], task: string) => Promise<JudgeEvidence>;
  readonly signal?: AbortSignal;
}

/**
 * Everything there is to know about the variants, without changing a ref, a worktree or an index. A variant that failed, has no
 * worktree or lost its branch has its row with what is known.
 */
export async function gatherEvidence(o: GatherOptions): Promise<Evidence> {
  const { repository, targets } = o;
  const git = gitIn(repository.root, { reads: true });
  const compared = comparedOf(targets);
  // The longest look begins first; it needs nothing of the others.
  const looking = uncommittedOf(repository, compared);
  // Awaited below; earlier failures are reported first.
  looking.catch(() => undefined);
  const { refs, tips } = await tipsOf(git, repository.commonDir, compared);

  const placed = tips.flatMap(({ from, tip }, index) => (from === null || tip === null ? [] : [{ index, from, to: tip }]));
  const placeOf = new Map(placed.map(({ index }, at) => [index, at]));
  const changes = fileChanges(git, placed);
  const branch = targets[0]?.state.target ?? null;
  const target = branch === null ? null : (refs.get(`refs/heads/${branch}`) ?? null);
  const [files, { pairs, merges }, hunks, uncommitted, checked, behind] = await all([
    changes,
    // Git merges while the worktrees are looked at.
    changes.then((found) => mergesOf(o, placed, found, target)).catch((error: unknown) => ifStopped(o, error, NO_MERGES)),
    hunksOf(git, placed),
    looking,
    changes.then((found) =>
      o.checked(
        compared,
        tips,
        compared.map((_, index) => found[placeOf.get(index) ?? -1] ?? []),
      ),
    ),
    branch === null || target === null ? null : behindRemote(git, branch).catch((error: unknown) => ifStopped(o, error, null)),
  ]);
  const votes = new Map(await Promise.all(targets.map(async ({ state: { id } }) => [id, await readVotes(o.store, id)] as const)));
  const variants = withBestMetrics(
    await Promise.all(
      compared.map(async ({ target: of, variant, label }, index): Promise<VariantEvidence> => {
        const tip = tips[index];
        const at = placeOf.get(index);
        const changed: readonly FileChange[] = at === undefined ? [] : (files[at] ?? []);
        const counted = sumOfChanges(changed, tip?.commits ?? 0);
        return {
          ...stateOf(of, variant, label, o.now),
          start: tip?.start ?? null,
          from: tip?.from ?? null,
          tip: tip?.tip ?? null,
          changes: { ...counted, commits: await commitsOf(git, variant, tip, counted) },
          files: changed,
          uncommitted: uncommitted[index] ?? null,
          checks: checked[index]?.checks ?? [],
          metrics: checked[index]?.metrics ?? [],
          votes: votesOf(votes.get(of.state.id) ?? [], variant, tip?.tip ?? null),
          merges: at === undefined ? null : (merges[at] ?? null),
          work: workOf(variant, refs.has(`refs/heads/${variant.branch}`)),
          needs: neededLabels(of, variant, label),
          notes: [
            ...(tip?.notes ?? []),
            ...variant.notes,
            ...(await besideOf(o, variant, tip)),
            ...needsNotes(of, variant),
            ...(checked[index]?.notes ?? []),
          ],
        };
      }),
    ),
  );

  const labelAt = (place: number): string => compared[placed[place]?.index ?? -1]?.label ?? '';
  const [first] = targets;
  const task = first === undefined ? '' : sharedPrompt(first);
  const judge = await judgeOf(o, variants, task);
  const stopped = o.signal?.aborted === true;
  return {
    at: o.now.toISOString() as Instant,
    runs: targets.map(({ state }) => state.id),
    base: first === undefined ? null : first.state.base,
    differingBases: targets.filter(({ state }) => state.base.commit !== first?.state.base.commit).map(({ state }) => state.id),
    target: branch === null ? null : { branch, commit: target, behindRemote: behind },
    task,
    isolation: first?.state.isolation ?? '',
    variants,
    overlap: pairs.map(({ a, b, files: both, conflicts }) => ({ a: labelAt(a), b: labelAt(b), files: both, conflicts })),
    agreement: agreement(withSharedStart(placed, hunks).map(({ place, lines }) => ({ label: labelAt(place), hunks: lines }))),
    ranking: rank(variants, { ...(o.order === undefined ? {} : { order: o.order }), judge }),
    judge,
    decision: await decisionOf(o.store, compared, tips),
    stopped,
    checksFrom: o.checksFrom ?? null,
    notes: untriedNotes(pairs),
  };
}

/** Beyond a bound pairs are not merged; nor if two have no history in common. */
function untriedNotes(pairs: readonly PairConflict[]): string[] {
  const untried = pairs.filter(({ clean }) => clean === null).length;
  return untried === 0
    ? []
    : [
        `${untried} of ${pairs.length} pairs of variants were not tried for conflicts. Compare fewer variants to see all of them.`,
      ];
}

const NO_MERGES: Merges = { pairs: [], merges: [] };

/** A stop is no failure of what it ends. */
function ifStopped<T>({ signal }: GatherOptions, error: unknown, value: T): T {
  if (signal?.aborted !== true) throw error;
  return value;
}

/** Nothing is left at work when one of them fails: a check, say, in a scratch worktree. */
async function all<T extends readonly unknown[]>(work: readonly [...T]): Promise<{ -readonly [P in keyof T]: Awaited<T[P]> }> {
  try {
    return await Promise.all(work);
  } catch (error) {
    await Promise.allSettled(work);
    throw error;
  }
}

async function judgeOf(o: GatherOptions, variants: readonly VariantEvidence[], task: string): Promise<JudgeEvidence | null> {
  if (o.judge === undefined || o.signal?.aborted === true) return null;
  try {
    return await o.judge(variants, task);
  } catch (error) {
    return ifStopped(o, error, null);
  }
}

function mergesOf(
  { repository, store, fresh, targets, ...o }: GatherOptions,
  placed: readonly Placed[],
  files: readonly (readonly FileChange[])[],
  target: CommitId | null,
): Promise<Merges> {
  return knownMerges({
    repository,
    store,
    fresh,
    sides: placed.map(({ to }, at): Side => ({ commit: to, files: files[at] ?? [] })),
    target,
    attributesOf: targets[0]?.state.base.commit ?? null,
    ...(o.signal === undefined ? {} : { signal: o.signal }),
  });
}

function stateOf({ state }: CompareTarget, variant: VariantState, label: string, now: Date) {
  const { phase, attempts } = variant;
  const totals = variantTotals(variant);
  return {
    ref: { run: state.id, variant: variant.name },
    label,
    branch: variant.branch,
    worktree: variant.worktree,
    phase: phase.kind,
    outcome: phase.kind === 'finished' ? phase.outcome : null,
    reason: phase.kind === 'finished' ? phase.reason : '',
    costUsd: totals.costUsd,
    tokens: totals.tokens,
    turns: totals.turns,
    ...timesOf(variant, now),
    model: attempts.at(-1)?.model ?? variant.model,
    summary: attempts.findLast(({ verdict }) => (verdict?.summary ?? '') !== '')?.verdict?.summary ?? '',
  };
}

/** As `copse merge` sees it: without its branch there is nothing to merge. */
function workOf({ landed, commit }: VariantState, hasBranch: boolean): VariantEvidence['work'] {
  if (!hasBranch || commit?.parked != null) return 'gone';
  return landed === null ? 'open' : 'landed';
}

/** Ids of voters stay out: they tell viewers of one page apart, nothing more. */
function votesOf(votes: readonly Vote[], { name: own }: VariantState, tip: CommitId | null): VoteEvidence[] {
  return votes
    .filter(({ variant }) => variant === own)
    .map(({ note, name, commit, at, blind }) => ({ note, name, changed: isOther(commit, tip), at, blind }));
}

/** Work that is not in what is compared. */
async function besideOf({ repository }: GatherOptions, variant: VariantState, tip: Tip | undefined): Promise<readonly string[]> {
  const { heldBack, worktree } = variant;
  if (tip?.tip == null) return [];
  return besideNotes(await stillBeside({ commonDir: repository.commonDir, worktree, tip: tip.tip, heldBack }));
}

/** The variants to merge before this one; null: one of them did not succeed. */
function neededLabels(
  of: CompareTarget,
  { name, needs }: VariantState,
  label: string,
  seen: readonly string[] = [],
): readonly string[] | null {
  const labels: string[] = [];
  for (const need of needs) {
    const other = of.state.variants.find((candidate) => candidate.name === need);
    if (other === undefined || seen.includes(need)) return null;
    if (landingOf(other) !== null || other.changes.files === 0) continue;
    const own = label.includes('/') ? `${of.state.id}/${need}` : need;
    const further = isGood(other) ? neededLabels(of, other, own, [...seen, name]) : null;
    if (further === null) return null;
    labels.push(...further, own);
  }
  return [...new Set(labels)];
}

/** The variants that a merge of it would include. */
function needsNotes({ state }: CompareTarget, variant: VariantState): readonly string[] {
  return variant.needs.map((name) => {
    const need = state.variants.find((candidate) => candidate.name === name);
    const well = need !== undefined && isGood(need);
    return `It starts from ${name}${well ? '' : ', which did not succeed'}: merging it merges ${name} too.`;
  });
}

/** The shared beginning of all prompts, in whole lines. */
function sharedPrompt({ plan }: CompareTarget): string {
  const [first, ...others] = plan.variants.map(({ prompt }) => prompt.split('\n'));
  if (first === undefined) return '';
  if (others.length === 0) return first.join('\n').trim();
  const end = first.findIndex((line, at) => others.some((lines) => lines[at] !== line));
  return (end < 0 ? first : first.slice(0, end)).join('\n').trim();
}

async function commitsOf(git: Git, variant: VariantState, tip: Tip | undefined, counted: Changes): Promise<number> {
  if (tip === undefined || tip.start === null || tip.tip === null) return 0;
  if (tip.commits !== null) return tip.commits;
  // The run's count is valid while the branch is where the run left it, and is measured from the same commit.
  const { files, insertions, deletions, commits } = variant.changes;
  const alike = files === counted.files && insertions === counted.insertions && deletions === counted.deletions;
  if (alike && tip.tip === variant.commit?.commit && variant.phase.kind === 'finished') return commits;
  const { text } = await git.run(['rev-list', '--count', `${tip.start}..${tip.tip}`]);
  return Number(text);
}

interface Placed {
  readonly index: number;
  readonly from: CommitId;
  readonly to: CommitId;
}

/** Agreement is looked for among variants with one start, the most common: line numbers mean nothing across starts. */
function withSharedStart(placed: readonly Placed[], hunks: Awaited<ReturnType<typeof hunksOf>>) {
  const counts = new Map<CommitId, number>();
  for (const { from } of placed) counts.set(from, (counts.get(from) ?? 0) + 1);
  const [most] = [...counts].toSorted((a, b) => b[1] - a[1]);
  return placed.flatMap(({ from }, place) => (from === most?.[0] ? [{ place, lines: hunks[place] ?? [] }] : []));
}
