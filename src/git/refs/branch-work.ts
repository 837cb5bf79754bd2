import type { CommitId } from '../../model/ids.ts';
import { simpleGitIn } from '../spawn/simple-git.ts';

/** The commits of a tip that `base` does not have: how many commits, and when the last one was made. */
export async function branchWork(cwd: string, base: CommitId, tip: CommitId): Promise<{ commits: number; lastAt: Date }> {
  const git = simpleGitIn(cwd);
  const [count, last] = await Promise.all([
    git.raw('rev-list', '--count', tip, `^${base}`),
    git.log([tip, '--max-count=1', '--no-show-signature']),
  ]);
  return { commits: Number(count), lastAt: new Date(last.latest?.date ?? 0) };
}
