import { lstat, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { copyIndex } from './copy-index.ts';

const PATIENCE_MS = 1000;

/**
 * Makes a copy of an index the worktree's own, by git's protocol: `index.lock` is created exclusively, then renamed. Returns false
 * when the lock stays held: a git that was killed may have left it, or a person works there, and neither is ours to delete.
 */
export async function installIndex(from: string, gitDir: string): Promise<boolean> {
  const lock = join(gitDir, 'index.lock');
  const started = performance.now();
  for (let round = 0; ; round += 1) {
    try {
      await copyIndex(from, lock, { exclusive: true });
      break;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      if (performance.now() - started > PATIENCE_MS) return false;
      await new Promise((resolve) => setTimeout(resolve, Math.min(200, 20 * 2 ** round)));
    }
  }
  try {
    await rename(lock, join(gitDir, 'index'));
    return true;
  } catch (error) {
    await rm(lock, { force: true });
    throw error;
  }
}

/** The worktree's own index if git can open it safely, else copse's: an agent can put a named pipe in its place. */
export async function usableIndex(paths: { readonly gitDir: string; readonly index: string }): Promise<string> {
  const own = join(paths.gitDir, 'index');
  const stat = await lstat(own).catch(() => null); // Not there: an empty worktree, or deleted by the agent.
  return stat?.isFile() === true ? own : paths.index;
}
