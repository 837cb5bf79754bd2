import { existsSync } from 'node:fs';
import { lstat, mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Repository } from '../git/spawn/repository.ts';
import type { AbsolutePath } from '../model/ids.ts';
import type { OperationId } from '../model/operation.ts';
import type { Store } from '../store/layout.ts';
import { isErrno } from '../system/files.ts';
import { shellWord } from '../text/shell-word.ts';
import { isInside } from '../worktree/worktree-place.ts';
import { removeYourself } from './removing/remove-yourself.ts';

/** Beside the worktrees, so that moving is one rename on one device. */
export const TRASH = '.copse-trash';

/** `checkouts`: tops of all worktrees, in which no file of copse may appear. `trashRoot`: the trash for a worktree that is in one. */
export interface TrashPlaceOptions {
  readonly repository: Repository;
  readonly checkouts: readonly AbsolutePath[];
  readonly trashRoot: AbsolutePath | null;
}

/** The folder that holds the trash for the worktree at `path`. */
export function trashRootOf(o: TrashPlaceOptions, path: AbsolutePath): AbsolutePath {
  const parent = dirname(path);
  const inCheckout = o.checkouts.some((top) => top !== path && isInside(parent, top));
  return inCheckout ? (o.trashRoot ?? `${o.repository.root}.worktrees`) : parent;
}

/** Why a worktree cannot be moved into the trash of this folder, one sentence; null: it can. */
export async function trashProblem(root: AbsolutePath, path: AbsolutePath): Promise<string | null> {
  const own = (await lstat(path)).dev;
  let existing = join(root, TRASH);
  while (!existsSync(existing)) existing = dirname(existing);
  const stat = await lstat(existing);
  if (!stat.isDirectory())
    return `${existing} is not a folder, so there is no place for the trash. Look: ls -ld ${shellWord(existing)}`;
  // Both: a folder that is a mount point itself has another device than its parent.
  if (stat.dev !== own || (await lstat(dirname(path))).dev !== own)
    return `It is on another disk than ${existing}, where the trash would be. ${removeYourself(path, { force: false })}`;
  return null;
}

/** Where a worktree goes in the trash of `root`; with a number where its folder's name is among `taken`. */
export function trashPathOf(
  root: AbsolutePath,
  operation: OperationId,
  path: AbsolutePath,
  taken: ReadonlySet<string>,
): AbsolutePath {
  const first = join(root, TRASH, operation, basename(path));
  for (let n = 2, at = first; ; at = `${first}-${n}`, n += 1) if (!taken.has(at)) return at;
}

/** Where git's entry of a worktree goes whose folder is gone. */
export function savedEntryPath(store: Store, operation: OperationId, n: number): AbsolutePath {
  return join(store.root, 'trash', operation, String(n));
}

/** Makes the folder that an item is moved into. Nothing in the trash is anything to a repository around it. */
export async function makeTrashFolder(trashPath: AbsolutePath): Promise<void> {
  const folder = dirname(trashPath);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (basename(dirname(folder)) !== TRASH) return;
  await writeFile(join(dirname(folder), '.gitignore'), '*\n', { flag: 'wx' }).catch((error: unknown) => {
    if (!isErrno(error, 'EEXIST')) throw error;
  });
}
