import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { readRegular } from '../../git/spawn/read-regular.ts';
import type { Repository } from '../../git/spawn/repository.ts';
import type { AbsolutePath } from '../../model/ids.ts';

/** More folders than this side by side are not searched. */
const MOST = 2000;

/**
 * The new path of a worktree's folder that was moved: beside its old place or beside the repository, recognised by its
 * `.git`. null: not found there.
 */
export async function movedFolder(
  repository: Repository,
  path: AbsolutePath,
  gitDir: AbsolutePath,
): Promise<AbsolutePath | null> {
  const places = new Set([dirname(path), dirname(dirname(path)), dirname(repository.root), repository.root]);
  for (const place of places) {
    const entries = await readdir(place, { withFileTypes: true }).catch(() => []); // Gone with the worktree, or not ours to read.
    for (const entry of entries.slice(0, MOST)) {
      if (!entry.isDirectory()) continue;
      const folder = join(place, entry.name);
      const pointer = (await readRegular(join(folder, '.git')))?.trim() ?? '';
      if (pointer.startsWith('gitdir: ') && resolve(folder, pointer.slice('gitdir: '.length)) === gitDir) return folder;
    }
  }
  return null;
}
