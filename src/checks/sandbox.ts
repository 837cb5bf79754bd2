import { dirname } from 'node:path';
import type { AbsolutePath } from '../model/ids.ts';

/**
 * Wraps a command in a sandbox equal to the one that Claude Code puts around Bash: everything readable, only the worktree and
 * a temporary folder of its own writable, no network, processes of its own. Linux with bubblewrap; planning refuses `sandbox`
 * where that is missing.
 */
export function sandboxed(
  command: readonly string[],
  { worktree, temporary }: { readonly worktree: AbsolutePath; readonly temporary: AbsolutePath },
): readonly string[] {
  return [
    'bwrap',
    '--ro-bind',
    '/',
    '/',
    '--dev',
    '/dev',
    '--proc',
    '/proc',
    '--bind',
    temporary,
    '/tmp',
    // A worktree below /tmp is hidden by that; its parent must exist before the bind.
    '--dir',
    dirname(worktree),
    '--bind',
    worktree,
    worktree,
    '--unshare-net',
    '--unshare-pid',
    '--unshare-ipc',
    '--die-with-parent',
    '--new-session',
    '--chdir',
    worktree,
    '--',
    ...command,
  ];
}
