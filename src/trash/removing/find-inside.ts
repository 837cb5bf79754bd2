import { lstatSync, readdirSync, type Stats, statfsSync } from 'node:fs';
import { join } from 'node:path';
import type { AbsolutePath } from '../../model/ids.ts';
import { isErrno } from '../../system/files.ts';

/** Reasons that a folder cannot be moved as a whole. */
export interface FoundInside {
  readonly path: AbsolutePath;
  /** `repository`: its own history, which copse does not know. `mount`: another file system. `unreadable`: unknown contents. */
  readonly kind: 'repository' | 'mount' | 'unreadable';
}

/**
 * The first of some folders that look like bare repositories of which git has not every file; a fixture is none of them. No `.git` can be
 * tracked.
 */
export type FirstUntracked = (folders: readonly AbsolutePath[]) => Promise<AbsolutePath | null>;

/**
 * The first repository or mount point below a folder (its own `.git` is none), wherever it hides: git's own looks stop at ignored
 * folders. null: none. Symlinks are not followed. Unreadable folders count like a repository: it is unknown
 * what is in them.
 */
export async function findInside(folder: AbsolutePath, firstUntracked: FirstUntracked): Promise<FoundInside | null> {
  const { dev } = lstatSync(folder);
  const counts = COUNTING.has(statfsSync(folder).type);
  const pending: AbsolutePath[] = [folder];
  const bare: AbsolutePath[] = [];
  for (let here = pending.pop(), seen = 1; here !== undefined; here = pending.pop(), seen += 1) {
    // Synchronous: a tenth of the time for thousands of folders. A pause now and then keeps the loop alive.
    if (seen % 256 === 0) await new Promise((resolve) => setImmediate(resolve));
    const stat = lstatSync(here, { throwIfNoEntry: false });
    if (stat === undefined) continue;
    if (stat.dev !== dev) return { path: here, kind: 'mount' };
    try {
      const inside = here === folder ? null : repositoryAt(here, !counts || mayHaveFolders(stat));
      if (inside?.bare === false) return { path: here, kind: 'repository' };
      if (inside?.bare === true) bare.push(here);
      if (!counts || mayHaveFolders(stat))
        for (const entry of readdirSync(here, { withFileTypes: true }))
          if (entry.isDirectory()) pending.push(join(here, entry.name));
    } catch (error) {
      if (isErrno(error, 'EACCES')) return { path: here, kind: 'unreadable' };
      throw error;
    }
  }
  const repository = bare.length === 0 ? null : await firstUntracked(bare);
  return repository === null ? null : { path: repository, kind: 'repository' };
}

/** A folder with `.git`, or one that is itself a git directory (a bare repository). */
function repositoryAt(folder: string, mayHold: boolean): { readonly bare: boolean } | null {
  if (lstatSync(join(folder, '.git'), { throwIfNoEntry: false }) !== undefined) return { bare: false };
  // Two folders are in one of these.
  if (!mayHold) return null;
  const bare = ['HEAD', 'objects', 'refs'].every(
    (name) => lstatSync(join(folder, name), { throwIfNoEntry: false }) !== undefined,
  );
  return bare ? { bare } : null;
}

/** Magic numbers (statfs(2)) of ext2 to 4, XFS, tmpfs and overlayfs. Others may say 2 of every folder: CIFS, much of FUSE. */
const COUNTING: ReadonlySet<number> = new Set([0xef53, 0x58465342, 0x01021994, 0x794c7630]);

/**
 * A folder has one link for its name, one for its `.`, and one for the `..` of each folder in it, if the file system counts them:
 * most folders of a tree need not be listed then.
 */
function mayHaveFolders(stat: Stats): boolean {
  return stat.nlink !== 2;
}
