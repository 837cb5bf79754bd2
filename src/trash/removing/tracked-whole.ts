import { relative } from 'node:path';
import { distrustedGit } from '../../git/spawn/git-in.ts';
import { split } from '../../git/worktree/working-changes.ts';
import type { AbsolutePath } from '../../model/ids.ts';

/**
 * Whether git has every file below a folder of a worktree, so that nothing there is known to the folder alone.
 */
export async function isTrackedWhole(
  worktree: { readonly commonDir: AbsolutePath; readonly gitDir: AbsolutePath; readonly workTree: AbsolutePath },
  folder: AbsolutePath,
): Promise<boolean> {
  const git = distrustedGit({ ...worktree, filters: 'none' });
  const inside = relative(worktree.workTree, folder);
  const list = (...what: string[]) => git.run(['--literal-pathspecs', 'ls-files', '-z', ...what, '--', inside], { ok: [0, 128] });
  const [tracked, others] = await Promise.all([list('--stage'), list('--others')]);
  if (tracked.exitCode !== 0 || others.exitCode !== 0) return false;
  const entries = split(tracked.stdout);
  // A submodule is a repository, whatever its name.
  return entries.length > 0 && entries.every((entry) => !entry.startsWith('160000 ')) && split(others.stdout).length === 0;
}
