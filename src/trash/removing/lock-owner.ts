import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AbsolutePath } from '../../model/ids.ts';
import { startOf } from '../../system/processes/process-identity.ts';

/** As Claude Code locks the worktrees of its agents and sessions: `claude agent a1b2 (pid 123)`, newer ones `(pid 123 start 4711)`. */
const OF_A_PROCESS = /^claude (?:agent|session|\S+) .*\(pid (\d+)(?: start ([^)]+))?\)$/s;

/** Clocks of files and processes are not read from the same place. */
const SLACK_MS = 2_000;

/**
 * Whether the reason of a worktree's lock names a process that is gone: no such pid, or one that began after the lock was written, as
 * every process did after a boot. An unknown state is no proof.
 */
export async function isOwnerGone(gitDir: AbsolutePath, reason: string): Promise<boolean> {
  const [, pid, noted] = OF_A_PROCESS.exec(reason) ?? [];
  if (pid === undefined) return false;
  const start = await startOf(Number(pid));
  if (start === null) return true;
  if (start.at === null || (noted !== undefined && start.startTime === noted)) return false;
  const lock = await lstat(join(gitDir, 'locked')).catch(() => null); // Unlocked meanwhile: examined again before anything is removed.
  return lock !== null && start.at > lock.mtimeMs + SLACK_MS;
}
