import { basename, dirname, join } from 'node:path';
import type { Repository } from '../git/spawn/repository.ts';
import { allCheckouts } from '../git/worktree/checkouts.ts';
import { freePlace, isOwnWorktree, type OwnPath, ownEntry, ownState, ownWorktree, refused } from '../git/worktree/own-path.ts';
import type { AbsolutePath } from '../model/ids.ts';
import type { PruneOperation, TrashedItem, TrashedWorktree } from '../model/operation.ts';
import type { Store } from '../store/layout.ts';
import { isInside } from '../worktree/worktree-place.ts';
import { savedEntryPath, TRASH } from './trash-place.ts';

/** A worktree of a journal that passed the gate: all three places are this repository's. */
export interface ProvenWorktree extends TrashedWorktree {
  readonly path: OwnPath;
  readonly trashPath: OwnPath;
  readonly gitDir: OwnPath;
}

export interface TrashOwner {
  readonly repository: Repository;
  readonly store: Store;
}

/**
 * Proves a journal's facts about its item `n`, before anything there is moved or deleted: its trash is the operation's own, and the folder in it
 * (or still at its place) and git's entry lead to each other. null: the item is a branch alone. CopseError `record-refused`.
 */
export async function ownTrash(o: TrashOwner, { id, items }: PruneOperation, n: number): Promise<ProvenWorktree | null> {
  const worktree = items[n]?.worktree ?? null;
  if (worktree === null) return null;
  const { repository, store } = o;
  const gitDir = await ownEntry(repository, worktree.gitDir);
  const path = await freePlace(repository, worktree.path);
  if (worktree.missing) {
    const { trashPath } = worktree;
    if (trashPath !== savedEntryPath(store, id, n)) throw refused(trashPath, `It is not in the trash of ${id}.`);
    return { ...worktree, path, gitDir, trashPath: await ownState(repository, trashPath) };
  }
  requireInTrash(worktree, id);
  await requireBeside(repository, worktree);
  const trashPath = await ownWorktree(repository, { path: worktree.trashPath, gitDir }, [path]);
  return { ...worktree, path, gitDir, trashPath };
}

/** All items that are like this; of the others, and of branches alone, null. CopseError `record-refused` for the first that is not ours. */
export async function ownItems(
  o: TrashOwner,
  operation: PruneOperation,
  like: (item: TrashedItem) => boolean,
): Promise<readonly (ProvenWorktree | null)[]> {
  const proven: (ProvenWorktree | null)[] = [];
  for (const [n, item] of operation.items.entries()) proven.push(like(item) ? await ownTrash(o, operation, n) : null);
  return proven;
}

/** The path an item may be restored to: its own place, or that with a number. CopseError `record-refused`. */
export async function ownReturn({ repository }: TrashOwner, { path }: TrashedWorktree, to: AbsolutePath): Promise<OwnPath> {
  if (to !== path && !(to.startsWith(`${path}-`) && /^\d+$/.test(to.slice(path.length + 1))))
    throw refused(to, `It is not where ${path} was.`);
  return freePlace({ ...repository }, to);
}

/** A worktree's trash is in the folder that it is in; of one inside of a checkout it is elsewhere. */
async function requireBeside(repository: Repository, { path, trashPath }: TrashedWorktree): Promise<void> {
  if (dirname(path) === dirname(dirname(dirname(trashPath))) || isInside(path, repository.root)) return;
  for (const checkout of await allCheckouts(repository))
    if (isInside(path, checkout.path) && (await isOwnWorktree(repository, checkout))) return;
  throw refused(path, 'Its trash is in another folder.');
}

/** `<some folder>/.copse-trash/<operation>/<its name>`, with a number after the name if two had the same. */
function requireInTrash({ path, trashPath }: TrashedWorktree, id: string): void {
  const folder = dirname(trashPath);
  const name = basename(trashPath);
  const same = name === basename(path) || (name.startsWith(`${basename(path)}-`) && /-\d+$/.test(name));
  if (!same || folder !== join(dirname(dirname(folder)), TRASH, id)) throw refused(trashPath, `It is not in the trash of ${id}.`);
}
