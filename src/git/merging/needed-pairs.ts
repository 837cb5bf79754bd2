import type { CommitId } from '../../model/ids.ts';
import { type EntryChange, entryChanges } from '../objects/entries.ts';
import { AS_COMMITTED } from '../objects/file-changes.ts';
import type { Git } from '../spawn/git-in.ts';
import type { RawPath } from '../worktree/working-changes.ts';

/** A side's changes against the shared start, as far as they decide whether it can conflict with another. */
interface Touch {
  readonly paths: ReadonlySet<RawPath>;
  /** Folders that these are in. */
  readonly folders: ReadonlySet<RawPath>;
  readonly adds: boolean;
  /** It may have renamed a folder, into which another side's new files would follow. */
  readonly moves: boolean;
  /** Sides that changed the same to the same have the same tree. */
  readonly signature: string;
}

/** For each pair, places of two sides: `clean`, or places of the pair to merge, which has the same answer. */
export type Need = 'clean' | readonly [a: number, b: number];

/**
 * Which pairs of commits really have to be merged. Not those that touch no path in common, unless a file of one is a folder of the other,
 * or one moves files that the other adds to; and the same changes only once. Null: they do not all come from one commit,
 * so nothing is known. Three git processes.
 */
export async function neededPairs(
  git: Git,
  commits: readonly CommitId[],
  o: { readonly signal?: AbortSignal } = {},
): Promise<((a: number, b: number) => Need) | null> {
  const unique = [...new Set(commits)];
  const run = { env: AS_COMMITTED, ...o };
  // 1: there is none.
  const { text, exitCode } = await git.run(['merge-base', '--octopus', ...unique], { ...run, ok: [0, 1] });
  const base = text.split('\n')[0] ?? '';
  if (exitCode !== 0 || base === '') return null;
  const [{ text: listed }, changes] = await Promise.all([
    git.run(['rev-list', '--parents', '--stdin'], { ...run, input: [...unique, `^${base}`, ''].join('\n') }),
    entryChanges(
      git,
      commits.map((to) => ({ from: base, to })),
      o,
    ),
  ]);
  const groups = ownHistories(listed, unique);
  const touches = changes.map(touchOf);
  const firsts = new Map<string, number>();
  const same = touches.map(({ signature }, i) => {
    const first = firsts.get(signature) ?? i;
    firsts.set(signature, first);
    return first;
  });
  const isAlone = commits.map((commit) => groups.get(commit) === true);
  return (a, b) => {
    // If two sides have commits in common, their merge base is another one.
    if (isAlone[a] !== true || isAlone[b] !== true) return [a, b];
    const [one, other] = [same[a] ?? a, same[b] ?? b];
    if (one === other) return 'clean';
    const [left, right] = [touches[a], touches[b]];
    if (left === undefined || right === undefined || mayMeet(left, right)) return one < other ? [one, other] : [other, one];
    return 'clean';
  };
}

/** By tip, whether none of its commits is in another tip's history, and it starts nowhere else. */
function ownHistories(listed: string, tips: readonly CommitId[]): Map<CommitId, boolean> {
  const parents = new Map(
    listed.split('\n').map((line) => {
      const [commit = '', ...rest] = line.split(' ');
      return [commit, rest] as const;
    }),
  );
  const owners = new Map<CommitId, number>();
  const histories = tips.map((tip) => {
    const seen = new Set<CommitId>();
    const waiting = [tip];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      if (seen.has(at) || !parents.has(at)) continue;
      seen.add(at);
      waiting.push(...(parents.get(at) ?? []));
    }
    for (const commit of seen) owners.set(commit, (owners.get(commit) ?? 0) + 1);
    return seen;
  });
  return new Map(tips.map((tip, i) => [tip, [...(histories[i] ?? [])].every((commit) => owners.get(commit) === 1)]));
}

function touchOf(changes: readonly EntryChange[]): Touch {
  const folders = new Set<RawPath>();
  for (const { path } of changes) {
    for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) folders.add(path.slice(0, at));
  }
  const adds = changes.some(({ before }) => before === '');
  return {
    paths: new Set(changes.map(({ path }) => path)),
    folders,
    adds,
    moves: adds && changes.some(({ after }) => after === ''),
    signature: changes.map(({ path, after }) => `${path}\0${after}`).join('\0\0'),
  };
}

function mayMeet(left: Touch, right: Touch): boolean {
  if ((left.moves && right.adds) || (right.moves && left.adds)) return true;
  const [few, many] = left.paths.size <= right.paths.size ? [left, right] : [right, left];
  for (const path of few.paths) if (many.paths.has(path) || many.folders.has(path)) return true;
  for (const folder of few.folders) if (many.paths.has(folder)) return true;
  return false;
}
