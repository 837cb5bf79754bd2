import { createHash } from 'node:crypto';
import { type BigIntStats, createReadStream, lstatSync } from 'node:fs';
import { lstat, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { AbsolutePath } from '../../model/ids.ts';
import { exists, readTextIfExists } from '../../system/files.ts';
import { forEachAtMost } from '../../system/for-each-at-most.ts';
import { distrustedGit, type Git } from '../spawn/git-in.ts';
import type { Repository } from '../spawn/repository.ts';
import { shadowPaths } from '../spawn/shadow-directory.ts';
import { pathBytes, type RawPath, split } from '../worktree/working-changes.ts';
import { filledSubmodules } from './filled-submodules.ts';
import { type FolderTrace, traceFolder, traceLine, walkBudget } from './folder-trace.ts';
import { type Others, othersOf } from './others.ts';

export interface FileTrace {
  readonly size: number;
  /** Nanoseconds, as text: beyond what a number holds. */
  readonly mtimeNs: string;
  /** sha256 of the content; null where reading it all would have taken too long. */
  readonly digest: string | null;
}

/**
 * The files beside a worktree's commit before an attempt: left by set-up or copied. Plain data, one character per byte of a path.
 */
export interface UntrackedSnapshot {
  readonly schema: 1;
  /** Untracked files, and ignored ones that no pattern ignores as part of a folder. */
  readonly files: Readonly<Record<RawPath, FileTrace>>;
  readonly repositories: readonly RawPath[];
  /** Repository-relative paths of ignored files and folders that were copied in: their content is not for committing. */
  readonly copied: readonly string[];
  /** Ignored folders, repositories and filled submodules. Missing in what earlier versions wrote. */
  readonly folders?: Readonly<Record<RawPath, FolderTrace>>;
}

/** For a worktree without a snapshot. */
export const NOTHING_UNTRACKED: UntrackedSnapshot = { schema: 1, files: {}, repositories: [], copied: [] };

const FILE = 'untracked.json';

/** The snapshot of a variant, from the folder that holds its records; {@link NOTHING_UNTRACKED} if none was taken. */
export async function readUntracked(variantDir: AbsolutePath): Promise<UntrackedSnapshot> {
  const text = await readTextIfExists(join(variantDir, FILE));
  return text === null ? NOTHING_UNTRACKED : (JSON.parse(text) as UntrackedSnapshot);
}

/** Where {@link readUntracked} reads it. */
export function untrackedFile(variantDir: AbsolutePath): AbsolutePath {
  return join(variantDir, FILE);
}

/** Set-up may leave a whole dependency folder that is not ignored: beyond this, only size and time are compared. */
const MAX_DIGESTED_BYTES = 256 * 1024 * 1024;
/** More ignored files, of which none is in an ignored folder, are not written down: they count as the agent's. */
const MAX_IGNORED_FILES = 20_000;

/** The untracked files of a worktree before an attempt, so that its commit takes only new and changed ones. */
export async function untrackedSnapshot(o: {
  readonly repository: Repository;
  readonly worktree: AbsolutePath;
  readonly gitDir: AbsolutePath;
  readonly copied?: readonly string[];
}): Promise<UntrackedSnapshot> {
  const { commonDir } = o.repository;
  const { index } = shadowPaths(commonDir, o.gitDir);
  // copse's own index, if there is one: files that an agent only staged are untracked to the commit as well.
  const git = distrustedGit({ gitDir: o.gitDir, workTree: o.worktree, commonDir, ...((await exists(index)) ? { index } : {}) });
  const { untracked, ignored } = await othersOf(git).catch(() => untrackedOnly(git));
  const files: Record<RawPath, FileTrace> = {};
  let digested = 0;
  const single = [...untracked, ...ignored.slice(0, MAX_IGNORED_FILES)].filter((path) => !path.endsWith('/'));
  await forEachAtMost(8, single, async (path) => {
    const bytes = pathBytes(o.worktree, path);
    const stat = await statIfExists(bytes);
    if (stat === null) return;
    digested += Number(stat.size);
    const digest = digested > MAX_DIGESTED_BYTES || !isDigestable(stat) ? null : await digestOf(bytes, stat);
    files[path] = { size: Number(stat.size), mtimeNs: String(stat.mtimeNs), digest };
  });
  const repositories = withoutSlashes(untracked);
  const folders: Record<RawPath, FolderTrace> = {};
  const budget = walkBudget();
  for (const path of [...repositories, ...withoutSlashes(ignored), ...(await filledSubmodules(git, o)).map((one) => one.path)])
    folders[path] = await traceFolder(o.worktree, path, budget);
  return { schema: 1, files, repositories, copied: o.copied ?? [], folders };
}

/** Where HEAD makes no sense to git (a commit that is missing in a partial clone). Ignored files then count as the agent's. */
async function untrackedOnly(git: Git): Promise<Pick<Others, 'untracked' | 'ignored'>> {
  return { untracked: split((await git.run(['ls-files', '-z', '--others', '--exclude-standard'])).stdout), ignored: [] };
}

/** Paths that end in a slash, without it. */
export function withoutSlashes(paths: readonly RawPath[]): RawPath[] {
  return paths.filter((path) => path.endsWith('/')).map((path) => path.slice(0, -1));
}

/** Reading anything else (a named pipe) would wait for ever. */
function isDigestable(stat: BigIntStats): boolean {
  return stat.isFile() || stat.isSymbolicLink();
}

/** Whether a file is still what the snapshot saw: not the agent's work. */
export async function isUnchanged(snapshot: UntrackedSnapshot, worktree: string, path: RawPath): Promise<boolean> {
  const before = Object.hasOwn(snapshot.files, path) ? snapshot.files[path] : undefined;
  const bytes = pathBytes(worktree, path);
  if (before === undefined) return isAsTraced(snapshot, bytes, path);
  const stat = await statIfExists(bytes);
  if (stat === null || Number(stat.size) !== before.size) return false;
  if (String(stat.mtimeNs) === before.mtimeNs && before.digest === null) return true;
  // Size and time can be put back (`touch -r`, an unpacked archive): if there is a digest, it decides.
  return before.digest !== null && isDigestable(stat) && (await digestOf(bytes, stat)) === before.digest;
}

/** The same of a file in a folder of which the snapshot has the files. */
function isAsTraced({ folders = {} }: UntrackedSnapshot, bytes: Buffer, path: RawPath): boolean {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    const folder = path.slice(0, end);
    const files = Object.hasOwn(folders, folder) ? folders[folder]?.files : undefined;
    if (files === undefined) continue;
    const name = path.slice(end + 1);
    const before = files !== null && Object.hasOwn(files, name) ? files[name] : undefined;
    const stat = lstatSync(bytes, { throwIfNoEntry: false });
    return before !== undefined && stat !== undefined && traceLine(stat) === before;
  }
  return false;
}

/** sha256 of a file's content, or of a symlink's target. null: it cannot be read. */
export async function digestOf(path: Buffer | string, stat: BigIntStats): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    if (stat.isSymbolicLink())
      return hash
        .update('link\0')
        .update(await readlink(path))
        .digest('hex');
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
    return hash.digest('hex');
  } catch {
    // Unreadable or gone meanwhile: without a digest it counts as changed, and what is then done with it says why.
    return null;
  }
}

/** Without following symlinks; null: it is not there, or may not be looked at. */
export async function statIfExists(path: Buffer | string): Promise<BigIntStats | null> {
  try {
    return await lstat(path, { bigint: true });
  } catch {
    // Gone between git's listing and this look.
    return null;
  }
}
