import { randomUUID } from 'node:crypto';
import { readRef } from '../git/refs/head.ts';
import type { Repository } from '../git/spawn/repository.ts';
import { unlessRefused } from '../git/worktree/own-path.ts';
import { branchTaken, registerWorktrees, reserveEntry } from '../git/worktree/register-worktree.ts';
import type { AbsolutePath, BranchName, CommitId, RunId, VariantName } from '../model/ids.ts';
import type { CopySet } from '../model/plan.ts';
import type { Store } from '../store/layout.ts';
import { withLock } from '../store/lock.ts';
import { failpoint } from '../system/failpoint.ts';
import { clearGoneWorktree } from './clear-gone-worktree.ts';
import { openWorktree } from './open-worktree.ts';
import { takeBack } from './take-back.ts';
import { requirePlace } from './worktree-place.ts';
import { lockReason, readIntent, removeIntent, type WorktreeRecord, writeIntent } from './worktree-record.ts';

export interface CreateOptions {
  readonly repository: Repository;
  readonly store: Store;
  readonly path: AbsolutePath;
  readonly branch: BranchName;
  readonly start: CommitId;
  readonly run: RunId;
  readonly variant: VariantName;
  /** The nonce of the variant's missing worktree: the new one continues at its branch's tip. */
  readonly gone?: string;
  readonly copy: CopySet;
  /** Set-up comes next: files that a filter cannot fill yet are filled after it. */
  readonly fillLater?: boolean;
  readonly portRegistry: AbsolutePath;
  readonly signal?: AbortSignal;
}

/** `whole`: it was there already, nothing is left to do. */
export interface Registered {
  readonly record: WorktreeRecord;
  readonly whole: boolean;
}

interface Waiting {
  readonly options: CreateOptions;
  readonly done: PromiseWithResolvers<Registered>;
}

/** Of this process, by repository lock: callers that come while the lock is being taken share it. */
const lines = new Map<string, Waiting[]>();

/**
 * Registers the worktree under the repository lock, together with all others that wait for it: fifty take one lock and one
 * transaction of refs.
 */
export function register(options: CreateOptions): Promise<Registered> {
  const lock = options.store.lock;
  const waiting: Waiting = { options, done: Promise.withResolvers() };
  const line = lines.get(lock);
  if (line !== undefined) line.push(waiting);
  else {
    const own = [waiting];
    lines.set(lock, own);
    const close = (): void => {
      if (lines.get(lock) === own) lines.delete(lock);
    };
    withLock(lock, { purpose: 'register worktrees' }, () => {
      close();
      return registerAll(own);
    }).catch((error: unknown) => {
      close();
      // Those that were answered before keep their answer.
      for (const { done } of own) done.reject(error);
    });
  }
  return waiting.done.promise;
}

async function registerAll(line: readonly Waiting[]): Promise<void> {
  const reserved: { waiting: Waiting; record: WorktreeRecord }[] = [];
  for (const waiting of line) {
    try {
      const found = await reserve(waiting.options);
      if (found.whole) waiting.done.resolve(found);
      else reserved.push({ waiting, record: found.record });
    } catch (error) {
      waiting.done.reject(error);
    }
  }
  const [first] = reserved;
  if (first === undefined) return;
  const registrations = reserved.map(({ record }) => ({ ...record, reason: lockReason(record) }));
  const errors = await registerWorktrees(first.waiting.options.repository, registrations);
  for (const [i, { waiting, record }] of reserved.entries()) {
    const error = errors[i];
    if (error === null) waiting.done.resolve({ record, whole: false });
    else await takeBack(waiting.options, record, { branch: false }).then(() => waiting.done.reject(error), waiting.done.reject);
  }
}

/** Finds what is there already, removes what a crash left, and reserves git's entry; the intent is written last. */
async function reserve(o: CreateOptions): Promise<Registered> {
  const { run, variant, branch, start } = o;
  const before = await readIntent(o.store, run, variant);
  const whole = await openWorktree({ repository: o.repository, path: before?.path ?? o.path, nonce: before?.nonce ?? null });
  if (whole !== null && whole.run === run && whole.variant === variant) {
    await removeIntent(o.store, run, variant);
    return { record: whole, whole: true };
  }
  // Anything it names that is not copse's is kept, and the record is overwritten.
  if (before !== null) await takeBack(o, before, { branch: true }).catch(unlessRefused);

  const path = await requirePlace(o.repository.root, o.path);
  // From here on an intent without a tip means: the branch was not there, so the one that a crash leaves is ours.
  const tip =
    o.gone === undefined
      ? await readRef(o.repository.commonDir, `refs/heads/${branch}`)
      : await clearGoneWorktree({ ...o, path, nonce: o.gone });
  if (tip !== null && o.gone === undefined) throw branchTaken(branch, branch);
  const gitDir = await reserveEntry(o.repository.commonDir, path);
  failpoint('worktree-reserved');
  const record: WorktreeRecord = {
    schema: 1,
    run,
    variant,
    path,
    branch,
    start,
    ...(tip === null ? {} : { tip }),
    nonce: randomUUID(),
    gitDir,
    port: null,
    copied: [],
  };
  await writeIntent(o.store, record);
  failpoint('worktree-intended');
  return { record, whole: false };
}
