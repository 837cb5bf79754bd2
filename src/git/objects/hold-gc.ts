/**
 * git's own lock on gc (`lock_repo_for_gc` in builtin/gc.c): a file `gc.pid` with pid and host, created through `gc.pid.lock`. Objects that no
 * ref names yet are deleted by a `git gc --prune=now` that looked around before the ref was there, so a process that writes some and then
 * names them keeps gc out for that moment: one that starts meanwhile names the running one, an automatic one runs again later. Left by a
 * crash it blocks nothing: git checks whether the pid lives.
 */

import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../model/clock.ts';
import { CopseError } from '../../model/errors.ts';
import { EXIT } from '../../model/exit-code.ts';
import type { AbsolutePath } from '../../model/ids.ts';
import { isErrno } from '../../system/files.ts';
import { hostIdentity, identityOf, ownIdentity } from '../../system/processes/process-identity.ts';
import { shellWord } from '../../text/shell-word.ts';
import { readRegular } from '../spawn/read-regular.ts';

const PATIENCE_MS = 30_000;
const LOOK_AGAIN_MS = 25;
/** As git has it: an older one counts as abandoned. */
const BELIEVED_MS = 12 * 3600 * 1000;

/** Runs `act` while no gc runs. CopseError `gc-running` (exit 3) if one does not end. */
export async function holdGc<T>(
  o: { readonly commonDir: AbsolutePath; readonly clock: Clock },
  act: () => Promise<T>,
): Promise<T> {
  const [{ pid }, { host: machine }] = await Promise.all([ownIdentity(), hostIdentity()]);
  const host = machine.split('#')[0] ?? '';
  const own = `${pid} ${host}`;
  await take(o, own, host);
  try {
    return await act();
  } finally {
    const path = join(o.commonDir, 'gc.pid');
    if ((await readRegular(path)) === own) await removeIfThere(path);
  }
}

/** Removes the files of a killed holder. git would ignore them. */
export async function clearDeadGc(o: { readonly commonDir: AbsolutePath; readonly clock: Clock }): Promise<void> {
  const path = join(o.commonDir, 'gc.pid');
  const here = (await hostIdentity()).host.split('#')[0] ?? '';
  if (existsSync(path) && !(await isHeld(path, here, o.clock))) await holdGc(o, async () => undefined);
}

async function take(
  { commonDir, clock }: { readonly commonDir: AbsolutePath; readonly clock: Clock },
  own: string,
  host: string,
): Promise<void> {
  const path = join(commonDir, 'gc.pid');
  const deadline = clock.monotonicMs() + PATIENCE_MS;
  for (;;) {
    if (await tryToTake(path, own, host, clock)) return;
    if (clock.monotonicMs() > deadline) throw running(path, (await readRegular(path)) ?? '');
    await clock.sleep(LOOK_AGAIN_MS);
  }
}

async function tryToTake(path: string, own: string, host: string, clock: Clock): Promise<boolean> {
  if (await isHeld(path, host, clock)) return false;
  const lock = `${path}.lock`;
  // Synchronous: a gc that starts while the lock's lock is there dies of it, so that this takes no longer than it must.
  try {
    writeFileSync(lock, own, { flag: 'wx' });
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    throw error;
  }
  try {
    if (await isHeld(path, host, clock)) {
      await removeIfThere(lock);
      return false;
    }
    renameSync(lock, path);
    return true;
  } catch (error) {
    await removeIfThere(lock);
    throw error;
  }
}

async function isHeld(path: string, here: string, clock: Clock): Promise<boolean> {
  if (!existsSync(path)) return false;
  const [, pid, host] = /^(\d+) (\S+)/.exec((await readRegular(path)) ?? '') ?? [];
  if (pid === undefined || host === undefined) return false;
  const age = clock.now().getTime() - ((await stat(path).catch(() => null))?.mtimeMs ?? 0); // It ended in this very moment.
  if (age > BELIEVED_MS) return false;
  return host !== here || (await identityOf(Number(pid))) !== null;
}

function running(path: string, text: string): CopseError {
  return new CopseError({
    code: 'gc-running',
    exit: EXIT.precondition,
    what: `git gc is at work in this repository${text === '' ? '' : ` (pid ${text.split(' ')[0]})`}.`,
    why: 'It could delete the objects that copse is about to keep.',
    hint: `Wait for it, then repeat the command. If none is running, delete what a crash left:\n  rm -f ${shellWord(path)} ${shellWord(`${path}.lock`)}`,
  });
}

async function removeIfThere(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (!isErrno(error, 'ENOENT')) throw error;
  });
}
