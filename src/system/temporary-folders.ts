/**
 * Temporary folders of attempts and checks. Processes side by side must not share one: an agent once read another's output from
 * `/tmp/claude-<uid>`, and a user who creates that folder first stops every attempt.
 *
 * All are in one folder of the person, so that a sandbox can hide the others by hiding one path. It is in the system's temporary folder,
 * with a random name that no one can take first, and remembered in the person's state. Paths stay short: sockets are often made there.
 */
import { createHash } from 'node:crypto';
import { lstat, mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';
import type { AbsolutePath } from '../model/ids.ts';
import type { Environment } from './environment.ts';
import { makePrivateDirectory, readTextIfExists, replaceFile } from './files.ts';
import { personStateDirectory } from './person-directories.ts';
import { removeWhatGoes } from './remove-tree.ts';

const PREFIX = 'copse-';

/** The folder that all temporary folders of the person are in, mode 0700; made if it is not there. */
export function temporaryRoot(environment: Environment): Promise<AbsolutePath> {
  // One after the other: two checks that begin at once must not make one each.
  const found = last.then(() => findRoot(environment));
  last = found.catch(() => undefined); // The caller gets the error.
  return found;
}

let last: Promise<unknown> = Promise.resolve();
/** Of a person without a home: not remembered beyond this process. */
let withoutState: AbsolutePath | null = null;

async function findRoot(environment: Environment): Promise<AbsolutePath> {
  const state = personStateDirectory(environment);
  const known = state === null ? withoutState : await remembered(join(state, 'temporary'));
  if (known !== null && (await isPrivate(known))) return known;
  const made = await makeRoot(environment);
  if (state === null) {
    withoutState = made;
  } else {
    await makePrivateDirectory(state);
    await replaceFile(join(state, 'temporary'), `${made}\n`);
  }
  return made;
}

/** Where the folder with this key is, whether or not there is one. */
export async function temporaryPath(environment: Environment, key: string): Promise<AbsolutePath> {
  return join(await temporaryRoot(environment), nameOf(key));
}

/** A new empty folder, mode 0700. The same key gives the same path, so that a process that finishes another's work finds it. */
export async function makeTemporary(environment: Environment, key: string): Promise<AbsolutePath> {
  const path = await temporaryPath(environment, key);
  const left = await removeWhatGoes(path);
  if (left !== null) throw new Error(left);
  await mkdir(path, { mode: 0o700 });
  return path;
}

/** The variables that make a program use this folder for its temporary files. */
export function temporaryVariables(path: AbsolutePath): Environment {
  return { TMPDIR: path, TMP: path, TEMP: path };
}

/** Deletes it. Why something is still there, with the command that frees it; null: all is gone. */
export async function removeTemporary(environment: Environment, key: string): Promise<string | null> {
  return removeWhatGoes(await temporaryPath(environment, key));
}

async function remembered(memory: AbsolutePath): Promise<AbsolutePath | null> {
  const path = (await readTextIfExists(memory))?.trim() ?? '';
  return isAbsolute(path) && basename(path).startsWith(PREFIX) ? path : null;
}

/** A folder itself, no link to one, that is ours alone. */
async function isPrivate(path: AbsolutePath): Promise<boolean> {
  const stat = await lstat(path).catch(() => null);
  return stat?.isDirectory() === true && stat.uid === process.getuid?.() && (stat.mode & 0o777) === 0o700;
}

async function makeRoot(environment: Environment): Promise<AbsolutePath> {
  const asked = environment['TMPDIR'];
  const base = asked !== undefined && isAbsolute(asked) ? asked : tmpdir();
  return mkdtemp(join(base, PREFIX));
}

function nameOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 10);
}
