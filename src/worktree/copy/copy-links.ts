import { type Dirent, readdirSync } from 'node:fs';
import { lstat, readlink, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { isInside } from '../worktree-place.ts';

/**
 * Why one entry may not be copied into worktrees, one sentence each; empty: it may. A symlink is fine only if its copy leads to
 * what is copied or tracked as well: a relative one that stays within the repository. An absolute one would lead every worktree to
 * the same files outside of it, for an agent to write to. With `follow` its target is copied in its place, wherever that is.
 */
export async function copyProblems(root: string, entry: string, o: { readonly follow: boolean }): Promise<string[]> {
  const path = join(root, entry);
  if (isAbsolute(entry) || entry === '' || relative(root, path) === '' || !isInside(path, root))
    return [`${entry} is not inside the repository.`];
  if (relative(root, path).split('/')[0] === '.git') return [`${entry} belongs to git.`];
  const own = await lstat(path).catch(() => null);
  if (own === null) return [`${entry} does not exist.`];
  // A parent folder is a symlink: the entry is not where it seems to be.
  if ((await realpath(dirname(path))) !== join(await realpath(root), relative(root, dirname(path)))) {
    return [`${entry} is reached through a symlink.`];
  }
  if (own.isSymbolicLink()) return o.follow ? followProblem(root, path) : withRemedy(entry, await linkProblem(root, path));
  if (own.isDirectory()) return withRemedy(entry, await folderProblems(root, path, o.follow ? followProblem : linkProblem));
  return own.isFile() ? [] : [`${entry} is neither a file nor a folder.`];
}

const MOST_PROBLEMS = 20;

type LinkProblem = (root: string, path: string) => Promise<string[]>;

async function folderProblems(root: string, top: string, problemOf: LinkProblem): Promise<string[]> {
  const problems: string[] = [];
  const pending = [top];
  for (let folder = pending.pop(), seen = 0; folder !== undefined; folder = pending.pop(), seen += 1) {
    // Synchronous reading takes a third of the time on 58,000 files; a pause every few folders keeps the loop alive.
    if (seen % 64 === 63) await new Promise((done) => setImmediate(done));
    for (const item of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, item.name);
      if (item.isDirectory()) pending.push(path);
      else if (item.isSymbolicLink()) problems.push(...(await problemOf(root, path)));
      else if (!item.isFile()) problems.push(`${relative(root, path)} is a ${kindOf(item)}.`);
      if (problems.length >= MOST_PROBLEMS) return problems;
    }
  }
  return problems;
}

/** A link that is followed has to lead to something that can be copied. */
async function followProblem(root: string, path: string): Promise<string[]> {
  const target = await stat(path).catch(() => null);
  const name = relative(root, path);
  if (target === null) return [`${name} is a symlink that leads nowhere.`];
  return target.isFile() || target.isDirectory() ? [] : [`${name} leads to neither a file nor a folder.`];
}

/** With the setting for a link that leads out: its content can be copied anyway. Once for all links of an entry. */
function withRemedy(entry: string, problems: readonly string[]): string[] {
  const outward = problems.findIndex((problem) => / is a symlink to | leads to .*out of the repository/.test(problem));
  const remedy = `To copy its target, with your approval: copy: {${JSON.stringify(entry)}: follow}`;
  return problems.map((problem, i) => (i === outward ? `${problem} ${remedy}` : problem));
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
