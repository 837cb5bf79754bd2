/**
 * The one gate that a path from a record passes before anything there is deleted, renamed or written.
 *
 * `.git/copse` can arrive in an archive, or be written by an agent's check, and so can git's entries in `.git/worktrees`: neither proves
 * anything about a folder elsewhere. What an archive cannot bring is a `.git` file in a folder outside of it that leads back to this
 * repository. So a folder is copse's only if git's entry and the folder's `.git` lead to each other, no part of the path is a link, and
 * the path is written plainly. Anything else is refused with CopseError `record-refused` (exit 3), and left as it is.
 */
import { lstat, mkdir, readdir, realpath, rename, rmdir } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { CopseError } from '../../model/errors.ts';
import { EXIT } from '../../model/exit-code.ts';
import type { AbsolutePath } from '../../model/ids.ts';
import { isPlainPath } from '../../store/record.ts';
import { exists, isErrno } from '../../system/files.ts';
import { removeTree, removeWhatGoes } from '../../system/remove-tree.ts';
import { shellWord } from '../../text/shell-word.ts';
import { readRegular } from '../spawn/read-regular.ts';
import type { Repository } from '../spawn/repository.ts';

declare const proven: unique symbol;
/** A path that passed the gate. Nothing else can be handed to the functions that delete and move. */
export type OwnPath = AbsolutePath & { readonly [proven]: true };

type Place = Pick<Repository, 'commonDir' | 'root' | 'bare'>;

export interface RecordedWorktree {
  readonly path: AbsolutePath;
  readonly gitDir: AbsolutePath;
}

/** Git's entry of a linked worktree, whether or not it is there. */
export async function ownEntry({ commonDir }: Place, gitDir: string): Promise<OwnPath> {
  const folder = join(commonDir, 'worktrees');
  if (!isPlainPath(gitDir) || dirname(gitDir) !== folder) throw refused(gitDir, 'It is not an entry of git in this repository.');
  await requireRealWay(gitDir);
  return asOwn(gitDir);
}

/** Something in copse's own state folder. */
export async function ownState({ commonDir }: Place, path: string): Promise<OwnPath> {
  const state = join(commonDir, 'copse');
  if (!isPlainPath(path) || !isBelow(path, state)) throw refused(path, 'It is not in the state folder of copse.');
  await requireRealWay(path);
  return asOwn(path);
}

/**
 * The folder of a linked worktree, if there is one: git's entry leads to it, and its `.git` leads back. `before`: the folder's paths
 * before moves that may have been interrupted; the pointers can still be as they were there.
 */
export async function ownWorktree(
  place: Place,
  { path, gitDir }: RecordedWorktree,
  before: readonly AbsolutePath[] = [],
): Promise<OwnPath> {
  const entry = await ownEntry(place, gitDir);
  const own = await freePlace(place, path);
  if (!(await exists(path))) return own;
  if (!(await lstat(path)).isDirectory()) throw refused(path, 'It is not a folder.');
  const places = new Set([path, ...before]);
  const pointer = (await readRegular(join(entry, 'gitdir')))?.trim() ?? '';
  if (pointer === '' || !places.has(dirname(resolve(entry, pointer))))
    throw refused(path, 'git has no worktree registered there.');
  const back = /^gitdir: (.+)$/.exec((await readRegular(join(path, '.git')))?.trim() ?? '')?.[1] ?? '';
  if (back === '' || ![...places].some((at) => resolve(at, back) === entry))
    throw refused(path, 'Its .git does not lead to this repository.');
  return own;
}

/** Whether a folder that is there is the linked worktree of this entry. */
export async function isOwnWorktree(place: Place, worktree: RecordedWorktree): Promise<boolean> {
  try {
    return await exists(await ownWorktree(place, worktree));
  } catch (error) {
    if (isRefusedRecord(error)) return false;
    throw error;
  }
}

const GITS_OWN = new Set([
  'branches',
  'copse',
  'hooks',
  'info',
  'lfs',
  'logs',
  'modules',
  'objects',
  'refs',
  'reftable',
  'worktrees',
]);

/** A place that a worktree may take or have: written plainly, no link on the way, neither in the repository's own files nor around them. */
export async function freePlace({ commonDir, root, bare }: Place, path: string): Promise<OwnPath> {
  if (!isPlainPath(path)) throw refused(path, 'Its path is not normalised.');
  const around = [commonDir, root].some((ours) => ours === path || isBelow(ours, path));
  // People keep worktrees inside of a bare repository.
  const inside = isBelow(path, commonDir) && (!bare || GITS_OWN.has(relative(commonDir, path).split(sep)[0] ?? ''));
  if (around || inside) throw refused(path, 'The repository itself is there.');
  await requireRealWay(path);
  return asOwn(path);
}

/** Something below a path that passed: plain, and no link on the way. */
export async function ownBelow(own: OwnPath, path: string): Promise<OwnPath> {
  const at = join(own, path);
  if (!isBelow(at, own)) throw refused(at, `It is not in ${own}.`);
  await requireRealWay(dirname(at));
  return asOwn(at);
}

/** The folder that a proven path is in: of the trash, or of git's entries. */
export function ownParent(own: OwnPath): OwnPath {
  return asOwn(dirname(own));
}

/** Deletes it and all in it. Nothing there: fine. */
export function removeOwn(path: OwnPath): Promise<void> {
  return removeTree(path);
}

/** Deletes what can be deleted: why something is still there, with the command that frees it; null: all is gone. */
export function removeOwnWhatGoes(path: OwnPath): Promise<string | null> {
  return removeWhatGoes(path);
}

/** Deletes an empty folder. One with anything in it stays. */
export async function removeOwnIfEmpty(path: OwnPath): Promise<void> {
  await rmdir(path).catch((error: unknown) => {
    if (!isErrno(error, 'ENOENT', 'ENOTDIR', 'ENOTEMPTY', 'EEXIST')) throw error;
  });
}

/** Renames; creates the new parent folder. */
export async function moveOwn(from: OwnPath, to: OwnPath, o: { readonly mode?: number } = {}): Promise<void> {
  await mkdir(dirname(to), { recursive: true, ...o });
  await rename(from, to);
}

/** Whether nothing is there, or an empty folder. */
export async function isEmptyFolder(path: OwnPath): Promise<boolean> {
  return (await readdir(path).catch(() => ['something else'])).length === 0; // Not a folder, or not ours to read.
}

/** Whether a refusal of the gate: a caller with many records reports it and continues with the next. */
export function isRefusedRecord(error: unknown): error is CopseError {
  return error instanceof CopseError && error.code === 'record-refused';
}

/** For `catch`, if a refused record is skipped. */
export function unlessRefused(error: unknown): void {
  if (!isRefusedRecord(error)) throw error;
}

export function refusalSentence({ message, why }: CopseError): string {
  return `${message} ${why ?? ''}`.trim();
}

/** A record is not true. `path`: the path it names. */
export function refused(path: string, why: string): CopseError {
  return new CopseError({
    code: 'record-refused',
    exit: EXIT.precondition,
    what: `A record of copse names ${path}, which was left alone.`,
    why: `${why} copse moves and deletes only files in this repository's worktrees and trash.`,
    hint: `Look at it: ls -ld ${shellWord(path)}`,
  });
}

/** The gate's mark; here and nowhere else. */
function asOwn(path: string): OwnPath {
  return path as OwnPath;
}

function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !way.startsWith(sep);
}

/** The existing part of the path has no link, not even at its end. */
async function requireRealWay(path: string): Promise<void> {
  let existing = path;
  while (!(await exists(existing))) existing = dirname(existing);
  const real = await realpath(existing).catch(() => null); // A link that leads nowhere, or in a circle.
  if (real !== existing) throw refused(path, `The path contains a link: ${existing}.`);
}
