import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CommitId } from '../../model/ids.ts';
import type { Git } from '../spawn/git-in.ts';
import { pathBytes, type RawPath, split } from '../worktree/working-changes.ts';

export interface FilledSubmodule {
  readonly path: RawPath;
  /** The commit that the index has there. */
  readonly commit: CommitId;
}

const SUBMODULE = '160000 ';

/** Submodules of the index that `git` was given whose folders are not empty. Most repositories have none, and cost one look at a file. */
export async function filledSubmodules(
  git: Git,
  o: { readonly worktree: string; readonly gitDir: string },
): Promise<readonly FilledSubmodule[]> {
  const marks = [join(o.worktree, '.gitmodules'), join(o.gitDir, 'modules')];
  if (!marks.some((path) => lstatSync(path, { throwIfNoEntry: false }) !== undefined)) return [];
  const { stdout } = await git.run(['ls-files', '-z', '--stage']);
  return split(stdout).flatMap((line) => {
    // "<mode> <id> <stage> TAB <path>"
    if (!line.startsWith(SUBMODULE)) return [];
    const tab = line.indexOf('\t');
    const path = line.slice(tab + 1);
    return isFilled(pathBytes(o.worktree, path)) ? [{ path, commit: line.slice(SUBMODULE.length, line.indexOf(' ', 7)) }] : [];
  });
}

function isFilled(path: Buffer): boolean {
  try {
    return lstatSync(path).isDirectory() && readdirSync(path).length > 0;
  } catch {
    // Missing or unreadable: its contents are unknown, and git reports it as deleted.
    return false;
  }
}
