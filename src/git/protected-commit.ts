import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommitId, TreeId } from '../model/ids.ts';
import { objectsGit } from './door.ts';
import { OUR_IDENTITY } from './identity.ts';
import { commitTree } from './merge-tree.ts';
import { matchesPattern } from './path-pattern.ts';
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
  const lines: string[] = [];
  const paths: string[] = [];
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const path = fields[i + 1] ?? '';
    const text = pathText(path);
    if (!o.patterns.some((pattern) => matchesPattern(text, pattern))) continue;
    const [mode = '', , id = ''] = (fields[i] ?? '').slice(1).split(' ');
    // Mode 0 takes the path out of the index.
    lines.push(`${mode === '000000' ? '0' : mode} ${id}\t${path}`);
    paths.push(text);
  }
  if (paths.length === 0) return null;
  // Removals first: a folder may stand where the base has a file.
  lines.sort((a, b) => Number(b.startsWith('0 ')) - Number(a.startsWith('0 ')));
  const scratch = await mkdtemp(join(tmpdir(), 'copse-index-'));
  try {
    const env = { GIT_INDEX_FILE: join(scratch, 'index') };
    await git.run(['read-tree', o.tip], { env });
    const input = Buffer.from(`${lines.join('\0')}\0`, 'latin1');
    await git.run(['update-index', '--add', '--replace', '-z', '--index-info'], { env, input });
    const { text: tree } = await git.run(['write-tree'], { env });
    const message = 'What checks see: protected paths as the base has them\n';
    return { commit: await commitTree(git, { tree, parents: [o.tip], message, identity: OUR_IDENTITY }), tree, paths };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
