import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { isErrno } from '../../../system/files.ts';

const GONE = ['ENOENT', 'ENOTDIR', 'EACCES', 'EISDIR', 'ELOOP', 'ENAMETOOLONG', 'EINVAL', 'ENXIO'] as const;

/**
 * Text of a file of the worktree, at most `maxBytes`. Null if there is none, or if a symlink leads out of the worktree:
 * a clone must not make us hand over `~/.ssh`.
 */
export async function readInside(worktree: string, path: string, maxBytes: number): Promise<string | null> {
  try {
    const [root, target] = await Promise.all([realpath(worktree), realpath(path)]);
    if (!isBelow(root, target)) return null;
    return await readOwn(target, maxBytes);
  } catch (error) {
    // It is not there or not readable; Claude Code would not have found it either.
    if (isErrno(error, ...GONE)) return null;
    throw error;
  }
}

/** Text of a regular file, at most `maxBytes` of it; null if there is none, or it cannot be read. */
export async function readOwn(path: string, maxBytes: number): Promise<string | null> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    // A named pipe would keep the call waiting for a writer, for ever, and the whole run with it.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    // As above.
    if (isErrno(error, ...GONE)) return null;
    throw error;
  }
  try {
    const stat = await file.stat();
    if (!stat.isFile()) return null;
    const { buffer, bytesRead } = await file.read(
      Buffer.alloc(Math.min(stat.size, maxBytes)),
      0,
      Math.min(stat.size, maxBytes),
      0,
    );
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Whether a resolved path lies in a resolved folder and not in a git directory there. */
export function isBelow(root: string, path: string): boolean {
  if (path !== root && !path.startsWith(root.endsWith(sep) ? root : root + sep)) return false;
  return !path.slice(root.length).split(sep).includes('.git');
}
