import type { CommitId, TreeId } from '../model/ids.ts';
import { objectsGit } from './door.ts';
import { OUR_IDENTITY } from './identity.ts';
import { commitTree } from './merge-tree.ts';
import { matchesPattern } from './path-pattern.ts';
import { type TreeEntry, treeWith } from './tree-with.ts';
import { pathText, split } from './working-changes.ts';

export interface ProtectedCommit {
  readonly commit: CommitId;
  readonly tree: TreeId;
  /** Protected paths that the tip has otherwise than the base. */
  readonly paths: readonly string[];
}

/**
 * A commit (no ref names it) with the tip's tree, but the base's version of everything that the patterns name: what the tip changed
 * there is undone, added files are gone, deleted ones are back. null: the tip changed nothing there.
 */
export async function protectedCommit(
  commonDir: string,
  o: { readonly base: CommitId; readonly tip: CommitId; readonly patterns: readonly string[] },
): Promise<ProtectedCommit | null> {
  if (o.patterns.length === 0 || o.base === o.tip) return null;
  const git = objectsGit(commonDir);
  const { stdout } = await git.run(['diff-tree', '-r', '-z', '--raw', '--no-renames', '--abbrev=64', o.base, o.tip]);
  const fields = split(stdout);
  const entries: TreeEntry[] = [];
  const paths: string[] = [];
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const path = fields[i + 1] ?? '';
    const text = pathText(path);
    if (!o.patterns.some((pattern) => matchesPattern(text, pattern))) continue;
    const [mode = '', , id = ''] = (fields[i] ?? '').slice(1).split(' ');
    entries.push({ mode, id, path });
    paths.push(text);
  }
  if (paths.length === 0) return null;
  const tree = await treeWith(git, o.tip, entries);
  const message = 'What checks see: protected paths as the base has them\n';
  return { commit: await commitTree(git, { tree, parents: [o.tip], message, identity: OUR_IDENTITY }), tree, paths };
}
