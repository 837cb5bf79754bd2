import { join } from 'node:path';
import { worktreeEntries } from '../git/checkouts.ts';
import { readRegularSync } from '../git/read-regular.ts';
import type { Repository } from '../git/repository.ts';
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
  const files = ['HEAD', 'rebase-merge/head-name', 'rebase-apply/head-name', 'rebase-merge/update-refs', 'BISECT_START'];
  const texts = files.map((name) => readRegularSync(join(gitDir, name)));
  const branches = texts.flatMap((text, i) => {
    // BISECT_START holds the branch's short name, or a commit.
    if (files[i] === 'BISECT_START') return text === null ? [] : [text.trim().replace(/^refs\/heads\//, '')];
    return [...(text ?? '').matchAll(/(?:^|ref: )refs\/heads\/(\S+)$/gm)].map(([, name]) => name ?? '');
  });
  return new Set(branches.filter((name) => name !== ''));
}
