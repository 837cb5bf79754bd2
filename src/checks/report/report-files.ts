import { constants } from 'node:fs';
import { open, readdir, realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { matchesPattern } from '../../git/commit/path-pattern.ts';
import type { AbsolutePath } from '../../model/ids.ts';
import { isErrno } from '../../system/files.ts';
import { UnusableReport } from './unusable-report.ts';

const LARGEST_MB = 50;
const LARGEST_BYTES = LARGEST_MB * 1024 * 1024;
const MOST_FILES = 2_000;
/** Entries of folders that are looked at for one pattern. */
const MOST_ENTRIES = 100_000;

/** A file system's clock may lag behind ours by its tick. */
const TICK_MS = 10;
/** On file systems that count whole seconds only, or every other one. */
const COARSE_TICK_MS = 2_000;

export interface ReportFile {
  /** From the worktree's top, as it is called in a problem. */
  readonly path: string;
  readonly text: string;
}

/**
 * The files that `pattern` (from the worktree's top: a path, a folder, or a glob) names and that were written since `newerThanMs` (epoch).
 * Nothing but regular files inside the worktree is opened, whatever the check left in their place. Throws UnusableReport if there are none,
 * or they are too many or too large.
 */
export async function readReportFiles(o: {
  readonly worktree: AbsolutePath;
  readonly pattern: string;
  readonly newerThanMs: number;
}): Promise<readonly ReportFile[]> {
  const root = await realOrGiven(o.worktree);
  const paths = await pathsOf(root, o.pattern);
  const files: ReportFile[] = [];
  const refused: string[] = [];
  let budget = LARGEST_BYTES;
  for (const path of paths) {
    const read = await readOne(root, path, o.newerThanMs, budget);
    if (typeof read === 'string') {
      // One of many may be from an earlier run, of a test that is gone; one that is too large or leads elsewhere is never left out.
      if (read === TOO_LARGE && paths.length > 1) throw new UnusableReport(`${o.pattern} names more than ${LARGEST_MB} MB`);
      if (read !== STALE || paths.length === 1) throw new UnusableReport(`${path} ${read}`);
      refused.push(path);
      continue;
    }
    budget -= read.length;
    files.push({ path, text: new TextDecoder().decode(read) });
  }
  if (files.length > 0) return files;
  if (refused.length > 0) throw new UnusableReport(`${o.pattern} ${STALE}`);
  throw new UnusableReport(`${o.pattern} ${MISSING}`);
}

/** The path that programs get as their working directory; as given, if the check removed it. */
export const realOrGiven = (worktree: AbsolutePath): Promise<AbsolutePath> => realpath(worktree).catch(() => worktree);

const STALE = 'was not written by this run: it is older';
const MISSING = 'was not written';
const OUTSIDE = 'leads out of the worktree';
const TOO_LARGE = `is larger than ${LARGEST_MB} MB`;

async function readOne(root: string, path: string, newerThanMs: number, budget: number): Promise<Buffer | string> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    const real = await realpath(join(root, path));
    if (!real.startsWith(root + sep)) return OUTSIDE;
    // Opening a named pipe without a writer would wait for ever.
    file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return MISSING;
    if (isErrno(error, 'ELOOP')) return OUTSIDE;
    // A socket gives ENXIO.
    if (isErrno(error, 'EACCES', 'EPERM', 'ENXIO', 'ENAMETOOLONG')) return 'cannot be opened';
    throw error;
  }
  try {
    const stat = await file.stat({ bigint: true });
    if (!stat.isFile()) return 'is not a regular file';
    // Any program can set the first, none the second.
    const written = stat.mtimeNs < stat.ctimeNs ? stat.mtimeNs : stat.ctimeNs;
    const tick = written % 1_000_000_000n === 0n ? COARSE_TICK_MS : TICK_MS;
    if (Number(written / 1_000_000n) + tick < newerThanMs) return STALE;
    if (stat.size > BigInt(budget)) return TOO_LARGE;
    const bytes = Buffer.alloc(Number(stat.size));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The paths that a pattern names, sorted; a plain path even if nothing is there. */
async function pathsOf(root: string, pattern: string): Promise<readonly string[]> {
  const parts = pattern.split('/').filter((part) => part !== '' && part !== '.');
  const wild = parts.findIndex((part) => /[*?]/.test(part));
  const path = parts.join('/');
  if (wild === -1) {
    const inFolder = await entriesOf(root, path);
    if (inFolder === null) return [path];
    return bounded(
      inFolder.filter(({ name, isFile }) => isFile && /\.(?:xml|json|tap)$/.test(name)).map(({ name }) => `${path}/${name}`),
    );
  }
  const found: string[] = [];
  const folders = [parts.slice(0, wild).join('/')];
  const deep = path.includes('**');
  let entries = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const { name, isFile, isFolder } of (await entriesOf(root, folder)) ?? []) {
      entries += 1;
      if (entries > MOST_ENTRIES) throw new UnusableReport(`${pattern} has too many files to look through`);
      const inner = folder === '' ? name : `${folder}/${name}`;
      if (isFile && matchesPattern(inner, `/${path}`)) found.push(inner);
      else if (isFolder && (deep ? !NEVER_REPORTS.has(name) : inner.split('/').length < parts.length)) folders.push(inner);
    }
  }
  return bounded(found);
}

const NEVER_REPORTS = new Set(['.git', 'node_modules']);

function bounded(paths: string[]): readonly string[] {
  if (paths.length > MOST_FILES) throw new UnusableReport(`${paths[0]} is one of more than ${MOST_FILES} files: name fewer`);
  return paths.sort();
}

/** Entries of a folder inside the worktree; null: it is none. Links are followed only when a file is opened. */
async function entriesOf(
  root: string,
  path: string,
): Promise<readonly { readonly name: string; readonly isFile: boolean; readonly isFolder: boolean }[] | null> {
  try {
    const real = await realpath(join(root, path));
    if (real !== root && relative(root, real).startsWith('..')) throw new UnusableReport(`${path} ${OUTSIDE}`);
    const entries = await readdir(real, { withFileTypes: true });
    return entries.map((entry) => ({
      name: entry.name,
      // A link, a named pipe: refused by name when it is opened, not skipped.
      isFile: !entry.isDirectory(),
      isFolder: entry.isDirectory(),
    }));
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP')) return null;
    throw error;
  }
}
