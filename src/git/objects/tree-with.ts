import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommitId, TreeId } from '../../model/ids.ts';
import type { Git } from '../spawn/git-in.ts';
import type { RawPath } from '../worktree/working-changes.ts';

export interface TreeEntry {
  /** `000000`: the path is taken out. */
  readonly mode: string;
  readonly id: string;
  readonly path: RawPath;
}

/** A tree (or a commit's) with some of its paths changed. Made in its own index; no worktree is touched. */
export async function treeWith(git: Git, tree: TreeId | CommitId, entries: readonly TreeEntry[]): Promise<TreeId> {
  const lines = entries.map(({ mode, id, path }) => `${mode === '000000' ? '0' : mode} ${id}\t${path}`);
  // Removals first: a folder may replace a file.
  lines.sort((a, b) => Number(b.startsWith('0 ')) - Number(a.startsWith('0 ')));
  const scratch = await mkdtemp(join(tmpdir(), 'copse-index-'));
  try {
    const env = { GIT_INDEX_FILE: join(scratch, 'index') };
    await git.run(['read-tree', tree], { env });
    const input = Buffer.from(lines.map((line) => `${line}\0`).join(''), 'latin1');
    await git.run(['update-index', '--add', '--replace', '-z', '--index-info'], { env, input });
    return (await git.run(['write-tree'], { env })).text;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
