import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommitId, TreeId } from '../../model/ids.ts';
import type { MergeScratch } from './merge-scratch.ts';

/**
 * For each a commit with the tree of `of` and `parent` alone as its parent, in the scratch; two git processes for all. For merges:
 * git 2.39 does not accept a merge base, and two children of one commit have exactly that. And for many diffs at once, which git takes
 * of commits in another order than of trees.
 */
export async function childrenOf(
  scratch: MergeScratch,
  wanted: readonly { readonly of: CommitId | TreeId; readonly parent: CommitId }[],
): Promise<CommitId[]> {
  if (wanted.length === 0) return [];
  const { text } = await scratch.git.run(['cat-file', '--batch-check=%(objectname)'], {
    input: wanted.map(({ of }) => `${of}^{tree}\n`).join(''),
  });
  const trees = text.split('\n');
  const files = new Map<string, string>();
  const names = wanted.map(({ parent }, i) => {
    const commit = `tree ${trees[i]}\nparent ${parent}\nauthor copse <> 0 +0000\ncommitter copse <> 0 +0000\n\nmerge base\n`;
    const name = `${trees[i]}-${parent}`;
    files.set(name, commit);
    return name;
  });
  await Promise.all([...files].map(([name, commit]) => writeFile(join(scratch.folder, name), commit)));
  const made = await scratch.git.run(['hash-object', '-w', '-t', 'commit', '--stdin-paths'], {
    input: names.map((name) => `${join(scratch.folder, name)}\n`).join(''),
  });
  return made.text.split('\n');
}
