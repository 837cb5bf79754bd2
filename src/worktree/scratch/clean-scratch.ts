import { GitError } from '../../git/spawn/git-error.ts';
import type { Git } from '../../git/spawn/git-in.ts';
import type { AbsolutePath } from '../../model/ids.ts';
import { openFolders } from '../../system/remove-tree.ts';
import { makeCacheFolder } from '../caches/make-cache-folder.ts';

/** Deletes what git does not track in the scratch worktree, except `keep`, and makes its cache folder anew. */
export async function cleanScratch(git: Git, path: AbsolutePath, keep: readonly string[]): Promise<void> {
  const args = ['clean', '-ffdxq', ...keep.flatMap((one) => ['-e', `/${escaped(one)}`])];
  try {
    await git.run(args);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    // It does not empty read-only folders, as Go's module cache has them.
    openFolders(path);
    await git.run(args);
  }
  await makeCacheFolder(path);
}

/** A path as a pattern that matches nothing else. */
function escaped(path: string): string {
  return path.replace(/[\\*?[\]!#]/g, '\\$&').replace(/ $/, '\\ ');
}
