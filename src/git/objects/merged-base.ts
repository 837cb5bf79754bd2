import type { CommitId, TreeId } from '../../model/ids.ts';
import { mergeTrees } from '../merging/merge-tree.ts';
import { type Git, objectsGit } from '../spawn/git-in.ts';
import { pathText, split } from '../worktree/working-changes.ts';
import { type TreeEntry, treeWith } from './tree-with.ts';

/**
 * A commit (without a ref) with the contents of all of these, merged in their order; the commit itself if it is one. A file in which
 * they conflict is as the last of them has it: the resolution of the conflict is the work of the one who merged them.
 */
export async function mergedBase(commonDir: string, commits: readonly CommitId[]): Promise<CommitId> {
  const git = objectsGit(commonDir);
  const [first = '', ...others] = commits;
  let merged = first;
  for (const other of others) {
    const { tree, conflicts } = await mergeTrees(git, null, merged, other);
    const plain = conflicts.length === 0 ? tree : await takenFrom(git, other, tree, conflicts);
    merged = await sameEachTime(git, plain, [merged, other]);
  }
  return merged;
}

/** The tree with these paths as the commit has them. */
async function takenFrom(git: Git, commit: CommitId, tree: TreeId, paths: readonly string[]): Promise<TreeId> {
  const { stdout } = await git.run(['diff-tree', '-r', '-z', '--raw', '--no-renames', '--abbrev=64', tree, `${commit}^{tree}`]);
  const fields = split(stdout);
  const wanted = new Set(paths);
  const entries: TreeEntry[] = [];
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const path = fields[i + 1] ?? '';
    if (!wanted.has(pathText(path))) continue;
    const [, mode = '', , id = ''] = (fields[i] ?? '').split(' ');
    entries.push({ mode, id, path });
  }
  return treeWith(git, tree, entries);
}

/** Without a time in it, so that looking twice makes one object. */
async function sameEachTime(git: Git, tree: TreeId, parents: readonly CommitId[]): Promise<CommitId> {
  const by = 'copse <copse@localhost> 0 +0000';
  const input = `tree ${tree}\n${parents.map((parent) => `parent ${parent}\n`).join('')}author ${by}\ncommitter ${by}\n\nMeasured from\n`;
  return (await git.run(['hash-object', '-w', '-t', 'commit', '--stdin'], { input })).text;
}
