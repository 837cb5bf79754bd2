import { createHash } from 'node:crypto';
import { type BigIntStats, createReadStream } from 'node:fs';
import { lstat, readlink } from 'node:fs/promises';
import type { AbsolutePath } from '../model/ids.ts';
import { exists } from '../system/files.ts';
import { distrustedGit } from './door.ts';
import { forEachAtMost } from './for-each-at-most.ts';
import type { Repository } from './repository.ts';
import { shadowPaths } from './shadow-directory.ts';
import { pathBytes, type RawPath, split } from './working-changes.ts';

export interface FileTrace {
  readonly size: number;
  /** Nanoseconds, as text: beyond what a number holds. */
  readonly mtimeNs: string;
  /** sha256 of the content; null where reading it all would have taken too long. */
  readonly digest: string | null;
}

/**
 * What stood untracked, and not ignored, before an attempt: left by setup or copied. Plain data, one character per byte of a path.
 */
export interface UntrackedSnapshot {
  readonly schema: 1;
  readonly files: Readonly<Record<RawPath, FileTrace>>;
  readonly repositories: readonly RawPath[];
  /** Repository-relative paths of ignored files and folders that were copied in: their content is not for committing. */
  readonly copied: readonly string[];
}

/** For a worktree of which nobody took one. */
export const NOTHING_UNTRACKED: UntrackedSnapshot = { schema: 1, files: {}, repositories: [], copied: [] };

/** Setup may leave a whole dependency folder that nobody ignores: beyond this, size and time must do. */
const MAX_DIGESTED_BYTES = 256 * 1024 * 1024;

/** What stands untracked in a worktree before an attempt, so that its commit takes only what came or changed since. */
export async function untrackedSnapshot(o: {
  readonly repository: Repository;
  readonly worktree: AbsolutePath;
  readonly gitDir: AbsolutePath;
  readonly copied?: readonly string[];
}): Promise<UntrackedSnapshot> {
  const { commonDir } = o.repository;
  const { index } = shadowPaths(commonDir, o.gitDir);
  // Ours, where there is one: what an agent only staged is untracked to the commit as well.
  const git = distrustedGit({ gitDir: o.gitDir, workTree: o.worktree, commonDir, ...((await exists(index)) ? { index } : {}) });
  const paths = split((await git.run(['ls-files', '-z', '--others', '--exclude-standard'])).stdout);
  const files: Record<RawPath, FileTrace> = {};
  let digested = 0;
  await forEachAtMost(
    8,
    paths.filter((path) => !path.endsWith('/')),
    async (path) => {
      const bytes = pathBytes(o.worktree, path);
      const stat = await statIfExists(bytes);
      if (stat === null) return;
      digested += Number(stat.size);
      const digest = digested > MAX_DIGESTED_BYTES ? null : await digestOf(bytes, stat);
      files[path] = { size: Number(stat.size), mtimeNs: String(stat.mtimeNs), digest };
    },
  );
  const repositories = paths.filter((path) => path.endsWith('/')).map((path) => path.slice(0, -1));
  return { schema: 1, files, repositories, copied: o.copied ?? [] };
}

/** Whether a file is still what the snapshot saw: not the agent's work. */
export async function isUnchanged(snapshot: UntrackedSnapshot, worktree: string, path: RawPath): Promise<boolean> {
  const before = Object.hasOwn(snapshot.files, path) ? snapshot.files[path] : undefined;
  if (before === undefined) return false;
  const bytes = pathBytes(worktree, path);
  const stat = await statIfExists(bytes);
  if (stat === null || Number(stat.size) !== before.size) return false;
  if (String(stat.mtimeNs) === before.mtimeNs && before.digest === null) return true;
  // Size and time can be put back (`touch -r`, an unpacked archive): where there is a digest it decides.
  return before.digest !== null && (await digestOf(bytes, stat)) === before.digest;
}

/** sha256 of a file's content, or of a symlink's target. null: it cannot be read. */
export async function digestOf(path: Buffer | string, stat: BigIntStats): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    if (stat.isSymbolicLink())
      return hash
        .update('link\0')
        .update(await readlink(path))
        .digest('hex');
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
    return hash.digest('hex');
  } catch {
    // Unreadable or gone meanwhile: without a digest it counts as changed, and what is then done with it says why.
    return null;
  }
}

/** Without following symlinks; null: it is not there, or may not be looked at. */
export async function statIfExists(path: Buffer | string): Promise<BigIntStats | null> {
  try {
    return await lstat(path, { bigint: true });
  } catch {
    // Gone between git's listing and this look.
    return null;
  }
}
