import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { distrustedGit } from '../git/spawn/git-in.ts';
import type { Repository } from '../git/spawn/repository.ts';
import { hiddenChanges } from '../git/worktree/hidden-changes.ts';
import { summarizeIndex } from '../git/worktree/index-size.ts';
import { openOperation } from '../git/worktree/open-operation.ts';
import { worktreeStatus } from '../git/worktree/worktree-status.ts';
import { CACHE_FOLDER } from '../model/cache-folder.ts';
import { CopseError } from '../model/errors.ts';
import type { AbsolutePath } from '../model/ids.ts';
import type { LookedInside } from '../model/reports/prune-report.ts';
import { directorySize, type HardLinks, heldElsewhere } from '../system/files.ts';

export interface Inside {
  /** null: `unreadable` says why. */
  readonly looked: LookedInside | null;
  readonly unreadable: string | null;
  /** Ignored folders that need no keeping, relative to the worktree. */
  readonly disposable: readonly string[];
}

/**
 * The uncommitted files of a worktree, its open operations, and its size. One git process: tracked files are
 * measured by the index, the others one by one. Changes nothing and trusts nothing in it.
 */
export async function lookInside(o: {
  readonly repository: Repository;
  readonly path: AbsolutePath;
  readonly gitDir: AbsolutePath;
  /** Names of ignored folders that need no keeping, or paths of them. */
  readonly disposable: readonly string[];
  readonly amongMany: boolean;
}): Promise<Inside> {
  const { commonDir } = o.repository;
  const git = distrustedGit({ gitDir: o.gitDir, workTree: o.path, commonDir });
  try {
    const [status, operation] = await Promise.all([
      worktreeStatus(git, { amongMany: o.amongMany, ignored: true }),
      openOperation(o.gitDir),
    ]);
    // Of what was changed since, the index has the size before.
    const changed = status.dirty.map(({ path }) => path);
    const idBytes = o.repository.headCommit?.length === 64 ? 32 : 20;
    const index = await summarizeIndex(join(o.gitDir, 'index'), idBytes, new Set(changed));
    const hidden = index?.mayHide === true ? await hiddenChanges({ commonDir, gitDir: o.gitDir, path: o.path }) : [];
    const found = disposableFolders(status, o.disposable);
    const disposable = (await isUnusedCache(o.path)) ? found.filter((folder) => folder !== CACHE_FOLDER) : found;
    const kept = [...status.untracked, ...status.ignored].filter((path) => !disposable.some((folder) => isIn(path, folder)));
    const links: HardLinks = new Map();
    const disposableBytes = (await sizeOfAll(o.path, disposable, links)) - heldElsewhere(links);
    const others = await sizeOfAll(o.path, [...kept.map(withoutSlash), ...changed], links);
    return {
      looked: {
        uncommitted: status.dirty.length,
        untracked: status.untracked.length,
        ...(hidden.length === 0 ? {} : { hidden }),
        operation,
        bytes: index === null ? null : index.bytes + disposableBytes + others,
        disposableBytes,
        ...(disposable.length === 0 ? {} : { disposable }),
      },
      unreadable: null,
      disposable,
    };
  } catch (error) {
    // A file that git cannot read may be uncommitted; the worktree is kept unless it is named.
    if (error instanceof CopseError) return { looked: null, unreadable: error.message, disposable: [] };
    throw error;
  }
}

/**
 * The folders that these names mean (`node_modules` each of that name, `web/dist` this one) and in which git ignores everything, whoever wrote
 * the rule: of one that ignores itself, as uv's `.venv` does, git names only what is in it.
 */
function disposableFolders(
  { ignored, untracked }: { readonly ignored: readonly string[]; readonly untracked: readonly string[] },
  names: readonly string[],
): readonly string[] {
  const wanted = [CACHE_FOLDER, ...names].map(withoutSlash);
  const found = new Set(ignored.flatMap((path) => disposableFolder(path, wanted) ?? []));
  return [...found].filter((folder) => !untracked.some((path) => isIn(path, folder)));
}

/** Nothing has been written to it: it takes no space, and comes back with its worktree. */
async function isUnusedCache(worktree: string): Promise<boolean> {
  const names = await readdir(join(worktree, CACHE_FOLDER)).catch(() => []); // There is none.
  return names.every((name) => name === '.gitignore');
}

function disposableFolder(path: string, names: readonly string[]): string | null {
  const parts = path.split('/');
  const ways = parts.slice(0, -1).map((_, n) => parts.slice(0, n + 1).join('/'));
  return ways.find((way) => names.some((name) => way === name || (!name.includes('/') && way.endsWith(`/${name}`)))) ?? null;
}

function isIn(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}

function withoutSlash(path: string): string {
  return path.replace(/\/$/, '');
}

async function sizeOfAll(folder: string, paths: readonly string[], links: HardLinks): Promise<number> {
  let bytes = 0;
  for (const path of paths) bytes += (await directorySize(join(folder, path), links)).bytes;
  return bytes;
}
