import { type Dirent, readdirSync } from 'node:fs';
import { lstat, readlink, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { isInside } from '../worktree-place.ts';

/**
 * Why one entry may not be copied into worktrees, one sentence each; empty: it may. A symlink is fine only where its copy leads to
 * what is copied or tracked as well: a relative one that stays within the repository. An absolute one would lead every worktree to
 * the same files outside of it, for an agent to write to.
 */
export async function copyProblems(root: string, entry: string): Promise<string[]> {
  const path = join(root, entry);
  if (isAbsolute(entry) || entry === '' || relative(root, path) === '' || !isInside(path, root))
    return [`${entry} is not inside the repository.`];
  if (relative(root, path).split('/')[0] === '.git') return [`${entry} belongs to git.`];
  const stat = await lstat(path).catch(() => null);
  if (stat === null) return [`${entry} does not exist.`];
  // A folder on the way that is a symlink: the entry is not where it seems to be.
  if ((await realpath(dirname(path))) !== join(await realpath(root), relative(root, dirname(path)))) {
    return [`${entry} is reached through a symlink.`];
  }
  if (stat.isSymbolicLink()) return linkProblem(root, path);
  if (stat.isDirectory()) return folderProblems(root, path);
  return stat.isFile() ? [] : [`${entry} is neither a file nor a folder.`];
}

const MOST_PROBLEMS = 20;

async function folderProblems(root: string, top: string): Promise<string[]> {
  const problems: string[] = [];
  const pending = [top];
  for (let folder = pending.pop(), seen = 0; folder !== undefined; folder = pending.pop(), seen += 1) {
    // Synchronous reading takes a third of the time on 58,000 files; a pause every few folders keeps the loop alive.
    if (seen % 64 === 63) await new Promise((done) => setImmediate(done));
    for (const item of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, item.name);
      if (item.isDirectory()) pending.push(path);
      else if (item.isSymbolicLink()) problems.push(...(await linkProblem(root, path)));
      else if (!item.isFile()) problems.push(`${relative(root, path)} is a ${kindOf(item)}.`);
      if (problems.length >= MOST_PROBLEMS) return problems;
    }
  }
  return problems;
}

async function linkProblem(root: string, path: string): Promise<string[]> {
  const name = relative(root, path);
  const target = await readlink(path);
  if (isAbsolute(target)) return [`${name} is a symlink to ${target}: every worktree would share what is there.`];
  if (!isInside(resolve(dirname(path), target), root)) return [`${name} is a symlink to ${target}, out of the repository.`];
  // By way of another symlink it could still lead out.
  const real = await realpath(path).catch(() => null);
  if (real !== null && !isInside(real, await realpath(root))) return [`${name} leads to ${real}, out of the repository.`];
  return [];
}

function kindOf(item: Dirent): string {
  if (item.isSocket()) return 'socket';
  return item.isFIFO() ? 'pipe' : 'device';
}
