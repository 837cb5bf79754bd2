import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AbsolutePath } from '../../model/ids.ts';
import { exists } from '../../system/files.ts';
import { copyIndex } from '../spawn/copy-index.ts';
import { distrustedGit, type Git } from '../spawn/git-in.ts';
import { usableIndex } from '../spawn/install-index.ts';
import { shadowPaths } from '../spawn/shadow-directory.ts';

export interface IndexPlace {
  readonly commonDir: AbsolutePath;
  readonly gitDir: AbsolutePath;
  readonly path: AbsolutePath;
}

/** git with a copy of a worktree's index that it may write to; no filter runs. The copy is deleted afterwards. */
export async function withIndexCopy<T>(place: IndexPlace, act: (git: Git) => Promise<T>): Promise<T> {
  const shadow = shadowPaths(place.commonDir, place.gitDir);
  const looking = distrustedGit({ ...place, workTree: place.path, filters: 'none' });
  // Creates the shadow if there is none yet.
  await looking.run(['rev-parse', '--git-dir']);
  const index = join(shadow.dir, `index.${randomBytes(4).toString('hex')}`);
  try {
    const own = await usableIndex(shadow);
    if (await exists(own)) await copyIndex(own, index);
    return await act(distrustedGit({ ...place, workTree: place.path, index, filters: 'none' }));
  } finally {
    await rm(index, { force: true });
    await rm(`${index}.lock`, { force: true });
  }
}
