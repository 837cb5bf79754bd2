import type { CommitId } from '../../model/ids.ts';
import type { Git } from '../spawn/git-in.ts';

export type ObjectKind = 'commit' | 'tree' | 'blob' | 'tag';

/** Those of the ids that the repository has, with their kinds. One git process, none for no ids. */
export async function knownObjects(git: Git, ids: Iterable<string>): Promise<ReadonlyMap<string, ObjectKind>> {
  const all = [...new Set(ids)];
  if (all.length === 0) return new Map();
  const { text } = await git.run(['cat-file', '--batch-check=%(objectname) %(objecttype)'], { input: `${all.join('\n')}\n` });
  const kinds = new Map<string, ObjectKind>();
  for (const line of text.split('\n')) {
    const [id = '', kind = ''] = line.split(' ');
    if (kind === 'commit' || kind === 'tree' || kind === 'blob' || kind === 'tag') kinds.set(id, kind);
  }
  return kinds;
}

/** Those of the ids that are commits here. null among them is passed over. */
export async function knownCommits(git: Git, ids: readonly (CommitId | null)[]): Promise<ReadonlySet<CommitId>> {
  const kinds = await knownObjects(
    git,
    ids.filter((id) => id !== null),
  );
  return new Set([...kinds].flatMap(([id, kind]) => (kind === 'commit' ? [id] : [])));
}
