import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { readRegular } from '../spawn/read-regular.ts';
import { pathBytes, type RawPath } from '../worktree/working-changes.ts';
import { isCache } from './by-products.ts';

/** A folder's contents by names, sizes and times: reading them would take too long (`node_modules`). */
export interface FolderTrace {
  /** null: too much is in it, or it could not be read; equal to no other. */
  readonly digest: string | null;
  /** Each file by its path in the folder; null where these are too many to write down. */
  readonly files: Readonly<Record<RawPath, string>> | null;
  /** Repositories below it, by their paths in the folder. */
  readonly repositories: readonly RawPath[];
}

/** How much a walk through several folders may still look at, and write down. */
export interface WalkBudget {
  entries: number;
  listed: number;
}

export function walkBudget(): WalkBudget {
  return { entries: 300_000, listed: 20_000 };
}

const LISTED_PER_FOLDER = 5_000;
const UNKNOWN: FolderTrace = { digest: null, files: null, repositories: [] };

/**
 * The trace of a folder of a worktree, or of an ignored repository in it. Caches of tools in it are skipped, git directories too (of the folder's
 * own the HEAD counts). Opens no file and follows no symlink.
 */
export async function traceFolder(worktree: string, folder: RawPath, budget: WalkBudget): Promise<FolderTrace> {
  const hash = createHash('sha256');
  let files: Record<RawPath, string> | null = {};
  let count = 0;
  const limit = Math.min(LISTED_PER_FOLDER, budget.listed);
  const repositories: RawPath[] = [];
  hash.update(await headOf(worktree, folder));
  // Of a cache all that is in it is the cache.
  const skips = !folder.split('/').some(isCache);
  const pending: RawPath[] = [''];
  for (let here = pending.pop(), seen = 1; here !== undefined; here = pending.pop(), seen += 1) {
    // Synchronous: a tenth of the time for thousands of files. A pause now and then keeps the event loop alive.
    if (seen % 64 === 0) await new Promise((resolve) => setImmediate(resolve));
    const entries = entriesOf(pathBytes(worktree, here === '' ? folder : `${folder}/${here}`));
    if (entries === null) return UNKNOWN;
    budget.entries -= entries.length;
    if (budget.entries < 0) return UNKNOWN;
    for (const name of entries) {
      const path = here === '' ? name : `${here}/${name}`;
      if (name === '.git' && here !== '') repositories.push(here);
      if (name === '.git' || (skips && isCache(name))) continue;
      const stat = lstatSync(pathBytes(worktree, `${folder}/${path}`), { throwIfNoEntry: false });
      if (stat === undefined) continue;
      if (stat.isDirectory()) {
        pending.push(path);
        continue;
      }
      count += 1;
      const line = traceLine(stat);
      hash.update(path, 'latin1').update(`\0${line}\0`);
      if (count > limit) files = null;
      else if (files !== null) files[path] = line;
    }
  }
  budget.listed -= files === null ? 0 : count;
  return { digest: hash.digest('hex'), files, repositories };
}

/** The commit of a repository's HEAD, as far as its files show without running git. */
async function headOf(worktree: string, folder: RawPath): Promise<string> {
  const text = ((await readRegular(pathBytes(worktree, `${folder}/.git/HEAD`))) ?? '').trim();
  const ref = /^ref: (refs\/\S+)$/.exec(text)?.[1];
  if (ref === undefined || ref.split('/').includes('..')) return text;
  return `${text} ${(await readRegular(pathBytes(worktree, `${folder}/.git/${ref}`))) ?? ''}`;
}

/**
 * Kind, size and times of a file. The time of its inode, which no program can set, only while it has one name: package managers link the same file
 * into many folders, and each new link changes it.
 */
export function traceLine(stat: Stats): string {
  const kind = stat.mode & 0o170000;
  return [kind, stat.mode & 0o111, stat.size, stat.mtimeMs, stat.nlink === 1 ? stat.ctimeMs : '-'].join(' ');
}

/** Names in a folder, sorted; null if it cannot be read. */
function entriesOf(path: Buffer): string[] | null {
  try {
    return readdirSync(path, { encoding: 'latin1' }).sort();
  } catch {
    // Unreadable, or gone meanwhile: its contents are unknown.
    return null;
  }
}
