import type { CommitId } from '../../model/ids.ts';
import type { FileChange } from '../../model/reports/evidence.ts';
import { touchedPaths } from '../objects/file-changes.ts';
import { objectsGit } from '../spawn/git-in.ts';
import { caseTwins, FoldedNames, gonePaths, newPaths } from './case-twins.ts';
import { type Merged, type MergePair, withMergeScratch } from './merge-scratch.ts';
import { type Need, neededPairs } from './needed-pairs.ts';

/** A variant's tip and what it changed against its start. */
export interface Side {
  readonly commit: CommitId;
  readonly files: readonly FileChange[];
}

export interface PairConflict {
  /** Places in the list of sides, `a` before `b`. */
  readonly a: number;
  readonly b: number;
  /** Paths that both touch. */
  readonly files: readonly string[];
  /** Whether they merge without a conflict, names that differ only in case counted as one. Null: unknown. */
  readonly clean: boolean | null;
  /** Paths that conflict when both are merged, and names that differ only in case. */
  readonly conflicts: readonly string[];
}

/** So few are merged without asking first which of them have to be. */
const FEW = 12;
/** Merging takes a few ms a pair: beyond these a pair is not tried, and is unknown. */
export const MOST_MERGES = 5_000;

const CLEAN = { clean: true, conflicts: [] };

/**
 * Compares each pair of sides: paths that both touch, and conflicts. A few git processes for all pairs; those that may
 * conflict are really merged, also without a path in common (a folder that one renames and the other adds to), the same changes
 * only once. `attributesOf`: the shared start.
 */
export async function pairConflicts(
  commonDir: string,
  sides: readonly Side[],
  o: { readonly attributesOf?: CommitId | null; readonly signal?: AbortSignal } = {},
): Promise<PairConflict[]> {
  const places = sides.flatMap((_, a) => sides.slice(a + 1).map((_, offset) => ({ a, b: a + 1 + offset })));
  const of = (place: number): Side => sides[place] as Side;
  const signal = o.signal === undefined ? {} : { signal: o.signal };
  const commits = sides.map(({ commit }) => commit);
  const needOf = places.length < FEW ? null : await neededPairs(objectsGit(commonDir), commits, signal);
  const needs = places.map(({ a, b }): Need => needOf?.(a, b) ?? [a, b]);
  const asked = new Map(needs.flatMap((need) => (need === 'clean' ? [] : [[need.join(' '), need] as const])));
  const merged = await mergePairs({
    commonDir,
    pairs: [...asked.values()].slice(0, MOST_MERGES).map(([a, b]) => [of(a).commit, of(b).commit] as const),
    attributesOf: o.attributesOf ?? null,
    ...signal,
  });
  const mergeOf = new Map([...asked.keys()].map((key, i) => [key, merged[i] ?? null]));
  const merges = needs.map((need) => (need === 'clean' ? CLEAN : (mergeOf.get(need.join(' ')) ?? null)));
  const touched = sides.map(({ files }) => touchedPaths(files));
  const sets = touched.map((paths) => new Set(paths));
  const added = sides.map(({ files }) => newPaths(files));
  const folded = added.map((paths) => new FoldedNames(paths));
  return places.map(({ a, b }, i) => {
    const merge = merges[i] ?? null;
    const files = (touched[a] ?? []).filter((path) => sets[b]?.has(path) === true).sort();
    const other = folded[b];
    const twins = other === undefined ? [] : caseTwins(added[a] ?? [], other);
    const conflicts = [...new Set([...(merge?.conflicts ?? []), ...twins])].sort();
    return { a, b, files, clean: merge === null ? null : merge.clean && twins.length === 0, conflicts };
  });
}

export interface MergeInto {
  readonly clean: boolean;
  readonly conflicts: readonly string[];
}

/**
 * How each side merges into `target` as it is now, in at most two git processes; null: unknown. A new name that differs from
 * one of the target's only in case counts as a conflict.
 */
export async function mergesInto(
  commonDir: string,
  target: CommitId,
  sides: readonly Side[],
  o: { readonly signal?: AbortSignal } = {},
): Promise<(MergeInto | null)[]> {
  const [merges, names] = await Promise.all([
    mergePairs({
      commonDir,
      pairs: sides.map(({ commit }) => [target, commit] as const),
      attributesOf: target,
      ...(o.signal === undefined ? {} : { signal: o.signal }),
    }),
    sides.some(({ files }) => newPaths(files).length > 0) ? pathsOf(commonDir, target) : [],
  ]);
  const folded = new FoldedNames(names);
  return sides.map(({ files }, i) => {
    const merge = merges[i] ?? null;
    if (merge === null) return null;
    const added = newPaths(files);
    // A file that this side itself renames to another case is not in its own way.
    const twins = caseTwins(added, folded, new Set(gonePaths(files)));
    const conflicts = [...new Set([...merge.conflicts, ...twins])].sort();
    return { clean: merge.clean && twins.length === 0, conflicts };
  });
}

async function pathsOf(commonDir: string, commit: CommitId): Promise<string[]> {
  const { stdout } = await objectsGit(commonDir).run(['ls-tree', '-r', '-z', '--name-only', commit]);
  return stdout.toString('utf8').split('\0').slice(0, -1);
}

interface MergePairsOptions {
  readonly commonDir: string;
  /** `ours` first: its `.gitattributes` decide in a real merge. */
  readonly pairs: readonly MergePair[];
  /** Whose `.gitattributes` count (`merge=union`, `-merge`): the target, or what all started from. Null: none. */
  readonly attributesOf: CommitId | null;
  readonly signal?: AbortSignal;
}

/**
 * Merges each pair of commits in memory, all pairs in two git processes. Leaves nothing behind, so that the trees are not there
 * to be read. Null: unknown. No merge driver that the repository configures runs.
 */
async function mergePairs(o: MergePairsOptions): Promise<(Merged | null)[]> {
  if (o.pairs.length === 0) return [];
  return withMergeScratch(o, (scratch) => scratch.merge(o.pairs, o.signal === undefined ? {} : { signal: o.signal }));
}
