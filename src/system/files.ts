import { randomBytes } from 'node:crypto';
import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { chmod, type FileHandle, lstat, mkdir, open, readFile, rename, stat, statfs, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Replaces a file as a whole, mode 0600: after a crash at any point, readers find the old or the new content, never a part.
 * Throws the file system's error; the old content is then unchanged.
 */
export async function replaceFile(path: string, data: string | Uint8Array): Promise<void> {
  const folder = dirname(path);
  const temporary = temporaryBeside(path);
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(data);
      // Before the rename: ext4 and XFS may otherwise show an empty file under the new name after a power cut.
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => {
      // It was never made, or the folder is as broken as the first error says; that one is what counts.
    });
    throw error;
  }
  await syncDirectory(folder);
}

/** Name for a temporary file in the same folder, so that a rename or link to `path` stays on one device. */
export function temporaryBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
}

/** Makes names created, replaced or removed in a folder survive a power cut. */
export async function syncDirectory(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // Some file systems (FUSE, SMB) cannot sync a folder; the rename is done anyway.
    if (!isErrno(error, 'EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'EPERM', 'EISDIR')) throw error;
  } finally {
    await handle.close();
  }
}

/** Makes a folder and its missing parents, each mode 0700. One that exists loses what others may do there. */
export async function makePrivateDirectory(path: string): Promise<void> {
  let made: string | undefined;
  try {
    made = await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
    // Node says ENOENT for a read-only file system too when it makes parents; a plain mkdir gets the kernel's own answer.
    await mkdir(path, { mode: 0o700 });
    return;
  }
  if (made !== undefined) return;
  const { mode } = await lstat(path);
  if ((mode & 0o077) !== 0) await chmod(path, 0o700);
}

/** UTF-8 text of a file; null if there is none. */
export async function readTextIfExists(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return null;
    throw error;
  }
}

/** The last `bytes` of a file as text (a character cut in two becomes U+FFFD); empty if there is none. */
export async function readTail(path: string, bytes: number): Promise<string> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return '';
    throw error;
  }
  try {
    const { size } = await file.stat();
    const length = Math.min(size, bytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The first and the last `bytes` of a file as text; the rest is left out. Empty if there is no such file. */
export async function readEnds(path: string, bytes: number): Promise<string> {
  const size = await sizeOf(path);
  if (size <= 2 * bytes) return readTail(path, 2 * bytes);
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
    return `${buffer.toString('utf8', 0, bytesRead)}\n${await readTail(path, bytes)}`;
  } finally {
    await file.close();
  }
}

/** Bytes of a file; 0 if there is none. */
export async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return 0;
    throw error;
  }
}

/** Whether anything exists at this path, even a dangling symlink. */
export async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return false;
    throw error;
  }
}

/** Bytes that we may still write on the device of `path`, which must exist. */
export async function freeBytes(path: string): Promise<number> {
  return (await diskSpace(path)).free;
}

/** Bytes that we may still write on the device of `path`, and its size. */
export async function diskSpace(path: string): Promise<{ free: number; size: number }> {
  const { bavail, blocks, bsize } = await statfs(path);
  return { free: bavail * bsize, size: blocks * bsize };
}

/** Files with several names, by inode: how long they are, and how many of their names have not been met. */
export type HardLinks = Map<string, { readonly bytes: number; left: number }>;

/** Bytes that stay in use when what was measured is deleted: some name of these files is elsewhere, in the store of pnpm perhaps. */
export function heldElsewhere(links: HardLinks): number {
  return [...links.values()].reduce((sum, { bytes, left }) => (left > 0 ? sum + bytes : sum), 0);
}

/**
 * Bytes and files below a folder (or of one file); symlinks count as themselves, a file of several names once. A missing path is zero.
 * `links`: files of several names that are known from other folders.
 */
export async function directorySize(path: string, links: HardLinks = new Map()): Promise<{ bytes: number; files: number }> {
  const total = { bytes: 0, files: 0, links };
  const pending = [path];
  for (let here = pending.pop(), seen = 0; here !== undefined; here = pending.pop(), seen += 1) {
    // Synchronous calls take a tenth of the time on 100,000 files; a pause every few folders keeps the loop alive.
    if (seen % 64 === 63) await new Promise((resolve) => setImmediate(resolve));
    measure(here, total, pending);
  }
  return { bytes: total.bytes, files: total.files };
}

interface Total {
  bytes: number;
  files: number;
  readonly links: HardLinks;
}

function addFile({ dev, ino, nlink, size }: Stats, total: Total): void {
  total.files += 1;
  const key = `${dev}:${ino}`;
  const known = nlink > 1 ? total.links.get(key) : undefined;
  if (known !== undefined) {
    known.left -= 1;
    return;
  }
  if (nlink > 1) total.links.set(key, { bytes: size, left: nlink - 1 });
  total.bytes += size;
}

function measure(path: string, total: Total, pending: string[]): void {
  try {
    const own = lstatSync(path);
    if (!own.isDirectory()) {
      addFile(own, total);
      return;
    }
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const child = join(path, entry.name);
      if (entry.isDirectory()) pending.push(child);
      else measure(child, total, pending);
    }
  } catch (error) {
    // Gone meanwhile, or not ours to read: it would not be copied either.
    if (!isErrno(error, 'ENOENT', 'EACCES', 'EPERM')) throw error;
  }
}

/** Whether a thrown value is a system error with one of these codes. */
export function isErrno(error: unknown, ...codes: readonly string[]): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}
