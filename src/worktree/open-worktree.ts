import { lstat, readdir, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readRegular } from '../git/door/read-regular.ts';
import type { Repository } from '../git/door/repository.ts';
import type { AbsolutePath } from '../model/ids.ts';

import { readRecord, type WorktreeRecord } from './worktree-record.ts';

/**
 * The whole worktree of ours at `path`, proven: git's entry points to this real folder, and our record in the entry names it with
 * this nonce (`null`: any). What the folder's own `.git` says proves nothing: an agent can write it. null: none.
 */
export async function openWorktree(o: {
  readonly repository: Repository;
  readonly path: AbsolutePath;
  readonly nonce: string | null;
}): Promise<WorktreeRecord | null> {
  const path = await realFolder(o.path);
  if (path === null) return null;
  const entries = join(o.repository.commonDir, 'worktrees');
  const names = await readdir(entries).catch(() => []); // No linked worktree was ever made.
  // git names the entry for the folder: looking there first spares reading the others.
  const likely = basename(path);
  for (const name of names.sort((a, b) => Number(b === likely) - Number(a === likely))) {
    const gitDir = join(entries, name);
    if ((await readRegular(join(gitDir, 'gitdir')))?.trim() !== `${path}/.git`) continue;
    const record = await readRecord(gitDir);
    if (record === null || record.path !== path || record.gitDir !== gitDir) continue;
    if (o.nonce !== null && record.nonce !== o.nonce) continue;
    return record;
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
