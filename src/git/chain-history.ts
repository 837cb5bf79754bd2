import type { CommitId } from '../model/ids.ts';
import type { Ancestry } from './ancestry.ts';
import type { Git } from './door.ts';
import { type Entry, type EntryChange, entriesOf, entryChanges } from './entries.ts';
import type { RawPath } from './working-changes.ts';

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

/** Two processes keep two cores busy. */
const PROCESSES = 2;
const WORTH_SHARING = 100;

/** What each commit of a target's chain has at some paths. */
export class ChainHistory {
  /** The newest first. */
  readonly #steps = new Map<RawPath, Step[]>();
  readonly #now: ReadonlyMap<RawPath, Entry>;

  constructor(steps: ReadonlyMap<RawPath, Step[]>, now: ReadonlyMap<RawPath, Entry>) {
    this.#steps = new Map(steps);
    this.#now = now;
  }

  /** What the target has. */
  now(path: RawPath): Entry {
    return this.#steps.get(path)?.[0]?.after ?? this.#now.get(path) ?? '';
  }

  at(path: RawPath, place: number): Entry {
    const list = this.#steps.get(path);
    if (list === undefined) return this.now(path);
    return list[firstFrom(list, place)]?.after ?? list.at(-1)?.before ?? '';
  }

  /** Places of the commits that changed one of these paths, the newest first. */
  places(paths: Iterable<RawPath>): number[] {
    const places = new Set<number>();
    for (const path of paths) for (const { place } of this.#steps.get(path) ?? []) places.add(place);
    return [...places].sort((a, b) => a - b);
  }
}

/**
 * Of the target and `reach - 1` commits behind it. `unchanged`: what stands at a path that none of these changed, as far as the caller
 * knows; the target is only listed where that is not enough.
 */
export async function readChainHistory(
  git: Git,
  ancestry: Ancestry,
  o: {
    readonly reach: number;
    readonly paths: ReadonlySet<RawPath>;
    readonly unchanged: ReadonlyMap<RawPath, Entry>;
    readonly signal?: AbortSignal;
  },
): Promise<ChainHistory> {
  const chain = ancestry.chain.slice(0, o.reach).flatMap((to, place): ChainStep[] => {
    const from = ancestry.parents(to)[0];
    return from === undefined ? [] : [{ from, to, place }];
  });
  const share = Math.ceil(chain.length / (chain.length < WORTH_SHARING ? 1 : PROCESSES));
  const parts: ChainStep[][] = [];
  for (let at = 0; at < chain.length; at += share) parts.push(chain.slice(at, at + share));
  const run = { paths: o.paths, ...(o.signal === undefined ? {} : { signal: o.signal }) };
  const changes = o.paths.size === 0 ? [] : (await Promise.all(parts.map((part) => entryChanges(git, part, run)))).flat();
  const steps = stepsOf(chain, changes, o.paths);
  const isKnown = [...o.paths].every((path) => steps.has(path) || o.unchanged.has(path));
  return new ChainHistory(steps, isKnown ? o.unchanged : await entriesOf(git, ancestry.target));
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

/** Index of the newest step that a place has behind it; the list is long where a file changes with every commit. */
function firstFrom(list: readonly Step[], place: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle]?.place ?? 0) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}
