import { resolve } from 'node:path';
import type { Repository } from '../../git/door/repository.ts';
import { readHead, readRef } from '../../git/refs/head.ts';
import { claimedBranches } from './registered.ts';

/** Why something that is there is never looked at, as a sentence; null: there is no such branch or worktree. */
export async function reservedBecause({ commonDir, root, bare }: Repository, name: string): Promise<string | null> {
  if (!bare && (name === root || resolve(name) === root)) return 'It is the main worktree.';
  if ((await readRef(commonDir, `refs/heads/${name}`)) === null) return null;
  const { branch } = await readHead(commonDir, commonDir);
  if (branch === name) return bare ? 'It is the branch that HEAD names.' : 'It is checked out in the main worktree.';
  if (claimedBranches(commonDir).includes(name)) return 'A rebase or bisect in the main worktree is about it.';
  return 'Things land on it, or it belongs to a variant.';
}
