import { createHash } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import {
  type MergeInto,
  MOST_MERGES,
  mergesInto,
  type PairConflict,
  pairConflicts,
  type Side,
} from '../git/merging/pair-conflicts.ts';
import { objectsGit } from '../git/spawn/git-in.ts';
import type { Repository } from '../git/spawn/repository.ts';
import type { CommitId } from '../model/ids.ts';
import type { Store } from '../store/layout.ts';
import { isErrno, makePrivateDirectory, readTextIfExists, replaceFile } from '../system/files.ts';

export interface Merges {
  readonly pairs: readonly PairConflict[];
  /** Each into the target; none if there is no target. */
  readonly merges: readonly (MergeInto | null)[];
}

export interface MergesOptions {
  readonly repository: Repository;
  readonly store: Store;
  readonly sides: readonly Side[];
  readonly target: CommitId | null;
  /** The commit whose attributes count for pairs: the one that all started from. */
  readonly attributesOf: CommitId | null;
  /** Merges again, whatever is known. */
  readonly fresh: boolean;
  readonly signal?: AbortSignal;
}

/** Of more selections than anybody switches between. */
const KEPT = 16;

const KNOWN = z.object({
  pairs: z.array(
    z.object({
      a: z.number(),
      b: z.number(),
      files: z.array(z.string()),
      clean: z.nullable(z.boolean()),
      conflicts: z.array(z.string()),
    }),
  ),
  merges: z.array(z.nullable(z.object({ clean: z.boolean(), conflicts: z.array(z.string()) }))),
});

/**
 * Every pair of the sides merged, and each side into the target. Merging 20 variants of 10,000 files takes longer than everything else that
 * is examined, and commits never change: results are stored in `<store>/cache/merges/`, where anything can be deleted.
 */
export async function knownMerges(o: MergesOptions): Promise<Merges> {
  const folder = join(o.store.root, 'cache', 'merges');
  const file = join(folder, `${await digestOf(o)}.json`);
  const known = o.fresh ? null : read(await readTextIfExists(file));
  if (known !== null) return known;
  const { commonDir } = o.repository;
  const signal = o.signal === undefined ? {} : { signal: o.signal };
  const [pairs, merges] = await Promise.all([
    pairConflicts(commonDir, o.sides, { attributesOf: o.attributesOf, ...signal }),
    o.target === null ? [] : mergesInto(commonDir, o.target, o.sides, signal),
  ]);
  // A result that is unknown may be known once the history is there.
  const isTold = pairs.every(({ clean }) => clean !== null) || pairs.length > MOST_MERGES;
  if (isTold && merges.every((merge) => merge !== null)) await keep(folder, file, { pairs, merges });
  return { pairs, merges };
}

/** Of all that decides how they merge: the commits and what each changed, and git with its whole configuration. */
async function digestOf(o: MergesOptions): Promise<string> {
  const git = objectsGit(o.repository.commonDir);
  const [version, config] = await Promise.all([git.run(['version']), git.run(['config', '--list', '-z'])]);
  return createHash('sha256')
    .update(JSON.stringify([1, version.text, config.text, o.attributesOf, o.target, o.repository.shallow, o.sides]))
    .digest('hex');
}

function read(text: string | null): Merges | null {
  if (text === null) return null;
  try {
    return z.safeParse(KNOWN, JSON.parse(text)).data ?? null;
  } catch {
    // Truncated or overwritten: computed again.
    return null;
  }
}

async function keep(folder: string, file: string, merges: Merges): Promise<void> {
  try {
    await makePrivateDirectory(folder);
    await replaceFile(file, `${JSON.stringify(merges)}\n`);
    const files = (await readdir(folder)).map((name) => join(folder, name));
    if (files.length <= KEPT) return;
    const aged = await Promise.all(files.map(async (path) => ({ path, at: (await stat(path)).mtimeMs })));
    for (const { path } of aged.toSorted((a, b) => b.at - a.at).slice(KEPT)) await rm(path, { force: true });
  } catch (error) {
    // The result is valid, and computed again next time. ENOENT: another compare removed the same.
    if (!isErrno(error, 'ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'ENOENT')) throw error;
  }
}
