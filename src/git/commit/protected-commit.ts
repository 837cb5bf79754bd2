import type { CommitId, TreeId } from '../../model/ids.ts';
import { commitTree } from '../merging/merge-tree.ts';
import { type TreeEntry, treeWith } from '../objects/tree-with.ts';
import { objectsGit } from '../spawn/git-in.ts';
import { pathText, split } from '../worktree/working-changes.ts';
import { OUR_IDENTITY } from './author-identity.ts';
import { matchesPattern } from './path-pattern.ts';

/** A commit (no ref names it) with the tree of another one, but some paths as an earlier commit has them. */
export interface RestoredCommit {
  readonly commit: CommitId;
  readonly tree: TreeId;
  /** Paths that the tip has otherwise than the earlier commit. */
  readonly paths: readonly string[];
}

/**
 * The tip with the base's version of everything that the patterns name: the tip's changes there are undone, added files are gone, deleted
 * ones are back. null: the tip changed nothing there.
 */
export async function protectedCommit(
  commonDir: string,
  o: { readonly base: CommitId; readonly tip: CommitId; readonly patterns: readonly string[] },
): Promise<RestoredCommit | null> {
  if (o.patterns.length === 0) return null;
  const restores = (path: string): boolean => o.patterns.some((pattern) => matchesPattern(path, pattern));
  return restoredCommit(commonDir, { from: o.base, tip: o.tip, restores, texts: new Map() });
}

/** The tip with what `restores` names as it is at `from`, and with `texts` in place of files. null: nothing of it differs. */
export async function restoredCommit(
  commonDir: string,
  o: {
    readonly from: CommitId;
    readonly tip: CommitId;
    readonly restores: (path: string) => boolean;
    readonly texts: ReadonlyMap<string, string>;
  },
): Promise<RestoredCommit | null> {
  if (o.from === o.tip) return null;
  const git = objectsGit(commonDir);
  const { stdout } = await git.run(['diff-tree', '-r', '-z', '--raw', '--no-renames', '--abbrev=64', o.from, o.tip]);
  const fields = split(stdout);
  const entries: TreeEntry[] = [];
  const paths: string[] = [];
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const path = fields[i + 1] ?? '';
    const text = pathText(path);
    const written = o.texts.get(text);
    if (written === undefined && !o.restores(text)) continue;
    const [before = '', after = '', id = ''] = (fields[i] ?? '').slice(1).split(' ');
    if (written === undefined) entries.push({ mode: before, id, path });
    else {
      const { text: blob } = await git.run(['hash-object', '-w', '--stdin'], { input: written });
      entries.push({ mode: after === '000000' ? before : after, id: blob, path });
    }
    paths.push(text);
  }
  if (paths.length === 0) return null;
  const tree = await treeWith(git, o.tip, entries);
  const message = 'What checks see: the files that decide about it as they were\n';
  return { commit: await commitTree(git, { tree, parents: [o.tip], message, identity: OUR_IDENTITY }), tree, paths };
}
