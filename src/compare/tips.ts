import { type Git, gitIn } from '../git/door.ts';
import { knownCommits } from '../git/known-objects.ts';
import { listRefs } from '../git/refs.ts';
import type { Repository } from '../git/repository.ts';
import type { CommitId, RefName } from '../model/ids.ts';
import { type Compared, type CompareTarget, comparedOf } from './targets.ts';

/** Where a variant started and where it stands now, as far as git still knows. */
export interface Tip {
  readonly start: CommitId | null;
  readonly tip: CommitId | null;
  readonly notes: readonly string[];
}

/** Two git processes for all variants: refs, and which of the wanted commits still exist. */
export async function tipsOf(
  git: Git,
  compared: readonly Compared[],
): Promise<{ readonly refs: Map<RefName, CommitId>; readonly tips: readonly Tip[] }> {
  const refs = await listRefs(git);
  const wanted = compared.map(({ variant }) => {
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
    };
  });
  const known = await knownCommits(
    git,
    wanted.flatMap(({ start, tip }) => [start, tip]),
  );
  const tips = wanted.map(({ start, removed, tip, branch, parked, started }, index): Tip => {
    const name = compared[index]?.variant.branch ?? '';
    const notes = [
      ...(removed === null
        ? []
        : [removed.purged ? 'It was removed; its files are gone for good.' : 'It was removed. Bring it back: copse undo']),
      ...(started && branch === null && removed === null ? [`Its branch ${name} is gone.`] : []),
      ...(parked === null ? [] : [`Its work is parked at ${parked}.`]),
      ...(tip !== null && !known.has(tip) ? ['Its commits are gone.'] : []),
    ];
    return {
      start: start !== null && known.has(start) ? start : null,
      // A variant that committed nothing stands where it started.
      tip: tip !== null && known.has(tip) ? tip : tip === null && start !== null && known.has(start) ? start : null,
      notes,
    };
  });
  return { refs, tips };
}

/** Starts and tips of all variants of the targets, in order. */
export async function tipsFor(repository: Repository, targets: readonly CompareTarget[]): Promise<readonly Tip[]> {
  const { tips } = await tipsOf(gitIn(repository.root, { reads: true }), comparedOf(targets));
  return tips;
}
