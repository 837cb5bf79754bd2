import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Repository } from '../../git/spawn/repository.ts';
import { isRefusedRecord, ownState, refusalSentence, removeOwn } from '../../git/worktree/own-path.ts';
import type { Clock } from '../../model/clock.ts';
import { CopseError } from '../../model/errors.ts';
import type { AbsolutePath } from '../../model/ids.ts';
import { runPaths, type Store } from '../../store/layout.ts';
import { acquireLock, lockOwner } from '../../store/lock.ts';
import { openOperations, operationsLock } from '../../store/operations.ts';
import { listRunIds } from '../../store/run-folders.ts';
import { PAGE_LEASE } from '../../store/serving.ts';
import { exists } from '../../system/files.ts';
import { leasedKeys, releasePort } from '../../system/ports.ts';
import { recoverOperations } from '../../trash/recover.ts';
import { readScratch, scratchFile, scratchSlots } from '../../worktree/scratch/scratch-record.ts';
import { listIntents } from '../../worktree/worktree-record.ts';
import type { RunAtHand } from '../candidates/candidate.ts';
import { BY_FIX, type Leftover } from './leftover.ts';
import { freeScratchSlot, takeBackHalfMade } from './tidy.ts';

interface Options {
  readonly repository: Repository;
  readonly store: Store;
  readonly clock: Clock;
  readonly runs: readonly RunAtHand[];
  readonly portRegistry: AbsolutePath;
}

/** Open operations of merge, prune and undo. */
export async function leftJournals(o: Options): Promise<Leftover[]> {
  const open = await openOperations(o.store);
  const [first] = open;
  if (first === undefined || (await lockOwner(operationsLock(o.store)))?.alive === true) return [];
  const commands = open.map(({ command }) => command).join(', ');
  return [
    {
      found: `${commands} ${open.length === 1 ? 'was' : 'were'} interrupted.`,
      fix: `Finish or roll back: ${BY_FIX}`,
      // Also those reported before: doctor shows everything that is still open.
      mend: async () => {
        const sentences = await recoverOperations(o);
        const stuck = (await openOperations(o.store)).flatMap((operation) => operation.stuck ?? []);
        return [...new Set([...sentences, ...stuck])].join(' ');
      },
    },
  ];
}

/** Incomplete worktrees, of runs without a supervisor. */
export async function leftHalfMade(o: Options): Promise<Leftover[]> {
  const alive = new Set(o.runs.filter((run) => run.alive).map(({ state }) => state.id));
  const intents = (await listIntents(o.store)).filter(({ run }) => !alive.has(run));
  return intents.map(({ run, variant }) => ({
    found: `The worktree of ${run}/${variant} is incomplete: copse died while creating it.`,
    fix: `Clean it up: ${BY_FIX}`,
    mend: async () => {
      const { taken, refused } = await takeBackHalfMade(o, [{ run, paths: runPaths(o.store, run), alive: false }]);
      if (refused.length > 0) return refused.join(' ');
      return taken.length === 0 ? `The worktree of ${run}/${variant} is settled already.` : `Cleaned up ${taken.join(', ')}.`;
    },
  }));
}

/** copse's locks whose owner is provably dead. The next command takes them over by itself; here they are removed now. */
export async function leftLocks(o: Options): Promise<Leftover[]> {
  const slots = await scratchSlots(o.store);
  const paths = [
    operationsLock(o.store),
    join(o.store.root, 'checks.lock'),
    ...o.runs.map((run) => run.paths.lock),
    ...slots.map((slot) => `${scratchFile(o.store, slot)}.lock`),
  ];
  const found: Leftover[] = [];
  for (const path of paths) {
    const held = await ownerOf(path);
    if (held?.alive !== false) continue;
    const { identity, purpose } = held.owner;
    found.push({
      found: `${path} was left by pid ${identity.pid} (${purpose}), which is dead.`,
      fix: `Remove it: ${BY_FIX}`,
      mend: async () => {
        const lock = await acquireLock(path, { purpose: BY_FIX, waitMs: 0, clock: o.clock });
        await lock.release();
        return `Removed the lock ${path}.`;
      },
    });
  }
  return found;
}

async function ownerOf(path: string): Promise<Awaited<ReturnType<typeof lockOwner>>> {
  try {
    return await lockOwner(path);
  } catch (error) {
    // Not a lock of copse: left alone.
    if (error instanceof CopseError) return null;
    throw error;
  }
}

/** Scratch worktrees that are incomplete, or whose folder is gone. */
export async function leftScratch(o: Options): Promise<Leftover[]> {
  const found: Leftover[] = [];
  for (const slot of await scratchSlots(o.store)) {
    const record = await readScratch(o.store, slot);
    if (record === null || (await ownerOf(`${scratchFile(o.store, slot)}.lock`))?.alive === true) continue;
    if (record.whole && (await exists(record.path))) continue;
    found.push({
      found: `The scratch worktree ${record.path} is damaged.`,
      fix: `Remove it; checks create a new one: ${BY_FIX}`,
      mend: async () => {
        try {
          const freed = await freeScratchSlot(o, slot);
          return freed === null ? `${record.path} is in use now.` : `Removed the scratch worktree ${record.path}.`;
        } catch (error) {
          if (isRefusedRecord(error)) return refusalSentence(error);
          throw error;
        }
      },
    });
  }
  return found;
}

/** Ports of runs that are gone, and of variants that were removed. */
export async function leftPorts(o: Options): Promise<Leftover[]> {
  const { commonDir } = o.repository;
  const ids = new Set(await listRunIds(o.store));
  const slots = new Set(await scratchSlots(o.store));
  const keys = await leasedKeys({ registry: o.portRegistry, keyPrefix: `${commonDir}\0` });
  const stale = keys.filter((key) => {
    const [run = '', name = ''] = key.slice(commonDir.length + 1).split('\0');
    if (run === 'scratch') return !slots.has(name) && !ids.has('scratch');
    if (!ids.has(run)) return true;
    const state = o.runs.find((one) => one.state.id === run)?.state;
    if (name.startsWith(PAGE_LEASE)) return state?.variants.every(({ removed }) => removed?.worktree === true) === true;
    const variant = state?.variants.find((one) => one.name === name);
    return variant?.removed?.worktree === true;
  });
  if (stale.length === 0) return [];
  return [
    {
      found: `${stale.length === 1 ? 'A port is' : `${stale.length} ports are`} leased to variants that are gone.`,
      fix: `Release ${stale.length === 1 ? 'it' : 'them'}: ${BY_FIX}`,
      mend: async () => {
        for (const key of stale) await releasePort({ registry: o.portRegistry, key });
        return `Released ${stale.length === 1 ? 'a port' : `${stale.length} ports`}.`;
      },
    },
  ];
}

/** copse's git directories of worktrees that are gone. */
export async function leftShadows(o: Options): Promise<Leftover[]> {
  const folder = join(o.store.root, 'worktrees');
  const [shadows, entries] = await Promise.all([namesIn(folder), namesIn(join(o.repository.commonDir, 'worktrees'))]);
  // Those of no single worktree begin with `@`; one that is being made has an ending after the entry's name.
  const orphans = shadows.filter(
    (name) => !name.startsWith('@') && !entries.includes(name) && !entries.includes(name.replace(/\.[0-9a-f]{8}$/, '')),
  );
  if (orphans.length === 0) return [];
  return [
    {
      found: `${orphans.length === 1 ? 'A git directory' : `${orphans.length} git directories`} of copse in ${folder} ${orphans.length === 1 ? 'belongs' : 'belong'} to worktrees that are gone.`,
      fix: `Delete ${orphans.length === 1 ? 'it' : 'them'}: ${BY_FIX}`,
      mend: async () => {
        const now = await namesIn(join(o.repository.commonDir, 'worktrees'));
        for (const name of orphans.filter((one) => !now.includes(one)))
          await removeOwn(await ownState(o.repository, join(folder, name)));
        return `Deleted ${orphans.length === 1 ? 'a git directory' : `${orphans.length} git directories`} of copse that ${orphans.length === 1 ? 'was' : 'were'} no longer needed.`;
      },
    },
  ];
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []); // It was never made.
}
