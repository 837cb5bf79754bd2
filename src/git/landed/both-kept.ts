import { childrenOf } from '../merging/synthetic-commits.ts';
import { type EntryChange, entryChanges } from '../objects/entries.ts';
import { hunksOf } from '../objects/hunks.ts';
import { pathText } from '../worktree/working-changes.ts';
import { type Grounds, type Trial, trialPairs } from './trial-pairs.ts';

/**
 * Those trials, all of which conflict, where the chain's commit resolved the conflict by keeping both sides: it has, at each path of the
 * work, what merging the work into its parent gives when the text of both is kept, in the one order or the other. `likely`: trials
 * that have all lines which the work added; it came with the oldest of them.
 */
export async function bothKept(grounds: Grounds, conflicting: readonly Trial[], likely: readonly Trial[]): Promise<Trial[]> {
  const { scratch, ancestry, history, signal } = grounds;
  const run = signal === undefined ? {} : { signal };
  const came = conflicting.filter((trial) => isFirst(grounds, trial, likely));
  if (came.length === 0) return [];
  const fit = await withoutLostDeletions(grounds, came);
  const parents = fit.map(({ wanted, place }) => ({ wanted, place: place + 1 }));
  const pairs = await trialPairs(scratch, ancestry, parents);
  const merges = await scratch.merge([...pairs, ...pairs.map(([ours, theirs]) => [theirs, ours] as const)], {
    ...run,
    union: true,
  });
  const made = merges.flatMap((merge, i) => {
    const trial = fit[i % fit.length];
    const at = ancestry.chain[trial?.place ?? -1];
    return merge?.clean === true && trial !== undefined && at !== undefined ? [{ trial, at, tree: merge.tree }] : [];
  });
  const unions = await childrenOf(
    scratch,
    made.map(({ tree, at }) => ({ of: tree, parent: at })),
  );
  const differences = await entryChanges(
    scratch.git,
    made.map(({ at }, i) => ({ from: at, to: unions[i] ?? '' })),
    run,
  );
  const kept = new Set<Trial>();
  made.forEach(({ trial }, i) => {
    const other = new Set((differences[i] ?? []).map(({ path }) => path));
    const { changes } = trial.wanted;
    const isSame = changes.every(({ path }) => !other.has(path));
    const isNew = changes.every(({ path, after }) => {
      const there = history.at(path, trial.place);
      return there === after || there !== history.at(path, trial.place + 1);
    });
    if (isSame && isNew) kept.add(trial);
  });
  return [...kept];
}

/** Whether no older commit has all lines, so that they came with this one. */
function isFirst({ history, ancestry }: Grounds, { wanted, place }: Trial, likely: readonly Trial[]): boolean {
  if (ancestry.chain[place + 1] === undefined) return false;
  const older = history.places(wanted.changes.map(({ path }) => path)).find((one) => one > place);
  return older === undefined || !likely.some((trial) => trial.wanted === wanted && trial.place === older);
}

/** Text of both sides does not hold what one of them only deleted. */
async function withoutLostDeletions({ scratch }: Grounds, trials: readonly Trial[]): Promise<Trial[]> {
  const known = trials.flatMap(({ wanted }) => (wanted.base === null ? [] : [{ from: wanted.base, to: wanted.tip }]));
  const hunks = await hunksOf(scratch.git, known);
  const only = trials.filter(({ wanted }) => wanted.base !== null);
  return only.filter(({ wanted }, i) => {
    const isFile = ({ after }: EntryChange): boolean => after !== '';
    const names = new Set(wanted.changes.map(({ path }) => pathText(path)));
    const mine = (hunks[i] ?? []).filter(({ path }) => names.has(path));
    return wanted.changes.every(isFile) && mine.length > 0 && mine.every(({ added }) => added.some((line) => /\w/.test(line)));
  });
}
