import type { TreeId } from '../../model/ids.ts';

/** How two commits merge. */
export interface Merged {
  readonly clean: boolean;
  /** In the scratch's object store; with conflict markers if it is not clean. */
  readonly tree: TreeId;
  /** Paths that conflict, as git names them; none if it is clean. */
  readonly conflicts: readonly string[];
}

/** Arguments of the git that answers as {@link parseMerges} reads. */
export const MERGE_BATCH: readonly string[] = ['merge-tree', '--write-tree', '--stdin', '--name-only'];

const OBJECT_ID = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/**
 * For each pair: `1\0<tree>\0\0` if it is clean, else `0\0<tree>\0`, conflicted paths, an empty field, messages (`<n>\0`, n paths,
 * type, text), an empty field. Some conflicts (a folder that was split) name their paths in the messages alone. If a submodule
 * conflicts, git prints advice without a frame: what should be the last empty field holds it (builtin/merge-tree.c,
 * `print_submodule_conflict_suggestion`). null: it is not of this form.
 */
export function parseMerges(stdout: Buffer): Merged[] | null {
  const fields = stdout.toString('utf8').split('\0');
  const merges: Merged[] = [];
  let at = 0;
  while (at < fields.length - 1) {
    const [status = '', tree = ''] = [fields[at], fields[at + 1]];
    if ((status !== '0' && status !== '1') || !OBJECT_ID.test(tree)) return null;
    const conflicts = new Set<string>();
    for (at += 2; at < fields.length && fields[at] !== ''; at += 1) conflicts.add(fields[at] ?? '');
    at += 1;
    if (status === '0') {
      while (/^\d+$/.test(fields[at] ?? '')) {
        const count = Number(fields[at]);
        const type = fields[at + count + 1] ?? '';
        if (type.startsWith('CONFLICT')) for (const path of fields.slice(at + 1, at + 1 + count)) conflicts.add(path);
        at += count + 3;
      }
      at += 1;
    }
    if (at > fields.length - 1) return null;
    merges.push({ clean: status === '1', tree, conflicts: [...conflicts].sort() });
  }
  return merges;
}

/** The only answer there is, read as far as it can be: status, tree, conflicted paths. null: there is none. */
export function parseFirst(stdout: Buffer): Merged | null {
  const [status = '', tree = '', ...rest] = stdout.toString('utf8').split('\0');
  if ((status !== '0' && status !== '1') || !OBJECT_ID.test(tree)) return null;
  const end = rest.indexOf('');
  return { clean: status === '1', tree, conflicts: rest.slice(0, end === -1 ? rest.length : end).sort() };
}
