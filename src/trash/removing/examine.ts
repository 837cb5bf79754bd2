/**
 * Why something must be kept. Only looks, and trusts nothing in the folder. Asked twice: for the list that the user sees,
 * and again right before the removal.
 */

import { lstat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readRef } from '../../git/refs/head.ts';
import type { Repository } from '../../git/spawn/repository.ts';
import { worktreeLock } from '../../git/worktree/worktrees.ts';
import type { AbsolutePath, BranchName } from '../../model/ids.ts';
import { runPaths, type Store } from '../../store/layout.ts';
import { lockOwner } from '../../store/lock.ts';
import { markerPrefix } from '../../store/marker-prefix.ts';
import { servingFiles } from '../../store/serving.ts';
import { exists } from '../../system/files.ts';
import { forEachAtMost } from '../../system/for-each-at-most.ts';
import type { FolderUser } from '../../system/processes/folder-user.ts';
import { folderUsers } from '../../system/processes/folder-users.ts';
import { shellWord } from '../../text/shell-word.ts';
import { isInside } from '../../worktree/worktree-place.ts';
import { branchHolders } from '../branch-holders.ts';
import { checkoutsNow } from '../checkouts-now.ts';
import { TRASH, trashProblem, trashRootOf } from '../trash-place.ts';
import { findInside } from './find-inside.ts';
import { isOwnerGone } from './lock-owner.ts';
import { movedFolder } from './moved-folder.ts';
import type { Removal } from './removal.ts';
import { removeYourself } from './remove-yourself.ts';
import { firstUntracked } from './tracked-whole.ts';
import { identityOf } from './worktree-identity.ts';

/** Some of them ask git. */
const AT_ONCE = 4;

export interface ExamineOptions {
  readonly repository: Repository;
  readonly store: Store;
  readonly removals: readonly Removal[];
  /** The folder for worktrees that are inside a checkout; default: `<repository>.worktrees`. */
  readonly trashRoot?: AbsolutePath | null;
}

/** For each removal why it must be kept, one sentence that ends with what to do; null: it may be removed. */
export async function examine(o: ExamineOptions): Promise<readonly (string | null)[]> {
  return reasonsOf(o, await usersOf(o));
}

export interface Examined {
  readonly reason: string | null;
  /** `copse serve` shows it: its server is stopped before the removal. */
  readonly served: boolean;
}

/** As {@link examine}, for callers that stop servers first: servers alone are no reason to keep it. */
export async function examineServed(o: ExamineOptions): Promise<readonly Examined[]> {
  const users = await usersOf(o);
  const servers = o.removals.map(({ owner }) =>
    owner === null ? null : servingFiles(runPaths(o.store, owner.run), owner.variant),
  );
  const isServer = (user: FolderUser, i: number): boolean => user.marker !== null && user.marker === servers[i]?.marker;
  const [reasons, locked] = await Promise.all([
    reasonsOf(
      o,
      users.map((all, i) => all.filter((user) => !isServer(user, i))),
    ),
    // Between two starts there is no process.
    Promise.all(servers.map(async (files) => files !== null && (await isHeld(files.lock)))),
  ]);
  return reasons.map((reason, i) => ({
    reason,
    served: locked[i] === true || (users[i] ?? []).some((user) => isServer(user, i)),
  }));
}

async function isHeld(lock: AbsolutePath): Promise<boolean> {
  const owner = await lockOwner(lock);
  return owner !== null && owner.alive !== false;
}

async function reasonsOf(o: ExamineOptions, users: readonly (readonly FolderUser[])[]): Promise<readonly (string | null)[]> {
  const { repository, removals } = o;
  const [held, checkouts] = await Promise.all([branchHolders(repository), checkoutsNow(repository)]);
  const place = { repository, checkouts, trashRoot: o.trashRoot ?? null };
  const reasons: (string | null)[] = removals.map(() => null);
  await forEachAtMost(AT_ONCE, [...removals.entries()], async ([i, removal]) => {
    const { worktree } = removal;
    const inWorktree =
      worktree === null
        ? null
        : ((await worktreeReason(o, worktree, checkouts)) ??
          busyReason(users[i] ?? []) ??
          (await contentReason(o.repository, worktree, trashRootOf(place, worktree.path))));
    reasons[i] = inWorktree ?? (await branchReason(repository, removal, held));
  });
  return reasons;
}

async function worktreeReason(
  o: ExamineOptions,
  worktree: NonNullable<Removal['worktree']>,
  checkouts: readonly AbsolutePath[],
): Promise<string | null> {
  const { repository } = o;
  const { path, gitDir } = worktree;
  const identity = await identityOf(repository, worktree);
  if (identity.kind === 'wrong') return identity.why;
  if (repository.gitDir === gitDir || isInside(repository.here, path))
    return `It is your current directory. Leave it first: cd ${shellWord(repository.root)}`;
  const parts = path.split('/');
  if (parts.includes(TRASH)) return 'It is in the trash already. See: copse undo --list';
  const reason = await worktreeLock(gitDir);
  if (reason !== null && !reason.startsWith('copse: ') && !(await isOwnerGone(gitDir, reason)))
    return `It is locked${reason === '' ? '' : `: ${reason}`}. Unlock it first: git worktree unlock ${shellWord(path)}`;
  if (await exists(join(gitDir, 'index.lock')))
    return `A git process works there, or left ${join(gitDir, 'index.lock')} behind. Wait for it, or delete that file.`;
  if (await exists(join(gitDir, 'modules')))
    return `It has submodules, which git cannot move. ${removeYourself(path, { force: true })}`;
  if (identity.kind === 'missing') {
    const moved = await movedFolder(repository, path, gitDir);
    return moved === null ? null : `Its folder was moved to ${moved}. Tell git first: git worktree repair ${shellWord(moved)}`;
  }
  const inner = checkouts.find((top) => top !== path && isInside(top, path));
  return inner === undefined ? null : `The worktree ${inner} is inside it. Remove that one first.`;
}

function busyReason(users: readonly FolderUser[]): string | null {
  const [first, ...others] = users;
  if (first === undefined) return null;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return `A process works in it: ${first.name === '' ? '' : `${first.name}, `}pid ${first.pid}${more}. Stop it first, or leave that folder.`;
}

async function contentReason(
  { commonDir }: Repository,
  { path, gitDir }: NonNullable<Removal['worktree']>,
  trashRoot: AbsolutePath,
): Promise<string | null> {
  if ((await lstat(path).catch(() => null)) === null) return null; // Missing: there is nothing to move.
  const problem = await trashProblem(trashRoot, path);
  if (problem !== null) return problem;
  const inside = await findInside(path, (folders) => firstUntracked({ commonDir, gitDir, workTree: path }, folders));
  if (inside === null) return null;
  if (inside.kind === 'unreadable')
    return `${inside.path} cannot be read, so its contents are unknown. See: ls -ld ${shellWord(inside.path)}`;
  if (inside.kind === 'mount') return `Another disk is mounted in it, at ${inside.path}. Unmount it first.`;
  return `Another repository is inside it, at ${inside.path}. Move it away first, or remove it.`;
}

async function branchReason(
  repository: Repository,
  { worktree, branch }: Removal,
  held: ReadonlyMap<BranchName, readonly AbsolutePath[]>,
): Promise<string | null> {
  if (branch === null) return null;
  const others = (held.get(branch.name) ?? []).filter((gitDir) => gitDir !== worktree?.gitDir);
  const [other] = others;
  if (other !== undefined) {
    const where = other === repository.commonDir ? repository.root : basename(other);
    return `Branch ${branch.name} is checked out in ${where}. Switch to another one there first.`;
  }
  const now = await readRef(repository.commonDir, `refs/heads/${branch.name}`);
  if (now === branch.commit) return null;
  return now === null
    ? `Branch ${branch.name} is gone. See: git branch --list`
    : `Branch ${branch.name} moved meanwhile. Look again: copse prune`;
}

async function usersOf({ removals, store }: ExamineOptions): Promise<readonly (readonly FolderUser[])[]> {
  const folders = removals.flatMap(({ worktree, owner }, i) => {
    if (worktree === null) return [];
    const markers = owner === null ? [] : [markerPrefix(runPaths(store, owner.run).dir, owner.variant)];
    return [{ i, path: worktree.path, markers: worktree.nonce === null ? markers : [...markers, worktree.nonce] }];
  });
  const found = await folderUsers(folders);
  const byRemoval = new Map(folders.map(({ i }, n) => [i, found[n] ?? []]));
  return removals.map((_, i) => byRemoval.get(i) ?? []);
}
