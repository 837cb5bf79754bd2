import type { OverlapEvidence } from '../../model/reports/evidence.ts';

/** Variants that clash in the same files. */
export interface ClashGroup {
  /** null: each clashes with each of the others; else this one with each of `labels`, which is not among them. */
  readonly with: string | null;
  readonly labels: readonly string[];
  /** In which of them, all of them. */
  readonly paths: readonly string[];
  /** How many pairs these are. */
  readonly pairs: number;
}

/**
 * Pairs that conflict, put together by file so that twenty variants that all change one file are one group and not 190 pairs. Each
 * pair is in at least one group for each path that it conflicts in, and no group holds a pair that does not. Most pairs first.
 */
export function clashGroups(overlap: readonly OverlapEvidence[]): ClashGroup[] {
  const byPath = new Map<string, Pairs>();
  for (const { a, b, conflicts } of overlap) {
    for (const path of conflicts) byPath.set(path, (byPath.get(path) ?? new Pairs()).add(a, b));
  }
  const groups = new Map<string, ClashGroup>();
  for (const [path, pairs] of byPath) {
    for (const found of [...takeCircles(pairs), ...takeStars(pairs)]) {
      const key = JSON.stringify([found.with, found.labels]);
      groups.set(key, { ...found, paths: [...(groups.get(key)?.paths ?? []), path] });
    }
  }
  return [...groups.values()].sort((a, b) => b.pairs - a.pairs);
}

type Found = Omit<ClashGroup, 'paths'>;

/** Pairs that conflict in one file, and those still to be shown; labels in the order in which they came. */
class Pairs {
  readonly #left = new Map<string, Set<string>>();
  readonly #all = new Map<string, Set<string>>();

  add(a: string, b: string): this {
    for (const pairs of [this.#left, this.#all]) {
      pairs.set(a, (pairs.get(a) ?? new Set()).add(b));
      pairs.set(b, (pairs.get(b) ?? new Set()).add(a));
    }
    return this;
  }

  labels(): readonly string[] {
    return [...this.#left.keys()];
  }

  /** Labels that still have a pair with `label` to show. */
  left(label: string): readonly string[] {
    return [...(this.#left.get(label) ?? [])];
  }

  clash(a: string, b: string): boolean {
    return this.#all.get(a)?.has(b) === true;
  }

  told(a: string, b: string): void {
    this.#left.get(a)?.delete(b);
    this.#left.get(b)?.delete(a);
  }
}

/** Three or more of which each clashes with each. */
function takeCircles(pairs: Pairs): Found[] {
  const found: Found[] = [];
  for (const a of pairs.labels()) {
    for (const b of pairs.left(a)) {
      // Shown already, with a group that has both.
      if (!pairs.left(a).includes(b)) continue;
      const labels = [a, b];
      for (const one of pairs.labels()) {
        if (!labels.includes(one) && labels.every((other) => pairs.clash(one, other))) labels.push(one);
      }
      if (labels.length < 3) continue;
      const inOrder = pairs.labels().filter((one) => labels.includes(one));
      inOrder.forEach((one, i) => {
        for (const other of inOrder.slice(i + 1)) pairs.told(one, other);
      });
      found.push({ with: null, labels: inOrder, pairs: (inOrder.length * (inOrder.length - 1)) / 2 });
    }
  }
  return found;
}

/** The rest: one with several others, or just two. */
function takeStars(pairs: Pairs): Found[] {
  const found: Found[] = [];
  for (;;) {
    const [hub] = pairs.labels().toSorted((a, b) => pairs.left(b).length - pairs.left(a).length);
    const others = hub === undefined ? [] : pairs.left(hub);
    const [other] = others;
    if (hub === undefined || other === undefined) return found;
    for (const one of others) pairs.told(hub, one);
    found.push(
      others.length === 1 ? { with: null, labels: [hub, other], pairs: 1 } : { with: hub, labels: others, pairs: others.length },
    );
  }
}
