import { dirname, join, resolve } from 'node:path';
import { readRegular } from '../../git/spawn/read-regular.ts';
import { moveOwn, ownEntry, ownWorktree } from '../../git/worktree/own-path.ts';
import type { AbsolutePath } from '../../model/ids.ts';
import type { TrashedWorktree } from '../../model/operation.ts';
import { exists } from '../../system/files.ts';
import { ownReturn, type ProvenWorktree, type TrashOwner } from '../own-trash.ts';
import { pointTo, removeEmpty } from '../removing/move-away.ts';

/** Moves a folder out of the trash to `path`, which is free, and lets git's entry point there. Doing it again changes nothing. */
export async function putFolderBack(o: TrashOwner, worktree: ProvenWorktree, path: AbsolutePath): Promise<void> {
  if (worktree.missing) {
    if (!(await exists(worktree.trashPath))) return;
    // No folder points to the entry, so any name will do if its own is taken.
    let { gitDir } = worktree;
    for (let n = 2; await exists(gitDir); n += 1) gitDir = await ownEntry(o.repository, `${worktree.gitDir}-${n}`);
    // This makes the folder of all entries too, which git removes with the last of them.
    await moveOwn(worktree.trashPath, gitDir);
  } else {
    const place = await ownReturn(o, worktree, path);
    if (await exists(worktree.trashPath)) await moveOwn(worktree.trashPath, place);
    // If the entry leads elsewhere by now, the user has moved the worktree.
    const pointer = (await readRegular(join(worktree.gitDir, 'gitdir')))?.trim() ?? '';
    if (isFrom(worktree, pointer)) {
      const { gitDir, trashPath } = worktree;
      await pointTo(worktree, await ownWorktree(o.repository, { path: place, gitDir }, [trashPath, worktree.path]));
    }
  }
  await removeEmpty(worktree.trashPath);
}

/** Whether git's entry leads into the trash, or, in an interrupted move, still to the folder's former path. */
function isFrom(worktree: TrashedWorktree, pointer: string): boolean {
  const at = dirname(resolve(worktree.gitDir, pointer));
  return at === worktree.trashPath || at === worktree.path;
}
