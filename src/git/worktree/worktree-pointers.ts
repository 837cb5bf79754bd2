import { lstat, realpath } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { AbsolutePath } from '../../model/ids.ts';
import { replaceFile } from '../../system/files.ts';
import type { Git } from '../spawn/git-in.ts';
import { readRegular } from '../spawn/read-regular.ts';

interface Place {
  readonly worktree: string;
  readonly gitDir: string;
}

/**
 * Why there is no worktree of copse to work on, one sentence; null: there is. An agent can put a symlink in place of either
 * folder: followed, its "work" would be other files, or copse would write the person's own index.
 */
export async function pointerProblem(o: Place): Promise<string | null> {
  if ((await lstat(o.worktree).catch(() => null))?.isDirectory() !== true)
    return `The worktree ${o.worktree} is gone, or something else is in its place.`;
  if (!(await isRealDirectory(o.gitDir))) return `git no longer knows the worktree ${o.worktree}.`;
  return null;
}

async function isRealDirectory(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isDirectory() && (await realpath(path)) === path;
  } catch {
    // Does not exist, or a part of the way is no folder: both mean that it is not there.
    return false;
  }
}

/**
 * Whether the file is there that ties a folder to its repository. `rm -rf` takes it along, and whatever makes the folder again does not
 * make it: `git init` makes a folder.
 */
export async function hasPointer(worktree: AbsolutePath): Promise<boolean> {
  return (await lstat(join(worktree, '.git')).catch(() => null))?.isFile() === true;
}

/**
 * Whether a folder is what something made in the place of a worktree that was deleted: no pointer, and tracked files are missing. `git`
 * is on the worktree's own index.
 */
export async function isHollow(git: Git, worktree: AbsolutePath): Promise<boolean> {
  return !(await hasPointer(worktree)) && (await git.run(['ls-files', '-z', '--deleted'])).stdout.length > 0;
}

/**
 * Puts back the two files that tie a worktree to its repository if an agent changed them, so that the person's own git
 * there is not led elsewhere. Returns the repaired ones.
 */
export async function repairPointers(o: Place): Promise<string[]> {
  const notes: string[] = [];
  const pointers: readonly (readonly [path: string, text: string, name: string])[] = [
    [join(o.worktree, '.git'), `gitdir: ${o.gitDir}`, "The worktree's .git file"],
    [join(o.gitDir, 'commondir'), '../..', "The worktree's commondir file"],
  ];
  for (const [path, wanted, name] of pointers) {
    const stat = await lstat(path).catch(() => null);
    if (stat?.isDirectory() === true) {
      notes.push(`${path} is a folder now: another repository was created there. It was left alone.`);
      continue;
    }
    const text = ((await readRegular(path)) ?? '').trim();
    // git 2.48 and newer can write the first one relative to the worktree.
    if (text === wanted || `gitdir: ${resolve(dirname(path), text.replace(/^gitdir: /, ''))}` === wanted) continue;
    await replaceFile(path, `${wanted}\n`);
    notes.push(`${name} had been ${stat === null ? 'deleted' : 'changed'}; it was restored.`);
  }
  return notes;
}
