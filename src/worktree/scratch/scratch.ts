/**
 * copse's own worktrees, for checks on commits that are in no other one: a small pool, kept warm.
 *
 *   free ─▶ taken (lock of its slot) ─▶ at the commit, cleaned ─▶ copied and set up, if what set-up depends on changed ─▶ used ─▶ free
 *
 * Invariants: detached and locked, beside the run's own worktrees (`scratch-folder.ts`); no branch or other ref moves. Everything that
 * an earlier use left (even a killed one) is removed before the next: tracked files are written again, everything else is deleted that
 * was not there right after set-up, and every process with the marker is stopped, at the end of a use too. The record says what is
 * known to be complete; an incomplete one is created again.
 */

import { randomUUID } from 'node:crypto';
import { lstat, mkdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GitError } from '../../git/spawn/git-error.ts';
import { distrustedGit } from '../../git/spawn/git-in.ts';
import type { Repository } from '../../git/spawn/repository.ts';
import { makeShadow, shadowPaths } from '../../git/spawn/shadow-directory.ts';
import { fillFiltered } from '../../git/worktree/fill-filtered.ts';
import { freePlace, type OwnPath, ownBelow, ownEntry, removeOwn, unlessRefused } from '../../git/worktree/own-path.ts';
import { registerDetached } from '../../git/worktree/register-detached.ts';
import { reserveEntry } from '../../git/worktree/register-worktree.ts';
import { pointerProblem, repairPointers } from '../../git/worktree/worktree-pointers.ts';
import { populate } from '../../git/worktree/worktrees.ts';
import { CACHE_FOLDER } from '../../model/cache-folder.ts';
import { CopseError } from '../../model/errors.ts';
import type { AbsolutePath, CommitId, RunId } from '../../model/ids.ts';
import type { CopySet } from '../../model/plan.ts';
import type { Store } from '../../store/layout.ts';
import { acquireLock, type Lock, withLock } from '../../store/lock.ts';
import type { Environment } from '../../system/environment.ts';
import { failpoint } from '../../system/failpoint.ts';
import { makePrivateDirectory, replaceFile } from '../../system/files.ts';
import { leasePort } from '../../system/ports.ts';
import { findByMarker } from '../../system/processes/process-identity.ts';
import { stopProcesses } from '../../system/processes/stop-processes.ts';
import { openFolders } from '../../system/remove-tree.ts';
import { systemClock } from '../../system/system-clock.ts';
import { makeCacheFolder } from '../caches/cache-folder.ts';
import { copyIgnored } from '../copy/copy-ignored.ts';
import { CACHES, installedDigest, isInstalled } from '../installed.ts';
import { runConfig } from '../run-config.ts';
import { runSetup } from '../run-setup.ts';
import { setupKey } from '../setup-key.ts';
import { requireWorktreeRoot } from '../worktree-place.ts';
import { freeScratchPath, makeScratchFolder, SCRATCH_LOCK, scratchFolder, takeAwayScratch } from './scratch-folder.ts';
import { readScratch, type ScratchRecord, scratchFile, writeScratch } from './scratch-record.ts';

export interface ScratchOptions {
  readonly repository: Repository;
  readonly store: Store;
  /** The run whose configuration of git counts; null: there is none yet. */
  readonly run: RunId | null;
  /** The folder that the run's worktrees are in. */
  readonly root: AbsolutePath;
  /** Code that an agent wrote never runs in the worktree of the base's checks. */
  readonly pool: 'base' | 'variants';
  readonly commit: CommitId;
  readonly copy: CopySet;
  readonly setup: readonly string[];
  /** Exact environment of set-up. */
  readonly env: (at: Pick<Scratch, 'path' | 'port'>) => Environment;
  readonly timeoutMs: number;
  readonly portRegistry: AbsolutePath;
  readonly signal: AbortSignal;
}

export interface Scratch {
  readonly path: AbsolutePath;
  readonly gitDir: AbsolutePath;
  readonly port: number;
  /** Marks every process that runs there. */
  readonly marker: string;
}

export type ScratchUse<T> =
  | { readonly kind: 'used'; readonly value: T }
  | { readonly kind: 'setup-failed'; readonly reason: string };

const SLOTS = 4;
const LOOK_AGAIN_MS = 100;
/** Background jobs of a shell ignore the first of the signals: most of what is left would use up the time. */
const LEFT_GRACE_MS = 700;

/** Hands out a scratch worktree at `commit`, set up, for the time of `use`. Rejects with the signal's reason when it aborts. */
export async function withScratch<T>(o: ScratchOptions, use: (scratch: Scratch) => Promise<T>): Promise<ScratchUse<T>> {
  await makePrivateDirectory(join(o.store.root, 'scratch'));
  const { slot, lock } = await takeSlot(o);
  try {
    const record = await ready(o, slot);
    const marker = `scratch:${record.nonce}`;
    // Leftovers of a use that was killed together with copse.
    await stopProcesses({ root: null, marker });
    try {
      const port = await leasePort({ registry: o.portRegistry, key: `${o.repository.commonDir}\0scratch\0${slot}` });
      const scratch: Scratch = { path: record.path, gitDir: record.gitDir, port, marker };
      const unfilled = await goTo(o, record);
      const failure = await warmUp(o, slot, record, scratch, unfilled);
      if (failure !== null) return { kind: 'setup-failed', reason: failure };
      failpoint('scratch-ready');
      return { kind: 'used', value: await use(scratch) };
    } finally {
      // Background processes of a check are not needed, and hold the port of the next one.
      await stopProcesses({ root: null, marker, graceMs: LEFT_GRACE_MS });
    }
  } finally {
    await lock.release();
  }
}

/** The first free slot of the pool; waits if all are taken. */
async function takeSlot(o: ScratchOptions): Promise<{ slot: string; lock: Lock }> {
  for (;;) {
    for (let n = 0; n < SLOTS; n += 1) {
      o.signal.throwIfAborted();
      const slot = `${o.pool}-${n}`;
      try {
        return { slot, lock: await acquireLock(`${scratchFile(o.store, slot)}.lock`, { purpose: 'checks', waitMs: 0 }) };
      } catch (error) {
        if (!(error instanceof CopseError && error.code === 'locked')) throw error;
      }
    }
    await systemClock.sleep(LOOK_AGAIN_MS, o.signal);
  }
}

/** The slot's worktree, registered; created, or created again, if it is not complete. */
async function ready(o: ScratchOptions, slot: string): Promise<ScratchRecord> {
  await requireWorktreeRoot(o.repository.root, o.root);
  await mkdir(o.root, { recursive: true });
  // git records real paths, and a check must not see another path than its variant did.
  const parent = await realpath(o.root);
  const before = await readScratch(o.store, slot);
  const folder = before === null ? null : await wholeFolder(o.repository, before);
  if (before !== null && folder !== null && dirname(before.path) === parent) {
    await dropRepository(folder);
    await repairPointers(at(before));
    return before;
  }
  return withLock(o.store.lock, { purpose: 'make a scratch worktree' }, async () => {
    // A record that names what is not ours is written over: nothing it says is true.
    if (before !== null) await takeAwayScratch(o.repository, before).catch(unlessRefused);
    return make(o, slot, parent);
  });
}

async function wholeFolder(repository: Repository, record: ScratchRecord): Promise<OwnPath | null> {
  if (!record.whole || (await pointerProblem(at(record))) !== null) return null;
  return scratchFolder(repository, record);
}

/** A check can create a repository there; `repairPointers` leaves such a folder alone. */
async function dropRepository(folder: OwnPath): Promise<void> {
  const path = await ownBelow(folder, '.git');
  if ((await lstat(path).catch(() => null))?.isDirectory() === true) await removeOwn(path);
}

/** The caller holds the repository lock; another repository can use the same names anyway. */
async function make(o: ScratchOptions, slot: string, parent: AbsolutePath): Promise<ScratchRecord> {
  const { repository, store } = o;
  for (;;) {
    const path = await freeScratchPath(parent, slot);
    const gitDir = await reserveEntry(repository.commonDir, path);
    const intended: ScratchRecord = {
      schema: 1,
      path,
      gitDir,
      folder: '',
      nonce: randomUUID(),
      whole: false,
      setupKey: null,
      keep: [],
      installed: '',
    };
    await writeScratch(store, slot, intended);
    failpoint('scratch-intended');
    const folder = await makeScratchFolder(path);
    if (folder === null) {
      await removeOwn(await ownEntry(repository, gitDir));
      continue;
    }
    await registerDetached(repository, { path, gitDir, commit: o.commit, reason: SCRATCH_LOCK });
    failpoint('scratch-registered');
    const record = { ...intended, folder, whole: true };
    await writeScratch(store, slot, record);
    return record;
  }
}

function at(record: ScratchRecord): { worktree: string; gitDir: string } {
  return { worktree: record.path, gitDir: record.gitDir };
}

/** HEAD, index and tracked files at the commit; everything else stays for now. Returns filters that set-up has to unlock. */
async function goTo(o: ScratchOptions, record: ScratchRecord): Promise<readonly string[]> {
  const { commonDir } = o.repository;
  const config = await runConfig(o.repository, o.store, o.run);
  const shadow = shadowPaths(commonDir, record.gitDir);
  // A check may have written to the index, or set flags in it that hide its changes: git starts without one, and reads all files.
  const entry = await ownEntry(o.repository, record.gitDir);
  for (const name of ['index', 'index.lock']) await removeOwn(await ownBelow(entry, name));
  makeShadow(shadow, config.text);
  await replaceFile(join(record.gitDir, 'HEAD'), `${o.commit}\n`);
  return populate({
    shadow,
    workTree: record.path,
    commit: o.commit,
    marker: `scratch:${record.nonce}`,
    withoutFilters: config.localFilters,
    fillLater: o.setup.length > 0,
    signal: o.signal,
  });
}

/** Copies and sets up if needed; null, or why it failed. */
async function warmUp(
  o: ScratchOptions,
  slot: string,
  record: ScratchRecord,
  scratch: Scratch,
  unfilled: readonly string[],
): Promise<string | null> {
  const { commonDir } = o.repository;
  const env = o.env(scratch);
  const key = await setupKey({
    repository: o.repository,
    commit: o.commit,
    copy: o.copy,
    setup: o.setup,
    env,
    worktree: record.path,
  });
  const git = distrustedGit({ gitDir: record.gitDir, workTree: record.path, commonDir });
  const clean = async (keep: readonly string[]): Promise<void> => {
    const args = ['clean', '-ffdxq', ...keep.flatMap((path) => ['-e', `/${escaped(path)}`])];
    try {
      await git.run(args);
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      // It does not empty read-only folders, as Go's module cache has them.
      openFolders(record.path);
      await git.run(args);
    }
    await makeCacheFolder(record.path);
  };
  const copy = (): Promise<void> =>
    copyIgnored({ repository: o.repository, worktree: record.path, copy: o.copy, signal: o.signal });
  if (record.setupKey === key && unfilled.length === 0 && (o.pool === 'base' || (await isUnchanged(o, record)))) {
    await clean(record.keep);
    const folders = record.keep.filter((path) => path.endsWith('/'));
    const caches = folders.flatMap((path) => CACHES.map((cache) => join(path, cache)));
    // Single files are cheap to have as they were; folders (node_modules) are what staying warm is about.
    const singly = o.copy.entries.filter((entry) => !record.keep.includes(`${entry}/`));
    const top = await freePlace(o.repository, record.path);
    for (const path of [...caches, ...singly]) await removeOwn(await ownBelow(top, path));
    await copy();
    return null;
  }
  await writeScratch(o.store, slot, { ...record, setupKey: null, keep: [], installed: '' });
  await clean([]);
  await copy();
  const logDir = join(o.store.root, 'scratch', `${slot}.logs`);
  await makePrivateDirectory(logDir);
  const setup = await runSetup({
    commands: o.setup,
    worktree: record.path,
    env,
    logDir,
    timeoutMs: o.timeoutMs,
    marker: scratch.marker,
    signal: o.signal,
    onStart: () => undefined,
    onEnd: () => undefined,
  });
  o.signal.throwIfAborted();
  if (!setup.ok) return `Set-up failed: ${setup.failed ?? ''}: ${setup.detail}`;
  const left =
    unfilled.length === 0
      ? null
      : await fillFiltered({ worktree: record.path, shadow: shadowPaths(commonDir, record.gitDir), drivers: unfilled });
  if (left !== null) return left;
  // A server that set-up starts has to run in each use: a warm worktree would be without it.
  if ((await findByMarker(scratch.marker)).length > 0) return null;
  const { stdout } = await git.run(['ls-files', '-z', '--others', '--directory', '--no-empty-directory']);
  const keep = stdout
    .toString('utf8')
    .split('\0')
    .slice(0, -1)
    .filter((path) => path !== `${CACHE_FOLDER}/`);
  const installed = o.pool === 'base' ? '' : await installedDigest(record.path, keep);
  await writeScratch(o.store, slot, { ...record, setupKey: key, keep, installed });
  return null;
}

/** Whether no variant's checks changed what set-up left for the next one's. */
async function isUnchanged(o: ScratchOptions, { path, keep, installed }: ScratchRecord): Promise<boolean> {
  if (!keep.every((one) => isInstalled(one, o.copy.entries))) return false;
  const now = await installedDigest(path, keep).catch(() => null); // A folder is gone, or something else now.
  return now === installed;
}

/** A path as a pattern that matches nothing else. */
function escaped(path: string): string {
  return path.replace(/[\\*?[\]!#]/g, '\\$&').replace(/ $/, '\\ ');
}
