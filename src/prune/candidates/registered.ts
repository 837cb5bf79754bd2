import { lstat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Head, readHead, readRef } from '../../git/refs/head.ts';
import type { Repository } from '../../git/spawn/repository.ts';
import { claimsOf } from '../../git/worktree/branch-claims.ts';
import { dotGitOf, worktreeEntries } from '../../git/worktree/checkouts.ts';
import type { AbsolutePath, BranchName } from '../../model/ids.ts';
import { TRASH } from '../../trash/trash-place.ts';
import { readRecord, type WorktreeRecord } from '../../worktree/worktree-record.ts';

/** A linked worktree as git's own files have it. */
export interface Registered {
  readonly gitDir: AbsolutePath;
  /** Its registered path; `there`: whether a folder is there. */
  readonly path: AbsolutePath;
  readonly there: boolean;
  readonly head: Head;
  /** Branch that a rebase or bisect there will put its result on; git lists such a worktree as detached. */
  readonly claims: readonly BranchName[];
  /** null: copse did not create it. */
  readonly record: WorktreeRecord | null;
}

/**
 * All linked worktrees, read as data: one broken entry spoils no other. Left out are incomplete entries, which name no folder, and those
 * of worktrees in the trash.
 */
export async function registeredWorktrees(commonDir: AbsolutePath): Promise<readonly Registered[]> {
  const all = await Promise.all((await worktreeEntries(commonDir)).map((gitDir) => registeredAt(commonDir, gitDir)));
  return all.filter((one) => one !== null).filter(({ path }) => !path.split('/').includes(TRASH));
}

async function registeredAt(commonDir: AbsolutePath, gitDir: AbsolutePath): Promise<Registered | null> {
  const pointer = await dotGitOf(gitDir);
  if (pointer === null) return null;
  const path = dirname(pointer);
  const [head, record, stat] = await Promise.all([
    readHead(commonDir, gitDir),
    readRecord(gitDir),
    lstat(path).catch(() => null), // Not there, as said below.
  ]);
  return { gitDir, path, there: stat?.isDirectory() === true, head, claims: claimedBranches(gitDir), record };
}

/** Branches that an open rebase or bisect of this worktree comes back to. */
export function claimedBranches(gitDir: AbsolutePath): readonly BranchName[] {
  const { rebase, bisect } = claimsOf(gitDir);
  return [rebase, bisect].filter((name) => name !== null);
}

/** Why something that is there is never looked at, as a sentence; null: there is no such branch or worktree. */
export async function reservedBecause({ commonDir, root, bare }: Repository, name: string): Promise<string | null> {
  if (!bare && (name === root || resolve(name) === root)) return 'It is the main worktree.';
  if ((await readRef(commonDir, `refs/heads/${name}`)) === null) return null;
  const { branch } = await readHead(commonDir, commonDir);
  if (branch === name) return bare ? 'It is the branch that HEAD names.' : 'It is checked out in the main worktree.';
  if (claimedBranches(commonDir).includes(name)) return 'A rebase or bisect in the main worktree uses it.';
  return 'It is a target branch, or it belongs to a variant.';
}
