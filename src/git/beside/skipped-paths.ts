import type { Git } from '../spawn/git-in.ts';
import { type RawPath, split } from '../worktree/working-changes.ts';

/** Paths that a worktree's own index calls absent on purpose (sparse checkout). An unreadable index knows of none. */
export async function skippedPaths(own: Git): Promise<ReadonlySet<RawPath>> {
  const { stdout } = await own.run(['ls-files', '-z', '-t'], { ok: [0, 128] });
  return new Set(split(stdout).flatMap((line) => (line.startsWith('S ') ? [line.slice(2)] : [])));
}
