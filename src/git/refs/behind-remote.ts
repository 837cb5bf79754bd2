import type { PlanFacts } from '../../model/plan-facts.ts';
import type { Git } from '../spawn/git-in.ts';

/** How far a branch is behind the one it tracks, as far as was fetched: no network. One git process; null if it is no branch, tracks nothing or is up to date. */
export async function behindRemote(git: Git, branch: string): Promise<PlanFacts['behindRemote']> {
  const { text } = await git.run([
    'for-each-ref',
    '--format=%(refname)%00%(upstream:short)%00%(upstream:track,nobracket)',
    `refs/heads/${branch}`,
  ]);
  for (const line of text.split('\n')) {
    const [ref, remote, track] = line.split('\0');
    // The pattern also matches branches below it: `main` finds `main/x`.
    if (ref !== `refs/heads/${branch}` || remote === undefined || remote === '') continue;
    const commits = Number(/\bbehind (\d+)/.exec(track ?? '')?.[1] ?? 0);
    return commits === 0 ? null : { remote, commits };
  }
  return null;
}
