/**
 * A worktree for a variant.
 *
 *   intent ─▶ registered (under the repository lock, milliseconds) ─▶ populated ─▶ copied ─▶ record written ─▶ intent removed
 *
 * Invariants: at any moment what exists is named by the intent or whole; a failure takes everything back, but a branch only while
 * its tip is ours. After a crash the next creation of the same variant finds the intent (git itself would leave a branch and a
 * locked entry that `git worktree prune` skips), takes the half back and begins anew; a whole one is simply handed out again.
 */

import { makeShadow, shadowPaths } from '../git/spawn/shadow-directory.ts';
import { populate } from '../git/worktree/worktrees.ts';
import type { AbsolutePath, BranchName, CommitId } from '../model/ids.ts';
import { ensureStore } from '../store/layout.ts';
import { withLock } from '../store/lock.ts';
import { writeError } from '../store/write-error.ts';
import { failpoint } from '../system/failpoint.ts';
import { leasePort } from '../system/ports.ts';
import { makeCacheFolder } from './caches/cache-folder.ts';
import { copyIgnored } from './copy/copy-ignored.ts';
import { type CreateOptions, register } from './register.ts';
import { type RunConfig, runConfig } from './run-config.ts';
import { Slots } from './slots.ts';
import { takeBack } from './take-back.ts';
import { removeIntent, type WorktreeRecord, writeRecord } from './worktree-record.ts';

export interface WorktreeHandle {
  readonly path: AbsolutePath;
  readonly gitDir: AbsolutePath;
  readonly branch: BranchName;
  readonly start: CommitId;
  /** Its branch's commits, if it replaces a missing one. */
  readonly tip?: CommitId;
  readonly nonce: string;
  readonly port: number | null;
  /** The copied files: ignored files and folders of the repository. */
  readonly copied: readonly string[];
  /** Filters that could not run when it was made: their files are filled after set-up. */
  readonly unfilled?: readonly string[];
}

/** Checkouts at once, of this process: more only compete for the disk. */
const populating = new Slots(3);

/**
 * The variant's worktree, registered, checked out at `start` or at its branch's tip, with copied files, its own port and
 * locked; the same one again when it is complete already. CopseErrors: `branch-taken`, `branch-checked-out`, `path-taken`, `worktree-root-outside`, `copy-outside`.
 */
export async function createWorktree(o: CreateOptions): Promise<WorktreeHandle> {
  try {
    return await create(o);
  } catch (error) {
    throw writeError(error, o.store.root);
  }
}

async function create(o: CreateOptions): Promise<WorktreeHandle> {
  await ensureStore(o.store);
  const config = await runConfig(o.repository, o.store, o.run);
  o.signal?.throwIfAborted();
  const { record, whole } = await register(o);
  if (whole) return handleOf(record);
  try {
    return handleOf(await fill(o, record, config));
  } catch (error) {
    const purpose = `take back the worktree of ${o.run}/${o.variant}`;
    await withLock(o.store.lock, { purpose }, () => takeBack(o, record, { branch: true }));
    throw error;
  }
}

async function fill(o: CreateOptions, record: WorktreeRecord, config: RunConfig): Promise<WorktreeRecord> {
  const { commonDir } = o.repository;
  const shadow = shadowPaths(commonDir, record.gitDir);
  const signal = o.signal === undefined ? {} : { signal: o.signal };
  makeShadow(shadow, config.text);
  failpoint('worktree-registered');
  const unfilled = await populating.use(async () => {
    o.signal?.throwIfAborted();
    const left = await populate({
      shadow,
      workTree: record.path,
      commit: record.tip ?? o.start,
      marker: record.nonce,
      withoutFilters: config.localFilters,
      ...(o.fillLater === true ? { fillLater: true } : {}),
      ...signal,
    });
    failpoint('worktree-populated');
    await makeCacheFolder(record.path);
    await copyIgnored({ repository: o.repository, worktree: record.path, copy: o.copy, ...signal });
    return left;
  });
  failpoint('worktree-copied');
  const port = await leasePort({ registry: o.portRegistry, key: `${commonDir}\0${o.run}\0${o.variant}` });
  const whole = { ...record, port, copied: o.copy.entries, ...(unfilled.length === 0 ? {} : { unfilled }) };
  await writeRecord(whole);
  failpoint('worktree-recorded');
  await removeIntent(o.store, o.run, o.variant);
  return whole;
}

export function handleOf(record: WorktreeRecord): WorktreeHandle {
  const { path, gitDir, branch, start, tip, nonce, port, copied, unfilled } = record;
  return {
    ...{ path, gitDir, branch, start, nonce, port, copied },
    ...(tip === undefined ? {} : { tip }),
    ...(unfilled === undefined ? {} : { unfilled }),
  };
}
