import { dirname, join } from 'node:path';
import { readHead, readRef } from '../git/refs/head.ts';
import { updateRefs } from '../git/refs/refs.ts';
import { gitIn } from '../git/spawn/git-in.ts';
import type { Repository } from '../git/spawn/repository.ts';
import { removeShadow, shadowPaths } from '../git/spawn/shadow-directory.ts';
import { allCheckouts, dotGitOf, worktreeEntries } from '../git/worktree/checkouts.ts';
import { moveOwn, ownEntry, ownState } from '../git/worktree/own-path.ts';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { AbsolutePath, BranchName, CommitId, RunId, VariantName } from '../model/ids.ts';
import { runPaths, type Store } from '../store/layout.ts';
import { makePrivateDirectory } from '../system/files.ts';
import { readRecord } from './worktree-record.ts';

export interface Gone {
  readonly repository: Repository;
  readonly store: Store;
  readonly run: RunId;
  readonly variant: VariantName;
  readonly branch: BranchName;
  /** Its former path; nothing is there now. */
  readonly path: AbsolutePath;
  readonly nonce: string;
}

/**
 * Makes room for a worktree in the place of one whose folder is gone: git's entry of it is moved to the run's records, a commit that only its
 * HEAD held is kept under `refs/copse/v1/kept/…`. The caller holds the repository lock. The tip of its branch, which stays as it is; null: there
 * is no such branch. CopseError `branch-checked-out` (exit 3) if another worktree has it: two would move it under each other.
 */
export async function clearGoneWorktree(o: Gone): Promise<CommitId | null> {
  const { commonDir } = o.repository;
  const tip = await readRef(commonDir, `refs/heads/${o.branch}`);
  await requireFreeBranch(o);
  for (const gitDir of await worktreeEntries(commonDir)) {
    if ((await dotGitOf(gitDir)) !== join(o.path, '.git') || (await readRecord(gitDir))?.nonce !== o.nonce) continue;
    const name = o.nonce.slice(0, 8);
    const { branch, commit } = await readHead(commonDir, gitDir);
    if (branch === null && commit !== null && commit !== tip) {
      const ref = `refs/copse/v1/kept/${o.run}/${o.variant}/${name}`;
      if ((await readRef(commonDir, ref)) === null) await updateRefs(gitIn(commonDir), [{ ref, to: commit, from: null }]);
    }
    const records = join(runPaths(o.store, o.run).variantDir(o.variant), `git-entry-${name}`);
    await makePrivateDirectory(dirname(records));
    await moveOwn(await ownEntry(o.repository, gitDir), await ownState(o.repository, records));
    await removeShadow(shadowPaths(commonDir, gitDir));
  }
  return tip;
}

async function requireFreeBranch({ repository, branch }: Gone): Promise<void> {
  for (const { path, gitDir } of await allCheckouts(repository)) {
    if ((await readHead(repository.commonDir, gitDir)).branch !== branch) continue;
    throw new CopseError({
      code: 'branch-checked-out',
      exit: EXIT.precondition,
      what: `Its worktree is gone, and its branch ${branch} is checked out at ${path}.`,
      why: 'Switch to another branch there, then try again.',
    });
  }
}
