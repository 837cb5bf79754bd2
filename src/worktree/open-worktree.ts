import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Repository } from '../git/spawn/repository.ts';
import { dotGitOf, worktreeEntries } from '../git/worktree/checkouts.ts';
import { isOwnWorktree, type RecordedWorktree } from '../git/worktree/own-path.ts';
import type { AbsolutePath } from '../model/ids.ts';
import { readRecord, type WorktreeRecord } from './worktree-record.ts';

/**
 * copse's complete worktree with this nonce, proven: git's entry has copse's record and points to a real folder. That is its path,
 * also after `git worktree move`; `path` is only the first place to look. Without a nonce: any of copse's at `path`. The folder's own
 * `.git` proves nothing: an agent can write it. null: none.
 */
export async function openWorktree(o: {
  readonly repository: Pick<Repository, 'commonDir' | 'root' | 'bare'>;
  readonly path: AbsolutePath;
  readonly nonce: string | null;
}): Promise<WorktreeRecord | null> {
  const wanted = o.nonce === null ? await realFolder(o.path) : null;
  if (o.nonce === null && wanted === null) return null;
  // git names the entry for the folder: looking there first spares reading the others.
  const likely = basename(o.path);
  const entries = await worktreeEntries(o.repository.commonDir);
  for (const gitDir of entries.sort((a, b) => Number(basename(b) === likely) - Number(basename(a) === likely))) {
    const record = await readRecord(gitDir);
    if (record === null || record.gitDir !== gitDir || (o.nonce !== null && record.nonce !== o.nonce)) continue;
    const pointer = await dotGitOf(gitDir);
    const path = pointer === null ? null : dirname(pointer);
    if (path === null || (o.nonce === null && path !== wanted) || (await realFolder(path)) !== path) continue;
    if (!(await isOurs(o.repository, { path, gitDir }))) continue;
    return { ...record, path };
  }
  return null;
}

/**
 * An entry can come with an archive and name any folder. Ours is one that leads back, or is where worktrees of this repository are made: there
 * an agent can have changed its `.git`, which is put right before git looks at it.
 */
async function isOurs(repository: Pick<Repository, 'commonDir' | 'root' | 'bare'>, worktree: RecordedWorktree): Promise<boolean> {
  return dirname(worktree.path) === `${repository.root}.worktrees` || isOwnWorktree(repository, worktree);
}

/** git's path of each worktree that copse created, by its nonce; the folder itself may be gone. */
export async function registeredPaths(commonDir: AbsolutePath): Promise<ReadonlyMap<string, AbsolutePath>> {
  const places = await Promise.all(
    (await worktreeEntries(commonDir)).map(async (gitDir): Promise<readonly [string, AbsolutePath][]> => {
      const [record, pointer] = await Promise.all([readRecord(gitDir), dotGitOf(gitDir)]);
      return record === null || pointer === null ? [] : [[record.nonce, dirname(pointer)]];
    }),
  );
  return new Map(places.flat());
}

/** git's entry of the worktree with this nonce, whether or not its folder is there. */
export async function entryOf(
  commonDir: AbsolutePath,
  nonce: string,
): Promise<{ readonly gitDir: AbsolutePath; readonly path: AbsolutePath } | null> {
  for (const gitDir of await worktreeEntries(commonDir)) {
    const pointer = (await readRecord(gitDir))?.nonce === nonce ? await dotGitOf(gitDir) : null;
    if (pointer !== null) return { gitDir, path: dirname(pointer) };
  }
  return null;
}

/** Real path of a folder that is one itself, not through a symlink in its place. */
async function realFolder(path: string): Promise<AbsolutePath | null> {
  try {
    return (await lstat(path)).isDirectory() ? join(await realpath(dirname(path)), basename(path)) : null;
  } catch {
    // Missing, or its parent is.
    return null;
  }
}
