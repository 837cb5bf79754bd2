import { copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Repository } from '../../git/spawn/repository.ts';
import { repairPointers } from '../../git/worktree/worktree-pointers.ts';
import type { BranchName } from '../../model/ids.ts';
import { exists, replaceFile } from '../../system/files.ts';
import type { Scratch } from '../../worktree/scratch/scratch.ts';

/**
 * Puts a scratch worktree on a branch for the time of `use`, so that a hook that asks for the branch gets the one that it
 * guards. With a git directory that is registered nowhere: git lets no branch be checked out twice, and this must not be taken for a
 * checkout that follows. The index is copied there and back. Killed in the middle: the next use of the worktree repairs its pointer.
 */
export async function onBranch<T>(
  o: { readonly repository: Repository; readonly scratch: Scratch; readonly branch: BranchName; readonly folder: string },
  use: () => Promise<T>,
): Promise<T> {
  const { commonDir } = o.repository;
  const { path, gitDir } = o.scratch;
  const aside = join(o.folder, 'branch.git');
  await rm(aside, { recursive: true, force: true });
  await mkdir(join(aside, 'info'), { recursive: true, mode: 0o700 });
  await replaceFile(join(aside, 'commondir'), `${commonDir}\n`);
  await replaceFile(join(aside, 'gitdir'), `${path}/.git\n`);
  for (const name of ['index', 'config.worktree', 'info/sparse-checkout'])
    if (await exists(join(gitDir, name))) await copyFile(join(gitDir, name), join(aside, name));
  await replaceFile(join(aside, 'HEAD'), `ref: refs/heads/${o.branch}\n`);
  await replaceFile(join(path, '.git'), `gitdir: ${aside}\n`);
  try {
    return await use();
  } finally {
    await repairPointers({ worktree: path, gitDir });
    // A hook stages what it wants committed.
    if (await exists(join(aside, 'index'))) await copyFile(join(aside, 'index'), join(gitDir, 'index'));
    await rm(aside, { recursive: true, force: true });
  }
}
