import { guardGit } from '../git/guard/git-guard.ts';
import { nearbyRepository } from '../git/spawn/nearby-repository.ts';
import { openRepository, type Repository } from '../git/spawn/repository.ts';
import type { AbsolutePath } from '../model/ids.ts';
import { type Store, storeAt } from '../store/layout.ts';
import { requirePlainStore } from '../store/plain-store.ts';

/** The repository that a command was called in, and our state inside it. */
export interface Here {
  readonly repository: Repository;
  readonly store: Store;
}

/**
 * Opens the repository around `cwd`; throws `CopseError` (exit 3) where there is none. One git process, writes nothing here. From then on
 * git works as before what agents planted in the shared git directory.
 */
export async function openHere(cwd: AbsolutePath): Promise<Here> {
  const repository = await openRepository(cwd);
  const store = storeAt(repository.commonDir);
  requirePlainStore(store);
  await guardGit(repository);
  return { repository, store };
}

/** copse's state around `cwd`, for reading: found without git if possible, which is a third of the start of `copse path`. */
export async function readableStore(cwd: string): Promise<Store> {
  const near = nearbyRepository(cwd);
  return near === null ? (await openHere(cwd)).store : storeAt(near.commonDir);
}
