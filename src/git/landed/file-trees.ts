import type { TreeId } from '../../model/ids.ts';
import type { Entry } from '../objects/entries.ts';
import type { Git } from '../spawn/git-in.ts';

/** A tree of each list, in which the files are named by their numbers: git compares these and nothing else. One git process. */
export async function makeTrees(git: Git, sides: readonly (readonly Entry[])[]): Promise<TreeId[]> {
  const file = (entry: Entry, i: number): string => (entry === '' ? '' : `${entry.replace(' ', ' blob ')}\t${i}\n`);
  const { text } = await git.run(['mktree', '--batch', '--missing'], {
    input: sides.map((entries) => `${entries.map(file).join('')}\n`).join(''),
  });
  return text.split('\n');
}
