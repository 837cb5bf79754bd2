import type { CommitId } from '../../model/ids.ts';
import type { Git } from '../spawn/git-in.ts';
import { AS_COMMITTED } from './file-changes.ts';

/**
 * Whether `commit` has `ancestor` in its history, or is it. If one of them is not in the repository: GitError; with `gone: 'no'`
 * the answer is false, for commits that may have been deleted.
 */
export async function isAncestor(
  git: Git,
  ancestor: CommitId,
  commit: CommitId,
  { gone }: { readonly gone?: 'no' } = {},
): Promise<boolean> {
  if (ancestor === commit) return true;
  const { exitCode } = await git.run(['merge-base', '--is-ancestor', ancestor, commit], {
    env: AS_COMMITTED,
    ok: gone === 'no' ? [0, 1, 128] : [0, 1],
  });
  return exitCode === 0;
}
