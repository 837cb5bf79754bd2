import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** A repository found without asking git: enough to offer names at a Tab, not to act on. */
export interface NearbyRepository {
  /** Top of the worktree that holds the directory. */
  readonly root: string;
  readonly commonDir: string;
}

/**
 * Looks upwards for `.git`, as git does; null if there is none or it is not as git writes it. Synchronous: a few small files, while
 * the first asynchronous call of a process starts Node's thread pool, 3 ms.
 */
export function nearbyRepository(cwd: string): NearbyRepository | null {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const commonDir = commonDirOf(join(folder, '.git'));
    if (commonDir !== null) return { root: folder, commonDir };
    if (folder === dirname(folder)) return null;
  }
}

/** `.git` is the common directory itself, or in a linked worktree a file `gitdir: …` whose target names it in `commondir`. */
function commonDirOf(dotGit: string): string | null {
  try {
    if (lstatSync(dotGit).isDirectory()) return dotGit;
    const gitDir = /^gitdir: (.+)\n?$/.exec(readFileSync(dotGit, 'utf8'))?.[1];
    if (gitDir === undefined) return null;
    const absolute = resolve(dirname(dotGit), gitDir);
    const file = join(absolute, 'commondir');
    // A submodule has no commondir: its git directory is the common one.
    return existsSync(file) ? resolve(absolute, readFileSync(file, 'utf8').trim()) : absolute;
  } catch {
    // Missing or unreadable: the search continues above.
    return null;
  }
}
