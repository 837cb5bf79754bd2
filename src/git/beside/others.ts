import { CACHE_FOLDER } from '../../model/cache-folder.ts';
import type { Git } from '../spawn/git-in.ts';
import { type RawPath, split } from '../worktree/working-changes.ts';

export interface Others {
  /** Tracked paths whose files differ from the index, submodules at another commit among them. */
  readonly modified: readonly RawPath[];
  /** Tracked paths that are gone. */
  readonly deleted: readonly RawPath[];
  /** Neither tracked nor ignored; a nested repository ends in a slash. */
  readonly untracked: readonly RawPath[];
  /** Ignored files; a folder that a pattern ignores, and a repository in one, is one entry that ends in a slash. */
  readonly ignored: readonly RawPath[];
}

/** Everything in a worktree that the index does not hold as it is, but our own folder of caches. One git process, which looks into no submodule. */
export async function othersOf(git: Git): Promise<Others> {
  const { stdout } = await git.run([
    'status',
    '--porcelain=v2',
    '-z',
    '--no-renames',
    '--ignore-submodules=dirty',
    '--ignored=matching',
    '--untracked-files=all',
  ]);
  const modified: RawPath[] = [];
  const deleted: RawPath[] = [];
  const untracked: RawPath[] = [];
  const ignored: RawPath[] = [];
  for (const field of split(stdout)) {
    if (field.startsWith('? ')) untracked.push(field.slice(2));
    else if (field.startsWith('! ')) ignored.push(field.slice(2));
    else if (field.startsWith('1 ') && field[3] === 'D') deleted.push(afterSpaces(field, 8));
    // The first of the two letters says how HEAD and the index differ.
    else if (field.startsWith('1 ') && field[3] !== '.') modified.push(afterSpaces(field, 8));
    else if (field.startsWith('u ')) modified.push(afterSpaces(field, 10));
  }
  const own = (path: RawPath): boolean => !path.startsWith(`${CACHE_FOLDER}/`);
  return { modified, deleted, untracked: untracked.filter(own), ignored: ignored.filter(own) };
}

function afterSpaces(field: string, count: number): string {
  let at = -1;
  for (let n = 0; n < count; n += 1) at = field.indexOf(' ', at + 1);
  return field.slice(at + 1);
}
