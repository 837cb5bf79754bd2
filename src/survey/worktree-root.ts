import { constants } from 'node:fs';
import { access, lstat, readdir, realpath } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fillPlaceholders } from '../config/variants/name-template.ts';
import type { Repository } from '../git/spawn/repository.ts';
import type { AbsolutePath } from '../model/ids.ts';
import type { Sourced } from '../model/settings.ts';
import { exists, isErrno } from '../system/files.ts';

/** The part of a worktree template that is the same for every run, and how many path parts follow. */
export interface WorktreeRoot {
  readonly path: AbsolutePath;
  readonly depth: number;
}

/** Pure. `root`: top of the checkout; `repo`: value of `{repo}`. */
export function worktreeRoot(template: string, o: { readonly root: AbsolutePath; readonly repo: string }): WorktreeRoot {
  const parts = template.split('/');
  const first = parts.findIndex((part) => part.includes('{run}') || part.includes('{variant}'));
  const fixed = first === -1 ? parts.slice(0, -1) : parts.slice(0, first);
  const path = fillPlaceholders(fixed.join('/'), { repo: o.repo });
  return { path: resolve(o.root, template.startsWith('/') && path === '' ? '/' : path), depth: parts.length - fixed.length };
}

/** All entries of the folder for worktrees: everything at that depth, whoever created it. Unreadable folders hold nothing of copse. */
export async function takenPlaces({ path, depth }: WorktreeRoot): Promise<readonly AbsolutePath[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    if (depth <= 1) return entries.map((entry) => join(path, entry.name));
    const folders = entries.filter((entry) => entry.isDirectory());
    return (await Promise.all(folders.map((entry) => takenPlaces({ path: join(path, entry.name), depth: depth - 1 })))).flat();
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR', 'EACCES')) return [];
    throw error;
  }
}

/** The deepest folder of a path that exists: where free space is asked for. */
export async function nearestFolder(path: AbsolutePath): Promise<AbsolutePath> {
  let here = path;
  while (!(await exists(here)) && dirname(here) !== here) here = dirname(here);
  return here;
}

/**
 * Why no worktree can be put there, as a sentence, or null. Only a person's own setting may follow a symlink out of the folder
 * that holds the repository: a clone must not choose where on the disk is written.
 */
export async function worktreeRootProblem(
  place: WorktreeRoot,
  o: { readonly repository: Pick<Repository, 'root' | 'commonDir'>; readonly source: Sourced<string>['source'] },
): Promise<string | null> {
  const { root, commonDir } = o.repository;
  const parent = dirname(root);
  if (o.source !== 'person' && o.source !== 'flag') {
    const found = await symlinkOut(parent, place.path);
    if (found !== null) return `${found.path} is a symlink to ${found.target}, outside of ${parent}.`;
  }
  const nearest = await nearestFolder(place.path);
  const real = await realpath(nearest);
  if (real === commonDir || real.startsWith(commonDir + sep))
    return `${place.path} is inside of the repository's own folder ${commonDir}.`;
  if (!(await lstat(real)).isDirectory()) return `${nearest} is a file; worktrees need a folder there.`;
  try {
    await access(real, constants.W_OK | constants.X_OK);
  } catch {
    // Whatever the reason, nothing can be made in it.
    return `${nearest} cannot be written to.`;
  }
  return null;
}

/** The first symlink on the way from `parent` down to `path` that leads out of `parent`. */
async function symlinkOut(
  parent: AbsolutePath,
  path: AbsolutePath,
): Promise<{ readonly path: string; readonly target: string } | null> {
  const way = relative(parent, path).split(sep);
  // Above the parent already: planning checks by itself where the template leads.
  if (way[0] === '..') return null;
  let here = parent;
  for (const part of way) {
    here = join(here, part);
    try {
      if (!(await lstat(here)).isSymbolicLink()) continue;
      const target = await realpath(here).catch(() => null);
      if (target === null) return { path: here, target: 'nothing' };
      const top = await realpath(parent);
      if (target !== top && !target.startsWith(top === sep ? top : top + sep)) return { path: here, target };
    } catch (error) {
      if (isErrno(error, 'ENOENT', 'ENOTDIR')) return null;
      throw error;
    }
  }
  return null;
}
