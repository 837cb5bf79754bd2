/**
 * The acts of an undo, in an order in which each can be done again: folders back, branches made, HEAD on its branch, lock as it was,
 * our record. The caller holds the repository lock, and the journal names each place.
 */
import { join } from 'node:path';
import { isAncestor } from '../../git/objects/is-ancestor.ts';
import { readRef } from '../../git/refs/head.ts';
import { gitIn } from '../../git/spawn/git-in.ts';
import { readRegular } from '../../git/spawn/read-regular.ts';
import type { Repository } from '../../git/spawn/repository.ts';
import type { BranchName } from '../../model/ids.ts';
import type { PruneOperation, RestoredItem, TrashedItem, TrashedWorktree } from '../../model/operation.ts';
import { failpoint } from '../../system/failpoint.ts';
import { exists, replaceFile } from '../../system/files.ts';
import { readRecord, writeRecord } from '../../worktree/worktree-record.ts';
import { branchHolders } from '../branch-holders.ts';
import { ownItems, type ProvenWorktree, type TrashOwner } from '../own-trash.ts';
import { attachHead, restoreLock } from '../removing/move-away.ts';
import { hasFolder } from './plan-return.ts';
import { putFolderBack } from './put-back.ts';
import { returnBranches } from './return-branch.ts';

/** The restored parts, in the order of the items. */
export async function returnItems(
  o: TrashOwner,
  operation: PruneOperation,
  planned: readonly (RestoredItem | null)[],
): Promise<(RestoredItem | null)[]> {
  const { repository } = o;
  const back: (RestoredItem | null)[] = [];
  const proven = await ownItems(o, operation, hasFolder);
  for (const [n, worktree] of proven.entries()) back.push(await returnFolder(o, worktree, planned[n] ?? null, n));
  failpoint('undo-moved');
  await returnBranches(
    repository,
    operation.items.flatMap(({ branch: was }, n) => {
      const name = back[n]?.branch ?? null;
      return was === null || name === null ? [] : [{ was, name }];
    }),
  );
  failpoint('undo-branches-whole');
  for (const [n, item] of operation.items.entries()) back[n] = await withoutForeignBranch(repository, item, back[n] ?? null);
  for (const [n, item] of operation.items.entries()) {
    const restored = back[n] ?? null;
    const worktree = proven[n] ?? null;
    if (restored !== null && worktree !== null) back[n] = await returnRegistration(repository, item, worktree, restored);
  }
  failpoint('undo-registered');
  return back;
}

async function returnFolder(
  o: TrashOwner,
  worktree: ProvenWorktree | null,
  planned: RestoredItem | null,
  n: number,
): Promise<RestoredItem | null> {
  if (planned === null || planned.path === null || worktree === null) return planned;
  try {
    await putFolderBack(o, worktree, planned.path);
    failpoint(`undo-moved-${n}`);
    return planned;
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    // The place cannot be written to, say. All of the item stays in the trash.
    return null;
  }
}

/** After a crash the user may have created a branch of that name: it stays, and the pins keep the removed one's commits. */
async function withoutForeignBranch(
  { commonDir }: Repository,
  { branch: was }: TrashedItem,
  restored: RestoredItem | null,
): Promise<RestoredItem | null> {
  if (was === null || restored === null || restored.branch === null) return restored;
  const now = await readRef(commonDir, `refs/heads/${restored.branch}`);
  if (now !== null && (await isAncestor(gitIn(commonDir, { reads: true }), was.commit, now))) return restored;
  const note = `Branch ${restored.branch} is another one by now. Yours ended at ${was.commit}: git branch <name> ${was.commit}`;
  return { ...restored, branch: null, note };
}

async function returnRegistration(
  repository: Repository,
  item: TrashedItem,
  worktree: ProvenWorktree,
  restored: RestoredItem,
): Promise<RestoredItem> {
  if (worktree.missing) return restored;
  if (restored.path === null) {
    // Without its folder the entry is stale; unlocked, `git worktree prune` clears it.
    if (item.step === 'trashed') await restoreLock({ ...worktree, locked: null });
    return restored;
  }
  const was = item.branch?.name ?? null;
  const lostBranch = was !== null && restored.branch === null;
  const head = renamed(worktree.head, was, restored.branch);
  let note = restored.note;
  const named = /^ref: (refs\/heads\/(\S+))$/.exec(head.trim());
  const [, ref = '', branch = ''] = named ?? [];
  const holders = ((await branchHolders(repository)).get(branch) ?? []).filter((gitDir) => gitDir !== worktree.gitDir);
  if (lostBranch) {
    // Its own note says why HEAD stays at the commit.
  } else if (named !== null && ((await readRef(repository.commonDir, ref)) === null || holders.length > 0)) {
    note = `HEAD stays detached there: branch ${branch} is ${holders.length > 0 ? 'checked out elsewhere' : 'gone'}.`;
  } else await attachHead(worktree, head);
  if (restored.branch !== null && restored.branch !== was) await renameInOperations(worktree, was, restored.branch);
  await restoreLock(worktree);
  const record = await readRecord(worktree.gitDir);
  if (record !== null) {
    const now = {
      ...record,
      gitDir: worktree.gitDir,
      path: restored.path,
      branch: was === record.branch ? (restored.branch ?? record.branch) : record.branch,
    };
    if (now.path !== record.path || now.branch !== record.branch) await writeRecord(now);
  }
  return note === undefined ? restored : { ...restored, note };
}

/** Content of a HEAD file, with the branch's new name if it named the old one. */
function renamed(head: string, was: BranchName | null, now: BranchName | null): string {
  return was !== null && now !== null && head.trim() === `ref: refs/heads/${was}` ? `ref: refs/heads/${now}\n` : head;
}

/** An open rebase or bisect returns to its branch when it ends. */
async function renameInOperations(worktree: TrashedWorktree, was: BranchName | null, now: BranchName): Promise<void> {
  for (const name of ['rebase-merge/head-name', 'rebase-apply/head-name', 'BISECT_START']) {
    const path = join(worktree.gitDir, name);
    if (was === null || !(await exists(path))) continue;
    const text = ((await readRegular(path)) ?? '').trim();
    if (text === `refs/heads/${was}`) await replaceFile(path, `refs/heads/${now}\n`);
    else if (text === was) await replaceFile(path, `${now}\n`);
  }
}
