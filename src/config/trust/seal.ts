/**
 * A seal proves that this person's copse wrote a record, and that it is unchanged: an HMAC over the repository, the run and the record's
 * bytes, with a key in the person's state folder, which no archive contains and no agent in a sandbox can read.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { link, lstat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordSeal } from '../../model/plan.ts';
import type { Environment } from '../../system/environment.ts';
import { isErrno, makePrivateDirectory, readTextIfExists, temporaryBeside } from '../../system/files.ts';
import { personStateDirectory } from '../../system/person-directories.ts';

type Sealed = Omit<RecordSeal, 'seal'>;

/** The seal of a record; null if the person has no folder for a key. */
export async function sealOf(record: Sealed, environment: Environment): Promise<string | null> {
  const file = keyFile(environment);
  if (file === null) return null;
  const key = (await readKey(file)) ?? (await makeKey(file));
  return key === null ? null : macOf(record, key);
}

/** Whether a record has the seal that this person's copse would give it. */
export async function isSealed(record: RecordSeal, environment: Environment): Promise<boolean> {
  const file = keyFile(environment);
  const key = file === null || record.seal === null ? null : await readKey(file);
  if (key === null || record.seal === null) return false;
  const [given, wanted] = [Buffer.from(record.seal), Buffer.from(macOf(record, key))];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** A secret for `purpose`, the same each time for this person alone; null where the person has no folder for a key. */
export async function personSecret(purpose: readonly string[], environment: Environment): Promise<string | null> {
  const file = keyFile(environment);
  const key = file === null ? null : ((await readKey(file)) ?? (await makeKey(file)));
  return key === null
    ? null
    : createHmac('sha256', key)
        .update(JSON.stringify(['copse-secret-1', ...purpose]))
        .digest('base64url');
}

function macOf({ commonDir, run, digest }: Sealed, key: string): string {
  return createHmac('sha256', key)
    .update(JSON.stringify(['copse-seal-1', commonDir, run, digest]))
    .digest('hex');
}

function keyFile(environment: Environment): string | null {
  const state = personStateDirectory(environment);
  return state === null ? null : join(state, 'key');
}

/** null: there is none, or one that others can write. */
async function readKey(file: string): Promise<string | null> {
  const stat = await lstat(file).catch(() => null); // Not there yet.
  if (stat?.isFile() !== true || (stat.mode & 0o077) !== 0) return null;
  const key = (await readTextIfExists(file))?.trim() ?? '';
  return /^[0-9a-f]{64}$/.test(key) ? key : null;
}

/** Two at once agree on one: a link refuses to replace. */
async function makeKey(file: string): Promise<string | null> {
  await makePrivateDirectory(join(file, '..'));
  const temporary = temporaryBeside(file);
  await writeFile(temporary, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx', flush: true });
  try {
    await link(temporary, file);
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
  } finally {
    await unlink(temporary);
  }
  return readKey(file);
}
