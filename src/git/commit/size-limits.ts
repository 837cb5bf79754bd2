import { lstat } from 'node:fs/promises';
import type { Plan } from '../../model/plan.ts';
import { forEachAtMost } from '../../system/for-each-at-most.ts';
import { pathBytes, type RawPath } from '../worktree/working-changes.ts';

/** Of what one commit takes from the files, bytes as `ls` shows them: git reads the holes of a sparse file too. */
export interface SizeLimits {
  readonly file: number;
  /** Of all files together. */
  readonly total: number;
}

export const SIZE_LIMITS: SizeLimits = { file: 100e6, total: 1e9 };

/** Those that a plan sets. */
export function limitsOf({ commit }: Pick<Plan, 'commit'>): Partial<SizeLimits> {
  const { maxBytes, maxTotalBytes } = commit;
  return {
    ...(maxBytes === undefined ? {} : { file: maxBytes }),
    ...(maxTotalBytes === undefined ? {} : { total: maxTotalBytes }),
  };
}

/**
 * Which of the paths are too large to be committed, with their sizes, largest first. Beyond the total, small files get in before large
 * ones. Looks at sizes alone: reading a sparse file of 20 GiB takes minutes, and each later look at the commit again.
 */
export async function tooLarge(
  worktree: string,
  paths: readonly RawPath[],
  limits: SizeLimits,
): Promise<ReadonlyMap<RawPath, number>> {
  const sizes: [RawPath, number][] = [];
  await forEachAtMost(16, paths, async (path) => {
    const stat = await lstat(pathBytes(worktree, path)).catch(() => null); // Gone, or not ours to look at: git tells.
    if (stat?.isFile() === true) sizes.push([path, stat.size]);
  });
  sizes.sort(([a, sizeA], [b, sizeB]) => sizeA - sizeB || (a < b ? -1 : 1));
  const large: [RawPath, number][] = [];
  let total = 0;
  for (const [path, size] of sizes) {
    if (size > limits.file || total + size > limits.total) large.push([path, size]);
    else total += size;
  }
  return new Map(large.reverse());
}
