import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { rm, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { shellWord } from '../text/shell-word.ts';
import { isErrno } from './files.ts';

/** Errors for a file or folder that cannot be deleted: another user's, read-only, immutable, mounted. */
const REFUSALS = ['EACCES', 'EPERM', 'EROFS', 'EBUSY'] as const;

/**
 * Deletes a folder and all in it, read-only folders too (Go's module cache is full of them). Nothing there: fine. Rejects if
 * something in it cannot be deleted; everything else in it is gone then.
 */
export async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    if (!isErrno(error, ...REFUSALS, 'ENOTEMPTY')) throw error;
    openFolders(path);
    await removeSingly(path);
  }
}

/** As {@link removeTree}, for what must not stop anybody: why something is still there, with the command that frees it; null: all is gone. */
export async function removeWhatGoes(path: string): Promise<string | null> {
  try {
    await removeTree(path);
    return null;
  } catch (error) {
    if (!isErrno(error, ...REFUSALS, 'ENOTEMPTY')) throw error;
    return `${error.path ?? path} could not be deleted (${error.code}): no permission, or it is in use. Delete it yourself: sudo rm -rf ${shellWord(path)}`;
  }
}

/**
 * One entry after the other, past those that stay: Node's `rm` rejects at the first. It does not stop there, though: deletions that it has
 * begun continue, so that any entry may be gone when its turn comes. Rejects with the error of the first that stays.
 */
async function removeSingly(path: string): Promise<void> {
  let first: unknown = null;
  try {
    if (!lstatSync(path).isDirectory()) return await unlink(path);
    for (const entry of readdirSync(path)) {
      try {
        await removeSingly(join(path, entry));
      } catch (error) {
        if (!isErrno(error, ...REFUSALS, 'ENOTEMPTY')) throw error;
        first ??= error;
      }
    }
    if (first === null) await rmdir(path);
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
  }
  if (first !== null) throw first;
}

/** Makes folders ones that can be emptied; those of other users stay as they are. */
export function openFolders(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  try {
    chmodSync(path, 0o700);
    for (const entry of readdirSync(path, { withFileTypes: true })) if (entry.isDirectory()) openFolders(join(path, entry.name));
  } catch (error) {
    // Another user's, or on a read-only disk: deleting it will fail with the reason. Or deleted meanwhile.
    if (!isErrno(error, ...REFUSALS, 'ENOENT')) throw error;
  }
}

/** Makes one folder movable: a folder's `..` changes with its parent, so that it must be writable itself. */
export function openFolder(path: string): void {
  try {
    chmodSync(path, lstatSync(path).mode | 0o700);
  } catch (error) {
    if (!isErrno(error, ...REFUSALS)) throw error;
  }
}
