import { lstat, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/** A repository found without asking git: enough to offer names at a Tab, not to act on. */
export interface NearbyRepository {
  /** Top of the worktree that holds the directory. */
  readonly root: string;
  readonly commonDir: string;
}

/** Looks upwards for `.git`, as git does; null where there is none or it is not what git writes. */
export async function nearbyRepository(cwd: string): Promise<NearbyRepository | null> {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const commonDir = await commonDirOf(join(folder, '.git'));
    if (commonDir !== null) return { root: folder, commonDir };
    if (folder === dirname(folder)) return null;
  }
}

/** `.git` is the common directory itself, or in a linked worktree a file `gitdir: …` whose target names it in `commondir`. */
async function commonDirOf(dotGit: string): Promise<string | null> {
  try {
    if ((await lstat(dotGit)).isDirectory()) return dotGit;
    const gitDir = /^gitdir: (.+)\n?$/.exec(await readFile(dotGit, 'utf8'))?.[1];
    if (gitDir === undefined) return null;
    const absolute = resolve(dirname(dotGit), gitDir);
    const common = await readFile(join(absolute, 'commondir'), 'utf8').catch(() => '');
    // A submodule has no commondir: its git directory is the common one.
    return resolve(absolute, common.trim());
  } catch {
    // Not there, or not readable: the search goes on above.
    return null;
  }
}
