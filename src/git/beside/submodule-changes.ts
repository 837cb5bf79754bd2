import { randomBytes } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { distrustedGit } from '../spawn/git-in.ts';
import { readRegular } from '../spawn/read-regular.ts';
import { removeShadow, type ShadowPaths, shadowPaths } from '../spawn/shadow-directory.ts';
import { pathBytes, pathText, type RawPath, workingChanges } from '../worktree/working-changes.ts';
import type { FilledSubmodule } from './filled-submodules.ts';

/** Beyond this something that an agent put into the module's git directory holds git up (a named pipe among its objects). */
const PATIENCE_MS = 30_000;

interface Place {
  readonly worktree: string;
  readonly gitDir: string;
  readonly commonDir: string;
}

/**
 * Files of a filled submodule that differ from the commit that the worktree's index has there, including those of its own commits since;
 * paths of the worktree. null: unknown. git runs through its own shadow directory: nothing that the module's
 * configuration names runs.
 */
export async function submoduleChanges(o: Place, { path, commit }: FilledSubmodule): Promise<readonly RawPath[] | null> {
  const shadow = await shadowOf(o, path);
  if (shadow === null) return null;
  const index = join(shadow.dir, 'index');
  const workTree = join(o.worktree, pathText(path));
  const through = distrustedGit({ gitDir: shadow.gitDir, commonDir: shadow.commonDir, workTree, index, shadow });
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const git = { cwd: through.cwd, run: (args: readonly string[], run = {}) => through.run(args, { ...run, signal }) };
  try {
    await git.run(['read-tree', commit]);
    await git.run(['update-index', '-q', '--refresh'], { ok: [0, 1] });
    const { modified, deleted, submodules, untracked, repositories } = await workingChanges(git);
    return [...modified, ...deleted, ...submodules, ...untracked, ...repositories].sort().map((name) => `${path}/${name}`);
  } catch {
    // The commit is not there, or the module's files make no sense to git: then the submodule as a whole is named.
    return null;
  } finally {
    await removeShadow(shadow);
  }
}

/** The module's git directory by copse's record of the worktree; null if that leads elsewhere, or is not a git directory of plain files. */
async function shadowOf(o: Place, path: RawPath): Promise<ShadowPaths | null> {
  const pointer = /^gitdir: (.+)$/m.exec((await readRegular(pathBytes(o.worktree, `${path}/.git`))) ?? '')?.[1];
  const named = pointer === undefined ? '.git' : pointer;
  try {
    const folder = await realpath(join(o.worktree, pathText(path)));
    const module = await realpath(resolve(folder, named));
    const homes = await Promise.all([folder, join(o.gitDir, 'modules'), join(o.commonDir, 'modules')].map((home) => real(home)));
    if (!homes.some((home) => home !== null && module.startsWith(`${home}${sep}`))) return null;
    if ((await readRegular(join(module, 'config'))) === null || (await readRegular(join(module, 'HEAD'))) === null) return null;
    const dir = join(shadowPaths(o.commonDir, o.gitDir).dir, `module.${randomBytes(4).toString('hex')}`);
    const inside = { config: join(dir, 'config'), head: join(dir, 'HEAD'), index: join(dir, 'index'), info: join(dir, 'info') };
    return { dir, ...inside, commonDir: module, gitDir: module };
  } catch {
    // Something on the way is not there: whatever is in the folder, it is no module of this worktree.
    return null;
  }
}

async function real(path: string): Promise<string | null> {
  return realpath(path).catch(() => null); // Not there: nothing can be in it.
}
