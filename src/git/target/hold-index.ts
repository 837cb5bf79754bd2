/**
 * The index of a checkout while its files follow: `index.lock` is ours, git works on a copy beside it, and the copy takes the index's place.
 * A git that is killed then leaves no lock of its own, and a copse that is killed leaves one that says whose it was.
 */
import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod/mini';
import { EXIT } from '../../model/exit-code.ts';
import type { FollowingCheckout } from '../../model/operation.ts';
import { exists, isErrno } from '../../system/files.ts';
import { findByMarker, isRunning, MARKER_VARIABLE, ownIdentity } from '../../system/processes/process-identity.ts';
import { copyIndex } from '../spawn/copy-index.ts';
import { GitError } from '../spawn/git-error.ts';
import { type Git, gitIn } from '../spawn/git-in.ts';
import { heldLock } from '../spawn/held-lock.ts';

const OWNER = z.object({
  copse: z.literal(1),
  pid: z.number(),
  startTime: z.string(),
  bootId: z.string(),
  /** Of the gits that work under this lock, which may outlive the copse that held it. */
  marker: z.string(),
});

/** As long as any git process of copse waits for a lock. */
const PATIENCE_MS = 5_000;

/** Runs `act` with a git that has the index of this checkout to itself. Throws GitError `git-locked` where another program keeps it. */
export async function holdIndex<T>({ path, gitDir }: FollowingCheckout, act: (git: Git) => Promise<T>): Promise<T> {
  const lock = join(gitDir, 'index.lock');
  const index = join(gitDir, 'index');
  const marker = `index:${randomBytes(8).toString('hex')}`;
  await take(lock, marker);
  const copy = join(gitDir, `index.copse-${marker.slice(-16)}`);
  try {
    if (await exists(index)) await copyIndex(index, copy);
    const git = gitIn(path);
    const done = await act({
      cwd: path,
      run: (args, o = {}) => git.run(args, { ...o, env: { ...o.env, GIT_INDEX_FILE: copy, [MARKER_VARIABLE]: marker } }),
    });
    if (await exists(copy)) await rename(copy, index);
    return done;
  } finally {
    await Promise.all([copy, `${copy}.lock`].map((left) => rm(left, { force: true })));
    await rm(lock, { force: true });
  }
}

async function take(lock: string, marker: string): Promise<void> {
  const { pid, startTime, bootId } = await ownIdentity();
  const text = JSON.stringify({ copse: 1, pid, startTime, bootId, marker });
  const started = performance.now();
  for (let round = 0; ; round += 1) {
    try {
      await writeFile(lock, text, { flag: 'wx' });
      return;
    } catch (error) {
      if (!isErrno(error, 'EEXIST')) throw error;
    }
    if (await clearOwnDead(lock)) continue;
    if (performance.now() - started > PATIENCE_MS) throw await held(lock);
    await pause(Math.min(400, 15 * 2 ** round));
  }
}

/** Removes a lock whose content says that it was ours, where neither its copse nor a git of it lives. */
async function clearOwnDead(lock: string): Promise<boolean> {
  const owner = parse(await readFile(lock, 'utf8').catch(() => '')); // Released meanwhile.
  if (owner === null || (await isRunning(owner)) || (await findByMarker(owner.marker)).length > 0) return false;
  // Renamed first: of two that find it, one removes it, and neither removes the next one's.
  const aside = `${lock}.${owner.marker.replace(/\W/g, '-')}`;
  try {
    await rename(lock, aside);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return true;
    throw error;
  }
  const moved = parse(await readFile(aside, 'utf8'));
  if (moved?.marker !== owner.marker) {
    await rename(aside, lock);
    return false;
  }
  const folder = join(lock, '..');
  const copy = join(folder, `index.copse-${owner.marker.slice(-16)}`);
  await Promise.all([aside, copy, `${copy}.lock`].map((left) => rm(left, { force: true })));
  return true;
}

function parse(text: string): z.infer<typeof OWNER> | null {
  if (!text.startsWith('{')) return null;
  try {
    const parsed = z.safeParse(OWNER, JSON.parse(text));
    return parsed.success && /^index:[0-9a-f]{16}$/.test(parsed.data.marker) ? parsed.data : null;
  } catch {
    return null; // Not written whole: it may be a git's.
  }
}

async function held(lock: string): Promise<GitError> {
  const stderr = `fatal: Unable to create '${lock}': File exists.`;
  const said = await heldLock(stderr);
  return new GitError({
    code: 'git-locked',
    exit: EXIT.precondition,
    what: said?.what ?? `${lock} is held, so git cannot write there.`,
    ...(said === null ? {} : { why: said.why, hint: said.hint }),
    exitCode: 128,
    stderr,
  });
}
