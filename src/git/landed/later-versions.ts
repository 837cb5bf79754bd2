import type { CommitId } from '../../model/ids.ts';
import type { EntryChange } from '../objects/entries.ts';
import { AS_COMMITTED, INERT_DIFF, pairLines } from '../objects/file-changes.ts';
import type { Git } from '../spawn/git-in.ts';
import { type RawPath, split } from '../worktree/working-changes.ts';
import type { Ancestry } from './ancestry.ts';
import type { ChainHistory, Version } from './chain-history.ts';

/** A file that moves more often than this while a branch is judged is looked at up to there. */
const MOST_MOVES = 4;

/**
 * The target's versions of a path from a place of its chain on, the oldest first, also under the names that the file was moved to
 * later. The first is the one at the place itself.
 */
export async function laterVersions(
  git: Git,
  ancestry: Ancestry,
  history: ChainHistory,
  asked: readonly { readonly change: EntryChange; readonly place: number }[],
): Promise<Version[][]> {
  const lists = asked.map(({ change, place }) => history.since(change.path, place));
  const names = asked.map(({ change }) => change.path);
  const searched = asked.map(() => 0);
  for (let round = 0; round < MOST_MOVES; round += 1) {
    const gone = lists.flatMap((list, i) => {
      // A file that the work deleted is meant to be gone.
      if (asked[i]?.change.after === '') return [];
      const at = list.findIndex(({ entry }, n) => entry === '' && n >= (searched[i] ?? 0) && n > 0);
      return at === -1 ? [] : [{ i, at, place: list[at]?.place ?? 0 }];
    });
    if (gone.length === 0) break;
    const moves = await movesAt(
      git,
      ancestry,
      gone.map(({ place }) => place),
    );
    const moved = gone.flatMap((one) => {
      const to = moves.get(one.place)?.get(names[one.i] ?? '');
      searched[one.i] = one.at + 1;
      return to === undefined ? [] : [{ ...one, to }];
    });
    await history.learn(new Set(moved.map(({ to }) => to)));
    for (const { i, at, place, to } of moved) {
      lists[i] = [...(lists[i] ?? []).slice(0, at), ...history.since(to, place)];
      names[i] = to;
      searched[i] = at;
    }
  }
  return lists;
}

/** By place of the chain, what its commit moved: new names by old ones. */
async function movesAt(
  git: Git,
  ancestry: Ancestry,
  places: readonly number[],
): Promise<Map<number, ReadonlyMap<RawPath, RawPath>>> {
  const asked = [...new Set(places)].flatMap((place) => {
    const to: CommitId | undefined = ancestry.chain[place];
    const from = to === undefined ? undefined : ancestry.parents(to)[0];
    return to === undefined || from === undefined ? [] : [{ place, from, to }];
  });
  if (asked.length === 0) return new Map();
  const { stdout } = await git.run(
    ['diff-tree', '--stdin', '--always', '-r', '-z', '--raw', '-M', '--diff-filter=R', ...INERT_DIFF],
    { input: pairLines(asked), env: AS_COMMITTED },
  );
  const moves: Map<RawPath, RawPath>[] = [];
  const fields = split(stdout);
  for (let i = 0; i < fields.length; i += 1) {
    // A record of a rename has two names; anything else starts the next pair.
    if (fields[i]?.startsWith(':') === true) {
      moves.at(-1)?.set(fields[i + 1] ?? '', fields[i + 2] ?? '');
      i += 2;
    } else moves.push(new Map());
  }
  return new Map(asked.map(({ place }, i) => [place, moves[i] ?? new Map<RawPath, RawPath>()]));
}
