import { randomBytes } from 'node:crypto';
import { link, lstat, open, readFile, readlink, rename, symlink, unlink } from 'node:fs/promises';
import type { ProcessIdentity } from '../model/attempt.ts';
import type { Clock } from '../model/clock.ts';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { Instant } from '../model/ids.ts';
import { isErrno, temporaryBeside } from '../system/files.ts';
import { type HostIdentity, hostIdentity, isAliveOn, ownIdentity } from '../system/processes/process-identity.ts';
import { systemClock } from '../system/system-clock.ts';
import { shellWord } from '../text/shell-word.ts';
import { queueBehind } from './lock-queue.ts';
import { isObject } from './record.ts';

/*
 * A lock is a file with its owner's record, written and flushed under another name first: link(2) is exclusive, and name and content
 * appear in one step, so no reader ever meets a lock without an owner, not even after a power cut. It was a symlink with the record as its
 * target: tools that walk through `.git` (`node --test` of Node 20) fail on one that leads nowhere. Those of a run that an earlier version
 * started are still read, and a file system without hard links still gets them.
 *
 * A dead owner N is succeeded by creating `<path>.after-<nonce of N>`, exclusively again: however many see that N is dead, one
 * succeeds it, and should that one die too, it is succeeded in the same way. The owner is the end of this chain:
 *
 *   lock ─▶ N (dead)   lock.after-N ─▶ M (dead)   lock.after-M ─▶ us
 *
 * Invariants: only the living owner removes or replaces `lock`, and does so *before* it removes what hung behind it; nonces
 * are never used twice. Hence a successor that still reaches itself from `lock` after its creation owns it, and one that
 * looked too slowly (N's successor came and went meanwhile) does not reach itself and withdraws.
 */

export interface LockOwner {
  readonly identity: ProcessIdentity;
  readonly host: HostIdentity;
  readonly nonce: string;
  /** Its purpose, e.g. `copse run ui`. */
  readonly purpose: string;
  readonly since: Instant;
}

export interface Lock {
  readonly nonce: string;
  /** Gives it back; further calls do nothing. */
  release(): Promise<void>;
}

export interface LockOptions {
  readonly purpose: string;
  /** How long to wait for a living owner; default 10 s. 0: fail at once. */
  readonly waitMs?: number;
  readonly clock?: Clock;
  /** Ends the waiting; it rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

const DEFAULT_WAIT_MS = 10_000;
const FIRST_PAUSE_MS = 4;
const LONGEST_PAUSE_MS = 40;

/** Takes the lock at `path`, whose folder must exist. CopseError `locked` (exit 3) names the owner that holds it. */
export async function acquireLock(path: string, o: LockOptions): Promise<Lock> {
  const clock = o.clock ?? systemClock;
  const deadline = clock.monotonicMs() + (o.waitMs ?? DEFAULT_WAIT_MS);
  // Our own process's waiters line up in memory: a hand-over without polling, in order of arrival.
  const turn = await queueBehind(path, () => clock.sleep(Math.max(0, deadline - clock.monotonicMs()), o.signal));
  try {
    o.signal?.throwIfAborted();
    if (!turn.ours) throw await lockedError(path);
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const held = await tryToAcquire(path, o.purpose, clock);
      if (held !== null) return new HeldLock(held, turn.done);
      const left = deadline - clock.monotonicMs();
      if (left <= 0) throw await lockedError(path);
      await clock.sleep(Math.min(left, pause * (0.5 + Math.random())), o.signal);
      o.signal?.throwIfAborted();
    }
  } catch (error) {
    turn.done();
    throw error;
  }
}

/** Runs `act` under the lock and gives it back whatever happens. */
export async function withLock<T>(path: string, o: LockOptions, act: () => Promise<T>): Promise<T> {
  const lock = await acquireLock(path, o);
  try {
    return await act();
  } finally {
    await lock.release();
  }
}

/** The holder of the lock, or the last one, which died with it; `unknown`: on another machine. Null: free. */
export async function lockOwner(path: string): Promise<{ owner: LockOwner; alive: boolean | 'unknown' } | null> {
  const chain = await readChain(path);
  const owner = chain.at(-1)?.owner;
  return owner === undefined ? null : { owner, alive: await isAliveOn(owner.identity, owner.host) };
}

interface Link {
  readonly path: string;
  readonly owner: LockOwner;
}

/** From `lock` to the owner: each link was created after the one before had died. */
async function readChain(path: string): Promise<Link[]> {
  const chain: Link[] = [];
  for (let at = path; ; ) {
    const owner = await readOwner(at);
    if (owner === null) return chain;
    chain.push({ path: at, owner });
    at = successorPath(path, owner);
  }
}

function successorPath(path: string, of: LockOwner): string {
  return `${path}.after-${of.nonce}`;
}

async function tryToAcquire(path: string, purpose: string, clock: Clock): Promise<Held | null> {
  const me = await newOwner(purpose, clock);
  if (await createExclusively(me, path)) return { path, nonce: me.nonce, chain: [{ path, owner: me }] };

  const last = (await readChain(path)).at(-1);
  if (last === undefined || (await isAliveOn(last.owner.identity, last.owner.host)) !== false) return null;

  const claim = successorPath(path, last.owner);
  if (!(await createExclusively(me, claim))) return null;
  const chain = await readChain(path);
  if (chain.at(-1)?.owner.nonce !== me.nonce) {
    await removeIfThere(claim);
    return null;
  }
  return { path, nonce: me.nonce, chain: await shorten(path, me, chain) };
}

interface Held {
  readonly path: string;
  readonly nonce: string;
  /** The files to remove on release, in this order. */
  readonly chain: readonly Link[];
}

/** Puts our own record in the place of the dead ones, so that the folder stays tidy. Ours alone to do: we own it. */
async function shorten(path: string, me: LockOwner, chain: readonly Link[]): Promise<readonly Link[]> {
  const temporary = temporaryBeside(path);
  try {
    await writeOwner(me, temporary);
    await rename(temporary, path);
  } catch {
    // No space, say. The chain is valid as it is.
    await removeIfThere(temporary).catch(() => undefined);
    return chain;
  }
  for (const link of chain.slice(1)) await removeIfThere(link.path);
  return [{ path, owner: me }];
}

class HeldLock implements Lock {
  readonly nonce: string;
  readonly #held: Held;
  readonly #done: () => void;
  #released = false;

  constructor(held: Held, done: () => void) {
    this.nonce = held.nonce;
    this.#held = held;
    this.#done = done;
  }

  async release(): Promise<void> {
    if (this.#released) return;
    this.#released = true;
    try {
      const [root, ...others] = this.#held.chain;
      // The user may have removed the lock by hand and another process taken it: that one stays.
      const now = await readOwner(this.#held.path);
      if (root !== undefined && now?.nonce === root.owner.nonce) await removeIfThere(root.path);
      for (const link of others) await removeIfThere(link.path);
    } finally {
      this.#done();
    }
  }
}

async function newOwner(purpose: string, clock: Clock): Promise<LockOwner> {
  const [identity, host] = await Promise.all([ownIdentity(), hostIdentity()]);
  return { identity, host, nonce: randomBytes(12).toString('hex'), purpose, since: clock.now().toISOString() };
}

async function createExclusively(owner: LockOwner, path: string): Promise<boolean> {
  // Usually so for a waiting process: then nothing is written.
  if ((await recordAt(path)) !== null) return false;
  const temporary = temporaryBeside(path);
  try {
    await writeOwner(owner, temporary);
    await link(temporary, path).catch((error: unknown) => {
      if (!isErrno(error, 'EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK')) throw error;
      return symlink(JSON.stringify(owner), path);
    });
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await removeIfThere(temporary);
  }
}

/** Flushed: after a power cut a name without its content would be a lock that nothing may ever break. */
async function writeOwner(owner: LockOwner, path: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(JSON.stringify(owner));
    await file.datasync();
  } finally {
    await file.close();
  }
}

async function readOwner(path: string): Promise<LockOwner | null> {
  const text = await recordAt(path);
  if (text === null) return null;
  try {
    const owner: unknown = JSON.parse(text);
    if (isLockOwner(owner)) return owner;
  } catch {
    // Not JSON: not ours either, as below.
  }
  throw foreignLock(path);
}

/** More is no record of an owner. */
const LONGEST_RECORD = 64 * 1024;

async function recordAt(path: string): Promise<string | null> {
  try {
    return await readlink(path);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return null;
    if (!isErrno(error, 'EINVAL')) throw error;
  }
  try {
    const { size, isFile } = await lstat(path).then((stat) => ({ size: stat.size, isFile: stat.isFile() }));
    if (!isFile || size > LONGEST_RECORD) throw foreignLock(path);
    return await readFile(path, 'utf8');
  } catch (error) {
    // Given back in between.
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  }
}

function isLockOwner(value: unknown): value is LockOwner {
  if (typeof value !== 'object' || value === null) return false;
  const { identity, host, nonce, purpose } = { identity: null, host: null, nonce: null, purpose: null, ...value };
  // The nonce becomes a part of a file name.
  return (
    isObject(identity) &&
    isObject(host) &&
    typeof nonce === 'string' &&
    /^[\w-]{1,64}$/.test(nonce) &&
    typeof purpose === 'string'
  );
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
  }
}

function foreignLock(path: string): CopseError {
  return new CopseError({
    code: 'lock-unreadable',
    exit: EXIT.precondition,
    what: `${path} is not a lock that copse made.`,
    why: 'Another program may still rely on it.',
    hint: `If nothing does, remove it: rm ${shellWord(path)}`,
  });
}

async function lockedError(path: string): Promise<CopseError> {
  const held = await lockOwner(path);
  const owner = held?.owner;
  const who = owner === undefined ? 'Another part of this command' : `${owner.purpose} (pid ${owner.identity.pid})`;
  const elsewhere = held?.alive === 'unknown';
  return new CopseError({
    code: 'locked',
    exit: EXIT.precondition,
    what: `${who} holds the lock ${path}.`,
    why: elsewhere
      ? `It runs on ${owner?.host.host.split('#')[0]} or in another container, so copse cannot tell whether it is still alive.`
      : `It started ${owner?.since ?? 'a moment ago'}.`,
    hint: elsewhere
      ? `If that process is gone, remove the lock: rm ${shellWord(path)}`
      : 'Wait for it, then repeat the command. See: copse status',
  });
}
