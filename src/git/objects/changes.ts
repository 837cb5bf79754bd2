import type { CommitId } from '../../model/ids.ts';
import type { Changes } from '../../model/outcome.ts';
import type { Git } from '../spawn/git-in.ts';

/** copse's diffs run no program of the configuration. */
const INERT: readonly string[] = ['--no-ext-diff', '--no-textconv', '--no-color'];

/** What `to` changed against `from`. `commits` counts those that `from` does not have. */
export async function changesBetween(git: Git, from: CommitId, to: CommitId): Promise<Changes> {
  if (from === to) return { files: 0, insertions: 0, deletions: 0, commits: 0 };
  const [diff, count] = await Promise.all([
    git.run(['diff-tree', '-r', '--numstat', '-z', '-M', '--ignore-submodules=dirty', ...INERT, from, to]),
    git.run(['rev-list', '--count', to, `^${from}`]),
  ]);
  return { ...parseNumstat(diff.stdout), commits: Number(count.text) };
}

/** Sums of `--numstat -z`; a binary file counts as a file without lines. */
export function parseNumstat(stdout: Buffer): { files: number; insertions: number; deletions: number } {
  const fields = stdout.toString('utf8').split('\0');
  let files = 0;
  let insertions = 0;
  let deletions = 0;
  for (let i = 0; i < fields.length; i += 1) {
    const match = /^(-|\d+)\t(-|\d+)\t(.*)$/s.exec(fields[i] ?? '');
    if (match === null) continue;
    files += 1;
    insertions += match[1] === '-' ? 0 : Number(match[1]);
    deletions += match[2] === '-' ? 0 : Number(match[2]);
    // A rename has an empty path here and its two names in the next two fields, which could look like a record themselves.
    if (match[3] === '') i += 2;
  }
  return { files, insertions, deletions };
}

export interface ChangedPath {
  readonly path: string;
  /** git's letter: A, M, D, T, R. */
  readonly status: string;
  /** Name before a rename. */
  readonly from: string | null;
}

/** Every path that differs between two commits, in git's order, renames as one. GitError if a commit is missing. */
export async function changedPaths(git: Git, from: CommitId, to: CommitId): Promise<ChangedPath[]> {
  const { stdout } = await git.run(['diff-tree', '-r', '--name-status', '-z', '-M', ...INERT, from, to]);
  const fields = stdout.toString('utf8').split('\0');
  const changed: ChangedPath[] = [];
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const status = (fields[i] ?? '').charAt(0);
    const renamed = status === 'R' || status === 'C';
    changed.push({ status, path: fields[i + (renamed ? 2 : 1)] ?? '', from: renamed ? (fields[i + 1] ?? '') : null });
    if (renamed) i += 1;
  }
  return changed;
}
