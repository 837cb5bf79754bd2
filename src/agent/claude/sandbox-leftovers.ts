import { lstat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isErrno } from '../../system/files.ts';

/** What Claude Code's sandbox hides or protects at the top of a worktree, whether it exists there or not (2.1.329, Linux). */
const PROTECTED = [
  '.bash_profile',
  '.bashrc',
  '.gitconfig',
  '.gitmodules',
  '.idea',
  '.mcp.json',
  '.profile',
  '.ripgreprc',
  '.vscode',
  '.zprofile',
  '.zshrc',
];

/**
 * Removes what a killed sandbox leaves at the top of a worktree: bubblewrap makes an empty file, mode 0444, as the place to mount
 * over each protected path that does not exist, and Claude Code removes them after the command, which SIGKILL prevents.
 * Nothing else is touched: git never writes mode 0444. Call it when no process of the attempt is left.
 */
export async function removeSandboxLeftovers(worktree: string): Promise<void> {
  for (const name of PROTECTED) {
    const file = join(worktree, name);
    try {
      const stat = await lstat(file);
      if (stat.isFile() && stat.size === 0 && (stat.mode & 0o777) === 0o444) await unlink(file);
    } catch (error) {
      // Mostly it does not exist; if the worktree is gone or unreadable, the commit that follows reports it.
      if (!isErrno(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EROFS')) throw error;
    }
  }
}
