import { lstatSync } from 'node:fs';
import type { Git } from '../spawn/git-in.ts';
import { type IndexPlace, withIndexCopy } from './index-copy.ts';
import { pathBytes, pathText, type RawPath, split, workingChanges } from './working-changes.ts';

/*
 * `git update-index --skip-worktree` and `--assume-unchanged` make git believe that a file is as in the index: status does not show
 * edits there.
 */

/** Files that lie in a worktree although its index has them as absent, or as never changing. `git` has the index. */
async function markedFiles(git: Git, workTree: string): Promise<RawPath[]> {
  const { stdout } = await git.run(['ls-files', '-z', '-v']);
  // `S`: skip-worktree; a small letter: assume-unchanged.
  const marked = split(stdout).flatMap((line) => (/^[Sa-z] /.test(line) ? [line.slice(2)] : []));
  return marked.filter((path) => lstatSync(pathBytes(workTree, path), { throwIfNoEntry: false })?.isDirectory() === false);
}

/** Makes an index (a copy) look at all files that are there; those that it did not look at before. */
export async function unhide(git: Git, workTree: string): Promise<readonly RawPath[]> {
  const marked = await markedFiles(git, workTree);
  if (marked.length === 0) return [];
  const input = Buffer.from(`${marked.join('\0')}\0`, 'latin1');
  // The one option keeps git from heeding the other.
  for (const option of ['--no-assume-unchanged', '--no-skip-worktree'])
    await git.run(['update-index', option, '-z', '--stdin'], { input });
  return marked;
}

/** Tracked files of a worktree that differ from its index and that `git status` does not show, for people. */
export async function hiddenChanges(place: IndexPlace): Promise<string[]> {
  return withIndexCopy(place, async (git) => {
    const marked = new Set(await unhide(git, place.path));
    if (marked.size === 0) return [];
    // 1: some need an update, which is what is asked.
    await git.run(['update-index', '-q', '--refresh'], { ok: [0, 1] });
    const { modified } = await workingChanges(git);
    return modified.filter((path) => marked.has(path)).map(pathText);
  });
}
