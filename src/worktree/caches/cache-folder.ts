import { lstat, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Repository } from '../../git/spawn/repository.ts';
import { freePlace, ownBelow, removeOwn } from '../../git/worktree/own-path.ts';
import { CACHE_FOLDER } from '../../model/cache-folder.ts';
import type { AbsolutePath } from '../../model/ids.ts';
import { isErrno } from '../../system/files.ts';
import { CARGO_FOLDER } from './result-caches.ts';

/** Makes the folder, with the file by which git ignores it. Whatever else is in its place stays. */
export async function makeCacheFolder(worktree: AbsolutePath): Promise<void> {
  const folder = join(worktree, CACHE_FOLDER);
  try {
    await mkdir(folder);
    await writeFile(join(folder, '.gitignore'), '*\n', { flag: 'wx' });
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
  }
}

/**
 * Before checks run in an agent's worktree: results of the agent's own runs do not count. Of cargo's it does not, as little as of `target`:
 * cargo compares what it built from.
 */
export async function clearResultCaches(repository: Repository, worktree: AbsolutePath): Promise<void> {
  await makeCacheFolder(worktree);
  const folder = join(worktree, CACHE_FOLDER);
  if (!(await lstat(folder)).isDirectory()) return;
  const own = await ownBelow(await freePlace(repository, worktree), CACHE_FOLDER);
  for (const name of await readdir(folder)) {
    if (name !== '.gitignore' && name !== CARGO_FOLDER) await removeOwn(await ownBelow(own, name));
  }
}
