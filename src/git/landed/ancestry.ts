/**
 * The relation of commits to a target: whether they are in it, at which of its first parents, by which merge. From four git
 * processes for all commits that are asked about.
 */
import type { CommitId, TreeId } from '../../model/ids.ts';
import type { Environment } from '../../system/environment.ts';
import { AS_COMMITTED } from '../objects/file-changes.ts';
import type { Git } from '../spawn/git-in.ts';

interface Node {
  readonly tree: TreeId;
  readonly parents: readonly CommitId[];
}

/** The commits of a tip that the target does not have. */
export interface OwnWork {
  readonly commits: number;
  /** Commits of the target that this was built on; several if the target was merged in meanwhile. */
  readonly bases: readonly CommitId[];
  /** Own commits just before something of the target was merged into them. */
  readonly beforeSyncs: readonly CommitId[];
  /** The first commit of the target on the way back along first parents; null if there is none. */
  readonly fork: CommitId | null;
}

/** The commits of one target by position on its chain of first parents: 0 is its tip. Filled once, asked in memory. */
export class Ancestry {
  readonly target: CommitId;
  /** First parents from the target back, as far as anything asked about reaches. */
  readonly chain: readonly CommitId[];
  readonly #own: ReadonlyMap<CommitId, readonly CommitId[]>;
  readonly #graph: ReadonlyMap<CommitId, Node>;
  readonly #place = new Map<CommitId, number>();
  readonly #brought = new Map<CommitId, number>();
  #children: Map<CommitId, CommitId[]> | null = null;

  constructor(target: CommitId, own: ReadonlyMap<CommitId, readonly CommitId[]>, graph: ReadonlyMap<CommitId, Node>) {
    this.target = target;
    this.#own = own;
    this.#graph = graph;
    const chain: CommitId[] = [];
    for (let at: CommitId | undefined = target; at !== undefined && graph.has(at); at = graph.get(at)?.parents[0]) chain.push(at);
    this.chain = chain;
    chain.forEach((commit, place) => {
      this.#place.set(commit, place);
    });
    for (let place = chain.length - 1; place >= 0; place -= 1) {
      const waiting = [chain[place] as CommitId];
      for (let commit = waiting.pop(); commit !== undefined; commit = waiting.pop()) {
        if (this.#brought.has(commit) || !graph.has(commit)) continue;
        this.#brought.set(commit, place);
        waiting.push(...this.parents(commit));
      }
    }
  }

  /** Not in the target. */
  isOwn(commit: CommitId): boolean {
    return this.#own.has(commit);
  }

  parents(commit: CommitId): readonly CommitId[] {
    return this.#graph.get(commit)?.parents ?? [];
  }

  tree(commit: CommitId): TreeId | null {
    return this.#graph.get(commit)?.tree ?? null;
  }

  /** Place on the chain, 0 the target; null: it came in by a merge, or not at all. */
  place(commit: CommitId): number | null {
    return this.#place.get(commit) ?? null;
  }

  /** Whether both are on the chain, in this order in time. */
  isBehind(older: CommitId, newer: CommitId): boolean {
    const [from, to] = [this.place(older), this.place(newer)];
    return from !== null && to !== null && from > to;
  }

  /** Place of the first commit of the chain that has this one in its history. */
  broughtAt(commit: CommitId): number | null {
    return this.#brought.get(commit) ?? null;
  }

  /**
   * The merge that brought a commit in, not on the chain: the target's own, and, where that brought a branch which had merged the
   * commit before, the merge there.
   */
  mergesOf(commit: CommitId): { readonly outer: CommitId; readonly inner: CommitId } | null {
    const place = this.broughtAt(commit);
    const outer = place === null ? undefined : this.chain[place];
    if (outer === undefined || outer === commit) return null;
    const above = this.#descendants(commit);
    let inner = outer;
    for (let merge = outer; ; ) {
      const side = this.parents(merge).find((parent, i) => i > 0 && above.has(parent));
      inner = merge;
      if (side === undefined || side === commit) break;
      let first = side;
      for (let next = this.parents(first)[0]; next !== undefined && above.has(next); next = this.parents(first)[0]) first = next;
      // It is on the branch that was merged.
      if (first === commit) break;
      merge = first;
    }
    return { outer, inner };
  }

  /**
   * Commits that the work of a commit which a merge of the chain merged was built on; null: they reach further back than is known.
   */
  basesOfMerged(commit: CommitId): readonly CommitId[] | null {
    const place = this.broughtAt(commit);
    const bases = new Set<CommitId>();
    const seen = new Set<CommitId>();
    const waiting = [commit];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      for (const parent of this.parents(at)) {
        const brought = this.broughtAt(parent);
        if (brought === null) return null;
        if (brought === place) waiting.push(parent);
        else bases.add(parent);
      }
    }
    return [...bases];
  }

  /** Whether exactly this commit was what a merge of the chain merged. */
  wasMerged(commit: CommitId): boolean {
    const place = this.place(commit) === null ? this.broughtAt(commit) : null;
    return place !== null && this.parents(this.chain[place] ?? '').includes(commit);
  }

  /** `without`: an own commit whose history does not count. */
  work(tip: CommitId, without: CommitId | null = null): OwnWork {
    const skipped = new Set(without === null ? [] : this.#ownHistory(without));
    const seen = new Set([...this.#ownHistory(tip)].filter((commit) => !skipped.has(commit)));
    const bases = new Set<CommitId>();
    const beforeSyncs = new Set<CommitId>();
    for (const commit of seen) {
      const parents = this.#own.get(commit) ?? [];
      const inTarget = parents.filter((parent) => !this.#own.has(parent));
      for (const parent of inTarget) bases.add(parent);
      if (inTarget.length > 0) for (const parent of parents) if (seen.has(parent)) beforeSyncs.add(parent);
    }
    let fork: CommitId | undefined = tip;
    while (fork !== undefined && this.#own.has(fork)) fork = this.#own.get(fork)?.[0];
    return { commits: seen.size, bases: [...bases], beforeSyncs: [...beforeSyncs], fork: fork ?? null };
  }

  /** Whether `commit` is an own commit in the history of `tip`. */
  hasOwn(tip: CommitId, commit: CommitId): boolean {
    return this.#ownHistory(tip).has(commit);
  }

  /** Those own commits that are in the history of no other of them. */
  latest(commits: readonly CommitId[]): CommitId[] {
    return commits.filter((one) => !commits.some((other) => other !== one && this.hasOwn(other, one)));
  }

  #ownHistory(tip: CommitId): Set<CommitId> {
    const seen = new Set<CommitId>();
    const waiting = [tip];
    for (let commit = waiting.pop(); commit !== undefined; commit = waiting.pop()) {
      if (seen.has(commit) || !this.#own.has(commit)) continue;
      seen.add(commit);
      waiting.push(...(this.#own.get(commit) ?? []));
    }
    return seen;
  }

  /**
   * The one commit that `git merge-base` would answer for the target, or any of the chain above all of them, and something built on
   * `bases`; null: there are several.
   */
  mergeBase(bases: readonly CommitId[]): CommitId | null {
    let newest: CommitId | null = null;
    let newestPlace = Number.POSITIVE_INFINITY;
    for (const base of bases) {
      const place = this.place(base);
      if (place !== null && place < newestPlace) [newest, newestPlace] = [base, place];
    }
    if (bases.length === 1) return bases[0] ?? null;
    // Commits that came with a merge at or below the newest one are in its history.
    return bases.every((base) => base === newest || (this.broughtAt(base) ?? -1) >= newestPlace) ? newest : null;
  }

  /** How many commits of the chain, from the target back, are not in the history of something built on `bases`. */
  reach(bases: readonly CommitId[]): number {
    const ends = bases.map((base) => this.place(base) ?? (this.broughtAt(base) ?? this.chain.length - 1) + 1);
    return Math.min(this.chain.length, ...ends);
  }

  #descendants(commit: CommitId): Set<CommitId> {
    if (this.#children === null) {
      this.#children = new Map();
      for (const [child, { parents }] of this.#graph) {
        for (const parent of parents) {
          const known = this.#children.get(parent);
          if (known === undefined) this.#children.set(parent, [child]);
          else known.push(child);
        }
      }
    }
    const seen = new Set<CommitId>();
    const waiting = [commit];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      waiting.push(...(this.#children.get(at) ?? []));
    }
    return seen;
  }
}

/** GitError if one of the commits is missing. `short`: a history of fewer commits is read whole. */
export async function readAncestry(
  git: Git,
  target: CommitId,
  commits: readonly CommitId[],
  o: { readonly signal?: AbortSignal; readonly short?: number } = {},
): Promise<Ancestry> {
  const run = { env: AS_COMMITTED, ...(o.signal === undefined ? {} : { signal: o.signal }) };
  const asked = [...new Set(commits)];
  const most = o.short ?? SHORT;
  const [listed, short] = await Promise.all([
    git.run(['rev-list', '--parents', '--stdin'], { ...run, input: [...asked, `^${target}`, ''].join('\n') }),
    git.run([...GRAPH, `--max-count=${most}`, target, '--'], run),
  ]);
  const own = new Map<CommitId, readonly CommitId[]>();
  for (const line of lines(listed.text)) {
    const [commit = '', ...parents] = line.split(' ');
    own.set(commit, parents);
  }
  const whole = parseGraph(short.text);
  if (whole.size < most) return new Ancestry(target, own, whole);
  const inTarget = new Set<CommitId>(asked.filter((commit) => !own.has(commit)));
  for (const parents of own.values()) for (const parent of parents) if (!own.has(parent)) inTarget.add(parent);
  const oldest = inTarget.size === 0 ? target : await commonAncestor(git, [...inTarget], run);
  const input = [target, ...(oldest === null ? [] : [`^${oldest}^@`]), ''].join('\n');
  const { text } = await git.run([...GRAPH, '--stdin'], { ...run, input });
  return new Ancestry(target, own, parseGraph(text));
}

const GRAPH: readonly string[] = ['rev-list', '--no-commit-header', '--format=%H %T %P'];
/** A history of fewer commits is read as it is, without asking first how much of it matters. */
const SHORT = 3000;

function parseGraph(text: string): Map<CommitId, Node> {
  const graph = new Map<CommitId, Node>();
  for (const line of lines(text)) {
    const [commit = '', tree = '', ...parents] = line.split(' ');
    graph.set(commit, { tree, parents: parents.filter((parent) => parent !== '') });
  }
  return graph;
}

async function commonAncestor(
  git: Git,
  commits: readonly CommitId[],
  run: { readonly env: Environment; readonly signal?: AbortSignal },
): Promise<CommitId | null> {
  if (commits.length === 1) return commits[0] ?? null;
  // 1: there is none.
  const { text, exitCode } = await git.run(['merge-base', '--octopus', ...commits], { ...run, ok: [0, 1] });
  return exitCode === 0 ? (lines(text)[0] ?? null) : null;
}

function lines(text: string): string[] {
  return text === '' ? [] : text.split('\n');
}
