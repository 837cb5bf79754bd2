import { join } from 'node:path';
import { readRegularSync } from '../git/spawn/read-regular.ts';
import type { Repository } from '../git/spawn/repository.ts';
import { claimsOf } from '../git/worktree/branch-claims.ts';
import { worktreeEntries } from '../git/worktree/checkouts.ts';
import type { AbsolutePath, BranchName } from '../model/ids.ts';

/**
 * Git directories of the worktrees that hold each branch: checked out, or to come back to it when a rebase or bisect ends (git lists
 * those as detached). Read from git's files: one broken entry must not hide the others.
 */
export async function branchHolders(repository: Repository): Promise<ReadonlyMap<BranchName, readonly AbsolutePath[]>> {
  const { commonDir } = repository;
  const gitDirs = [commonDir, ...(await worktreeEntries(commonDir))];
  const held = new Map<BranchName, AbsolutePath[]>();
  for (const gitDir of gitDirs) {
    for (const branch of branchesHeldBy(gitDir)) held.set(branch, [...(held.get(branch) ?? []), gitDir]);
  }
  return held;
}

function branchesHeldBy(gitDir: AbsolutePath): ReadonlySet<BranchName> {
  const checkedOut = /^ref: refs\/heads\/(\S+)$/m.exec(readRegularSync(join(gitDir, 'HEAD')) ?? '')?.[1];
  const { rebase, along, bisect } = claimsOf(gitDir);
  return new Set([checkedOut, rebase, ...along, bisect].filter((name) => name != null));
}
