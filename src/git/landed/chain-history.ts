import type { CommitId } from '../../model/ids.ts';
import { type Entry, type EntryChange, entriesOf } from '../objects/entries.ts';
import type { Git } from '../spawn/git-in.ts';
import type { RawPath } from '../worktree/working-changes.ts';
import type { Ancestry } from './ancestry.ts';

interface Step {
  readonly place: number;
  readonly before: Entry;
  readonly after: Entry;
}

/** A commit of the chain and what it changed against its first parent. */
interface ChainStep {
  readonly place: number;
  readonly from: CommitId;
  readonly to: CommitId;
}

/** The versions of a path from a place of the chain on. */
export interface Version {
  readonly place: number;
  readonly path: RawPath;
  readonly entry: Entry;
}

type Steps = ReadonlyMap<RawPath, readonly Step[]>;

/** The versions that each commit of a target's chain has at some paths. */
export class ChainHistory {
  /** Names that files were moved to. */
  readonly moved = new Set<RawPath>();
  /** The newest first. */
  readonly #steps: Map<RawPath, readonly Step[]>;
  readonly #now: ReadonlyMap<RawPath, Entry>;
  readonly #read: (paths: ReadonlySet<RawPath>) => Promise<Steps>;

  constructor(steps: Steps, now: ReadonlyMap<RawPath, Entry>, read: (paths: ReadonlySet<RawPath>) => Promise<Steps>) {
    this.#steps = new Map(steps);
    this.#now = now;
    this.#read = read;
  }

  /** Makes what the chain did at more paths known. */
  async learn(paths: ReadonlySet<RawPath>): Promise<void> {
    const fresh = new Set([...paths].filter((path) => !this.#steps.has(path)));
    if (fresh.size === 0) return;
    for (const path of fresh) this.moved.add(path);
    for (const [path, steps] of await this.#read(fresh)) this.#steps.set(path, steps);
  }

  /** The versions of a path from a place on, the oldest first; the first is the one at the place itself. */
  since(path: RawPath, place: number): Version[] {
    const newer = (this.#steps.get(path) ?? []).filter((step) => step.place < place).reverse();
    return [
      { place, path, entry: this.at(path, place) },
      ...newer.map((step) => ({ place: step.place, path, entry: step.after })),
    ];
  }

  /** The target's version. */
  now(path: RawPath): Entry {
    return this.#steps.get(path)?.[0]?.after ?? this.#now.get(path) ?? '';
  }

  at(path: RawPath, place: number): Entry {
    const list = this.#steps.get(path);
    if (list === undefined) return this.now(path);
    return list[firstFrom(list, place)]?.after ?? list.at(-1)?.before ?? '';
  }

  /** How often a path changed. */
  count(path: RawPath): number {
    return this.#steps.get(path)?.length ?? 0;
  }

  /** All versions of a path; null: more than `most`. */
  versions(path: RawPath, most: number): Entry[] | null {
    const list = this.#steps.get(path) ?? [];
    return list.length >= most ? null : [this.now(path), ...list.map(({ before }) => before)];
  }

  /** Places of the commits that changed one of these paths, the newest first. */
  places(paths: Iterable<RawPath>): number[] {
    const places = new Set<number>();
    for (const path of paths) for (const { place } of this.#steps.get(path) ?? []) places.add(place);
    return [...places].sort((a, b) => a - b);
  }
}

/** The target and `reach - 1` commits behind it, each with its first parent. */
export function chainSteps(ancestry: Ancestry, reach: number): ChainStep[] {
  return ancestry.chain.slice(0, reach).flatMap((to, place): ChainStep[] => {
    const from = ancestry.parents(to)[0];
    return from === undefined ? [] : [{ from, to, place }];
  });
}

/**
 * From the changes of each step at these paths. `unchanged`: the version of a path that none of the steps changed, as far as the caller knows; the target is only
 * listed if that is not enough. `changesOf`: the changes of each step, at some paths at least.
 */
export async function chainHistory(o: {
  readonly git: Git;
  readonly target: CommitId;
  readonly chain: readonly ChainStep[];
  readonly changesOf: (paths: ReadonlySet<RawPath>) => Promise<readonly (readonly EntryChange[])[]>;
  readonly paths: ReadonlySet<RawPath>;
  readonly unchanged: ReadonlyMap<RawPath, Entry>;
}): Promise<ChainHistory> {
  const { chain, paths, unchanged } = o;
  const read = async (some: ReadonlySet<RawPath>): Promise<Steps> => stepsOf(chain, await o.changesOf(some), some);
  const steps = await read(paths);
  const isKnown = [...paths].every((path) => steps.has(path) || unchanged.has(path));
  return new ChainHistory(steps, isKnown ? unchanged : await entriesOf(o.git, o.target), read);
}

function stepsOf(
  chain: readonly ChainStep[],
  changes: readonly (readonly EntryChange[])[],
  paths: ReadonlySet<RawPath>,
): Map<RawPath, Step[]> {
  const steps = new Map<RawPath, Step[]>();
  changes.forEach((list, i) => {
    for (const { path, before, after } of list) {
      if (!paths.has(path)) continue;
      const step = { place: chain[i]?.place ?? 0, before, after };
      const known = steps.get(path);
      if (known === undefined) steps.set(path, [step]);
      else known.push(step);
    }
  });
  return steps;
}

/** Index of the newest step that a place has behind it; the list is long if a file changes with every commit. */
function firstFrom(list: readonly Step[], place: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle]?.place ?? 0) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}
