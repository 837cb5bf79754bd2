import { join } from 'node:path';
import type { AbsolutePath } from '../../model/ids.ts';
import { copyIndex } from '../spawn/copy-index.ts';
import { firstLine, GitError } from '../spawn/git-error.ts';
import { gitIn } from '../spawn/git-in.ts';
import { linkFilterState, type ShadowPaths } from '../spawn/shadow-directory.ts';
import { split } from './working-changes.ts';

/**
 * Writes the files of filters that could not run when a worktree was filled, after its set-up has unlocked them. No agent has been there yet,
 * so git reads the worktree's own configuration, in which set-up may have left what the filter needs. Why one still cannot run; null: all
 * are filled.
 */
export async function fillFiltered(o: {
  readonly worktree: AbsolutePath;
  readonly shadow: ShadowPaths;
  readonly drivers: readonly string[];
}): Promise<string | null> {
  const git = gitIn(o.worktree);
  linkFilterState(o.shadow);
  for (const driver of o.drivers) {
    const { stdout } = await git.run(['ls-files', '-z', '--', `:(top,attr:filter=${driver})`]);
    if (split(stdout).length === 0) continue;
    try {
      await git.run(['checkout-index', '--force', '--index', '-z', '--stdin'], { input: stdout });
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      return `The filter ${driver} cannot run in it, after set-up either: ${firstLine(error.stderr)}`;
    }
  }
  await copyIndex(join(o.shadow.gitDir, 'index'), o.shadow.index);
  return null;
}
