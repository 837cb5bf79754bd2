/**
 * A worktree for a variant.
 *
 *   intent ─▶ registered (under the repository lock, milliseconds) ─▶ populated ─▶ copied ─▶ record written ─▶ intent removed
 *
 * Invariants: at any moment what exists is named by the intent or whole; a failure takes everything back, but a branch only while
 * its tip is ours. After a crash the next creation of the same variant finds the intent (git itself would leave a branch and a
 * locked entry that `git worktree prune` skips), takes the half back and begins anew; a whole one is simply handed out again.
 */
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { registerWorktree, unregisterWorktree } from '../git/register-worktree.ts';
import type { Repository } from '../git/repository.ts';
import { makeShadow, removeShadow, shadowPaths } from '../git/shadow-directory.ts';
import { captureConfig } from '../git/trusted-config.ts';
import { populate } from '../git/worktrees.ts';
import type { AbsolutePath, BranchName, CommitId, RunId, VariantName } from '../model/ids.ts';
import type { Store } from '../store/layout.ts';
import { withLock } from '../store/lock.ts';
import { failpoint } from '../system/failpoint.ts';
import { readTextIfExists, replaceFile } from '../system/files.ts';
import { leasePort } from '../system/ports.ts';
import { stopProcesses } from '../system/stop-processes.ts';
import { copyIgnored } from './copy-ignored.ts';
import { openWorktree } from './open-worktree.ts';
import { Slots } from './slots.ts';
import { requirePlace } from './worktree-place.ts';
import { readIntent, removeIntent, type WorktreeRecord, writeIntent, writeRecord } from './worktree-record.ts';

export interface WorktreeHandle {
  readonly path: AbsolutePath;
  readonly gitDir: AbsolutePath;
  readonly branch: BranchName;
  readonly start: CommitId;
  readonly nonce: string;
  readonly port: number | null;
  /** What was copied in: ignored files and folders of the repository. */
  readonly copied: readonly string[];
}

export interface CreateOptions {
  readonly repository: Repository;
  readonly store: Store;
  readonly path: AbsolutePath;
  readonly branch: BranchName;
  readonly start: CommitId;
  readonly run: RunId;
  readonly variant: VariantName;
  /** Entries of the copy plan, relative to the repository's root. */
  readonly copy: readonly string[];
  readonly portRegistry: AbsolutePath;
  readonly signal?: AbortSignal;
}

/** Checkouts at once, of this process: more only compete for the disk. */
const populating = new Slots(3);

/** The configuration as each run found it, by run directory. */
const captured = new Map<string, Promise<string>>();

export async function createWorktree(o: CreateOptions): Promise<WorktreeHandle> {
  const config = await trustedConfig(o);
  const begun = await withLock(o.store.lock, { purpose: `create the worktree of ${o.run}/${o.variant}` }, () => begin(o));
  if (begun.whole !== null) return begun.whole;
  const record = begun.record;
  try {
    const shadow = shadowPaths(o.repository.commonDir, record.gitDir);
    await makeShadow(shadow, config);
    failpoint('worktree-registered');
    await populating.use(async () => {
      o.signal?.throwIfAborted();
      const signal = o.signal === undefined ? {} : { signal: o.signal };
      await populate({ shadow, workTree: record.path, commit: o.start, marker: record.nonce, ...signal });
      failpoint('worktree-populated');
      await copyIgnored({ root: o.repository.root, worktree: record.path, entries: o.copy, ...signal });
    });
    failpoint('worktree-copied');
    const key = `${o.repository.commonDir}\0${o.run}\0${o.variant}`;
    const whole = { ...record, port: await leasePort({ registry: o.portRegistry, key }), copied: o.copy };
    await writeRecord(whole);
    failpoint('worktree-recorded');
    await removeIntent(o.store, o.run, o.variant);
    return handleOf(whole);
  } catch (error) {
    await withLock(o.store.lock, { purpose: `roll back the worktree of ${o.run}/${o.variant}` }, () => takeBack(o, record));
    throw error;
  }
}

type Registered = WorktreeRecord & { readonly gitDir: AbsolutePath };

async function begin(o: CreateOptions): Promise<{ whole: WorktreeHandle } | { whole: null; record: Registered }> {
  const before = await readIntent(o.store, o.run, o.variant);
  const whole = await openWorktree({ repository: o.repository, path: before?.path ?? o.path, nonce: before?.nonce ?? null });
  if (whole !== null && whole.run === o.run && whole.variant === o.variant) {
    await removeIntent(o.store, o.run, o.variant);
    return { whole: handleOf(whole) };
  }
  if (before !== null) await takeBack(o, before);

  const path = await requirePlace(o.repository.root, o.path);
  const { run, variant, branch, start } = o;
  let record: WorktreeRecord = {
    schema: 1,
    run,
    variant,
    path,
    branch,
    start,
    nonce: randomUUID(),
    gitDir: null,
    port: null,
    copied: [],
  };
  await writeIntent(o.store, record);
  failpoint('worktree-intended');
  try {
    const reason = `copse: ${run}/${variant} works here`;
    const gitDir = await registerWorktree({ repository: o.repository, path, branch, start, reason }, async (reserved) => {
      record = { ...record, gitDir: reserved };
      await writeIntent(o.store, record);
      failpoint('worktree-reserved');
    });
    return { whole: null, record: { ...record, gitDir } };
  } catch (error) {
    await takeBack(o, record);
    throw error;
  }
}

/** Takes a begun creation back, whole; the caller holds the repository lock. */
export async function takeBack(
  o: { readonly repository: Repository; readonly store: Store },
  record: WorktreeRecord,
): Promise<void> {
  // A git of the process that crashed may still be writing files.
  await stopProcesses({ root: null, marker: record.nonce, force: true });
  await unregisterWorktree(
    { repository: o.repository, path: record.path, branch: record.branch, start: record.start },
    record.gitDir,
  );
  if (record.gitDir !== null) await removeShadow(shadowPaths(o.repository.commonDir, record.gitDir));
  await removeIntent(o.store, record.run, record.variant);
}

/**
 * The repository's configuration as it stood when the run made its first worktree: before an agent of it could write there. Kept
 * with the run for the supervisor that takes over.
 */
function trustedConfig(o: CreateOptions): Promise<string> {
  const dir = o.store.runDir(o.run);
  const known = captured.get(dir) ?? readOrCapture(o.repository.root, dir);
  captured.set(dir, known);
  known.catch(() => captured.delete(dir));
  return known;
}

async function readOrCapture(root: string, dir: string): Promise<string> {
  const path = join(dir, 'git-config');
  const kept = await readTextIfExists(path);
  if (kept !== null) return kept;
  const config = await captureConfig(root);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await replaceFile(path, config);
  return config;
}

function handleOf(record: Registered): WorktreeHandle {
  const { path, gitDir, branch, start, nonce, port, copied } = record;
  return { path, gitDir, branch, start, nonce, port, copied };
}
