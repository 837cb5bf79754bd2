import type { BranchName, CommitId } from '../../model/ids.ts';
import type { Git } from '../spawn/git-in.ts';

export interface DirtyPath {
  readonly path: string;
  readonly kind: 'modified' | 'added' | 'deleted' | 'renamed' | 'conflicted';
}

export interface WorktreeStatus {
  /** null when detached, and always if git distrusts the worktree, since HEAD is detached then. */
  readonly branch: BranchName | null;
  /** null: no commit yet. */
  readonly head: CommitId | null;
  readonly dirty: readonly DirtyPath[];
  /** Files not tracked and not ignored; unless asked for ignored ones, a folder with nothing tracked in it is one entry that ends in a slash. */
  readonly untracked: readonly string[];
  /** Where asked for: ignored files; a folder that a pattern ignores is one entry that ends in a slash. */
  readonly ignored: readonly string[];
}

/**
 * One git process. Looks at a submodule's commit but not into it: a status of its own there would believe its configuration.
 * `amongMany`: others like it run at the same time, so that its own threads (one per 500 files) would only compete.
 */
export async function worktreeStatus(
  git: Git,
  o: { readonly amongMany?: boolean; readonly ignored?: boolean } = {},
): Promise<WorktreeStatus> {
  const { stdout } = await git.run([
    ...(o.amongMany === true ? ['-c', 'core.preloadIndex=false'] : []),
    'status',
    '--porcelain=v2',
    '--branch',
    '-z',
    '--ignore-submodules=dirty',
    '--no-ahead-behind',
    // Each folder that a pattern ignores by itself: the other way hides `node_modules` of a folder with nothing else in it.
    ...(o.ignored === true ? ['--ignored=matching', '--untracked-files=all'] : []),
  ]);
  return parseStatus(stdout);
}

/** What `status --porcelain=v2 -z` printed; without `--branch` there is neither branch nor head. */
export function parseStatus(stdout: Buffer): WorktreeStatus {
  const fields = stdout.toString('utf8').split('\0');
  let branch: BranchName | null = null;
  let head: CommitId | null = null;
  const dirty: DirtyPath[] = [];
  const untracked: string[] = [];
  const ignored: string[] = [];
  for (let i = 0; i < fields.length; i += 1) {
    const field = fields[i] ?? '';
    if (field.startsWith('# branch.oid ')) {
      const id = field.slice('# branch.oid '.length);
      head = id === '(initial)' ? null : id;
    } else if (field.startsWith('# branch.head ')) {
      const name = field.slice('# branch.head '.length);
      branch = name === '(detached)' ? null : name;
    } else if (field.startsWith('1 ')) {
      dirty.push({ path: afterSpaces(field, 8), kind: kindOf(field.slice(2, 4)) });
    } else if (field.startsWith('2 ')) {
      dirty.push({ path: afterSpaces(field, 9), kind: 'renamed' });
      i += 1; // The former name is in a separate field.
    } else if (field.startsWith('u ')) {
      dirty.push({ path: afterSpaces(field, 10), kind: 'conflicted' });
    } else if (field.startsWith('? ')) {
      untracked.push(field.slice(2));
    } else if (field.startsWith('! ')) {
      ignored.push(field.slice(2));
    }
  }
  return { branch, head, dirty, untracked, ignored };
}

function afterSpaces(field: string, count: number): string {
  let at = -1;
  for (let n = 0; n < count; n += 1) at = field.indexOf(' ', at + 1);
  return field.slice(at + 1);
}

function kindOf(xy: string): DirtyPath['kind'] {
  if (xy.includes('D')) return 'deleted';
  if (xy.includes('A')) return 'added';
  return 'modified';
}
