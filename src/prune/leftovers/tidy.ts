import { join } from 'node:path';
import type { Repository } from '../../git/spawn/repository.ts';
import { removeShadow, shadowPaths } from '../../git/spawn/shadow-directory.ts';
import { isRefusedRecord, ownState, refusalSentence, removeOwn } from '../../git/worktree/own-path.ts';
import type { Clock } from '../../model/clock.ts';
import { CopseError } from '../../model/errors.ts';
import type { AbsolutePath, RunId } from '../../model/ids.ts';
import type { RunPaths, Store } from '../../store/layout.ts';
import { acquireLock, type Lock, withLock } from '../../store/lock.ts';
import { directorySize, exists, type HardLinks, heldElsewhere } from '../../system/files.ts';
import { releasePort } from '../../system/ports.ts';
import { findWorkingIn } from '../../system/processes/process-identity.ts';
import { rollBackHalfMade } from '../../worktree/roll-back-half-made.ts';
import { scratchFolder, takeAwayScratch } from '../../worktree/scratch/scratch-folder.ts';
import { readScratch, scratchFile, scratchSlots } from '../../worktree/scratch/scratch-record.ts';
import { listIntents } from '../../worktree/worktree-record.ts';

export interface TidyOptions {
  readonly repository: Repository;
  readonly store: Store;
  readonly clock: Clock;
  readonly portRegistry: AbsolutePath;
}

export interface TakenBack {
  /** Runs and variants, `ui/dark`. */
  readonly taken: readonly string[];
  /** Records that name what is not ours; it was left as it is. */
  readonly refused: readonly string[];
}

/** Removes incomplete worktrees, of runs without a supervisor. */
export async function takeBackHalfMade(
  o: TidyOptions,
  runs: readonly { readonly run: RunId; readonly paths: RunPaths; readonly alive: boolean }[],
): Promise<TakenBack> {
  const intents = await listIntents(o.store);
  const taken: string[] = [];
  const refused: string[] = [];
  for (const { run, paths, alive } of runs) {
    if (alive || !intents.some((intent) => intent.run === run)) continue;
    const act = (): ReturnType<typeof rollBackHalfMade> => rollBackHalfMade({ ...o, run });
    // A run whose records are gone has no lock either: nothing can be creating worktrees for it.
    const records = (await exists(paths.dir)) ? await withFreeLock(paths.lock, 'clear incomplete worktrees', act) : await act();
    for (const record of records?.taken ?? []) taken.push(`${record.run}/${record.variant}`);
    refused.push(...(records?.refused ?? []));
  }
  return { taken, refused };
}

/** Deletes the scratch worktrees that are not in use; the next checks create new ones. Returns the bytes that this freed, and refusals. */
export async function freeScratch(
  o: TidyOptions,
): Promise<{ readonly bytes: number; readonly count: number; readonly refused: readonly string[] }> {
  let bytes = 0;
  let count = 0;
  const refused: string[] = [];
  for (const slot of await scratchSlots(o.store)) {
    try {
      const freed = await freeScratchSlot(o, slot);
      if (freed === null) continue;
      bytes += freed;
      count += 1;
    } catch (error) {
      if (!isRefusedRecord(error)) throw error;
      refused.push(refusalSentence(error));
    }
  }
  return { bytes, count, refused };
}

/** Bytes that this freed; null: it is in use. */
export function freeScratchSlot(o: TidyOptions, slot: string): Promise<number | null> {
  return withFreeLock(`${scratchFile(o.store, slot)}.lock`, 'free a scratch worktree', () => freeSlot(o, slot));
}

/** null: it is in use, or unknown. */
async function freeSlot(o: TidyOptions, slot: string): Promise<number | null> {
  const record = await readScratch(o.store, slot);
  if (record === null) return null;
  if ((await findWorkingIn(record.path).catch(() => [])).length > 0) return null; // Gone already: then nothing works there.
  const folder = await scratchFolder(o.repository, record);
  const links: HardLinks = new Map();
  const bytes = folder === null ? 0 : (await directorySize(folder, links)).bytes - heldElsewhere(links);
  await withLock(o.store.lock, { purpose: 'free a scratch worktree', clock: o.clock }, async () => {
    await takeAwayScratch(o.repository, record);
    await removeShadow(shadowPaths(o.repository.commonDir, record.gitDir));
    await removeOwn(await ownState(o.repository, scratchFile(o.store, slot)));
  });
  await removeOwn(await ownState(o.repository, join(o.store.root, 'scratch', `${slot}.logs`)));
  await releasePort({ registry: o.portRegistry, key: `${o.repository.commonDir}\0scratch\0${slot}` });
  return bytes;
}

/** Acts under a lock if it is free now; null: it is held. */
async function withFreeLock<T>(path: string, purpose: string, act: () => Promise<T>): Promise<T | null> {
  let lock: Lock;
  try {
    lock = await acquireLock(path, { purpose, waitMs: 0 });
  } catch (error) {
    if (error instanceof CopseError && error.code === 'locked') return null;
    throw error;
  }
  try {
    return await act();
  } finally {
    await lock.release();
  }
}
