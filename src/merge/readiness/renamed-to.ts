import { join } from 'node:path';
import { readHead } from '../../git/refs/head.ts';
import { listRefs } from '../../git/refs/refs.ts';
import { gitIn } from '../../git/spawn/git-in.ts';
import { readRegular } from '../../git/spawn/read-regular.ts';
import type { Repository } from '../../git/spawn/repository.ts';
import type { AbsolutePath, BranchName } from '../../model/ids.ts';
import { openWorktree } from '../../worktree/open-worktree.ts';

const HEADS = 'refs/heads/';

/** The present name of a branch that is gone, by its reflog, which `git branch -m` moves along. null: it was not renamed. */
export async function renamedTo(o: {
  readonly repository: Repository;
  readonly branch: BranchName;
  readonly worktree: AbsolutePath;
  readonly nonce: string | null;
}): Promise<BranchName | null> {
  const { commonDir, root } = o.repository;
  const worktree = await openWorktree({ repository: o.repository, path: o.worktree, nonce: o.nonce });
  const here = worktree === null ? null : (await readHead(commonDir, worktree.gitDir)).branch;
  const refs = await listRefs(gitIn(root, { reads: true }));
  const names = [...refs.keys()].filter((ref) => ref.startsWith(HEADS)).map((ref) => ref.slice(HEADS.length));
  // git renames the branch in the HEAD of its worktree as well: most likely it is that one.
  for (const name of [...names].sort((a, b) => Number(b === here) - Number(a === here))) {
    const log = await readRegular(join(commonDir, 'logs', HEADS, name), { large: true });
    if (log?.includes(`\tBranch: renamed ${HEADS}${o.branch} to ${HEADS}`) === true) return name;
  }
  return null;
}
