import type { BranchName, CommitId } from '../../model/ids.ts';
import type { Git } from '../spawn/git-in.ts';

/**
 * Remote-tracking branches that have this commit: the one that the branch tracks, and those of its name on any remote. Short names
 * (`origin/main`), as of the last fetch or push: no network. GitError if the commit is missing.
 */
export async function remoteHolders(git: Git, branch: BranchName, commit: CommitId): Promise<readonly string[]> {
  const ref = `refs/heads/${branch}`;
  // The pattern also matches branches below it: `main` finds `main/x`.
  const tracked = (await git.run(['for-each-ref', '--format=%(refname)%00%(upstream)', ref])).text
    .split('\n')
    .flatMap((line) => (line.startsWith(`${ref}\0refs/remotes/`) ? [line.slice(ref.length + 1)] : []));
  const { text } = await git.run([
    'for-each-ref',
    `--contains=${commit}`,
    '--format=%(refname)%00%(refname:lstrip=2)',
    ...tracked,
    `refs/remotes/*/${branch}`,
  ]);
  const below = (name: string): boolean => tracked.includes(name) || name.endsWith(`/${branch}`);
  return text.split('\n').flatMap((line) => {
    const [name = '', short = ''] = line.split('\0');
    return short !== '' && below(name) ? [short] : [];
  });
}
