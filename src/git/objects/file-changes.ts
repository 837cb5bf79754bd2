import type { CommitId } from '../../model/ids.ts';
import type { Changes } from '../../model/outcome.ts';
import type { FileChange } from '../../model/reports/evidence.ts';
import type { Environment } from '../../system/environment.ts';
import type { Git } from '../spawn/git-in.ts';

/** Two commits to compare: what `to` changed against `from`. */
export interface CommitPair {
  readonly from: CommitId;
  readonly to: CommitId;
}

/** copse's diffs run no program of the configuration; a submodule is the commit it is at. */
export const INERT_DIFF: readonly string[] = [
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '--ignore-submodules=dirty',
  '--submodule=short',
];

/** A ref of an agent's below `refs/replace/` would show other commits than those that are merged. */
export const AS_COMMITTED: Environment = { GIT_NO_REPLACE_OBJECTS: '1' };

/**
 * Every file that changed between each pair, in git's order, in one git process for all pairs: renames, binary files, modes,
 * submodules. An answer for each pair, in the order of the pairs. GitError if a commit is missing.
 */
export async function fileChanges(git: Git, pairs: readonly CommitPair[]): Promise<FileChange[][]> {
  if (pairs.length === 0) return [];
  const { stdout } = await git.run(
    // --always: a pair without a difference has its record too.
    ['diff-tree', '--stdin', '--always', '-r', '-z', '--raw', '--numstat', '--abbrev=64', '-M', ...INERT_DIFF],
    { input: pairLines(pairs), env: AS_COMMITTED },
  );
  const parsed = parseFileChanges(stdout);
  if (parsed.length !== pairs.length) throw new Error(`git answered ${parsed.length} of ${pairs.length} pairs`);
  return parsed;
}

/** For `diff-tree --stdin`: the first commit of a line is compared with the others as if they were its parents. */
export function pairLines(pairs: readonly CommitPair[]): string {
  return pairs.map(({ from, to }) => `${to} ${from}\n`).join('');
}

/** Names before and after, both touched. */
export function touchedPaths(files: readonly FileChange[]): string[] {
  return [...new Set(files.flatMap(({ path, from, status }) => (from === null || status === 'copied' ? [path] : [path, from])))];
}

/** Sums over files; a binary file counts as a file without lines. */
export function sumOfChanges(files: readonly FileChange[], commits: number): Changes {
  return {
    files: files.length,
    insertions: files.reduce((sum, file) => sum + (file.insertions ?? 0), 0),
    deletions: files.reduce((sum, file) => sum + (file.deletions ?? 0), 0),
    commits,
  };
}

/** Output of `diff-tree --stdin -z --raw --numstat`: for each pair its commit, the raw records, then the counts in the same order. */
function parseFileChanges(stdout: Buffer): FileChange[][] {
  const fields = stdout.toString('utf8').split('\0');
  const pairs: FileChange[][] = [];
  let files: FileChange[] = [];
  let counted = 0;
  for (let i = 0; i < fields.length - 1; i += 1) {
    const field = fields[i] ?? '';
    const counts = /^(-|\d+)\t(-|\d+)\t(.*)$/s.exec(field);
    if (field.startsWith(':')) {
      const renamed = /[RC]\d*$/.test(field);
      const first = fields[i + 1] ?? '';
      files.push(rawRecord(field, renamed ? (fields[i + 2] ?? '') : first, renamed ? first : null));
      i += renamed ? 2 : 1;
    } else if (counts !== null) {
      // A rename has an empty path here and its two names in the next two fields, which could look like records themselves.
      if (counts[3] === '') i += 2;
      const file = files[counted];
      if (file !== undefined) files[counted] = withCounts(file, counts[1] ?? '-', counts[2] ?? '-');
      counted += 1;
    } else {
      files = [];
      counted = 0;
      pairs.push(files);
    }
  }
  return pairs;
}

const SUBMODULE = '160000';
const NO_MODE = '000000';

/** `:<mode before> <mode after> <id before> <id after> <letter><score>` */
function rawRecord(record: string, path: string, from: string | null): FileChange {
  const [before = '', after = '', idBefore = '', idAfter = '', letter = ''] = record.slice(1).split(' ');
  const isModule = before === SUBMODULE || after === SUBMODULE;
  return {
    path,
    from,
    status: STATUS[letter.charAt(0)] ?? 'modified',
    insertions: 0,
    deletions: 0,
    binary: false,
    modes: before === NO_MODE || after === NO_MODE ? null : { before, after },
    submodule: isModule ? { before: before === SUBMODULE ? idBefore : null, after: after === SUBMODULE ? idAfter : null } : null,
  };
}

const STATUS: Readonly<Record<string, FileChange['status']>> = {
  A: 'added',
  D: 'deleted',
  M: 'modified',
  R: 'renamed',
  C: 'copied',
  T: 'type-changed',
};

function withCounts(file: FileChange, insertions: string, deletions: string): FileChange {
  if (insertions === '-') return { ...file, insertions: null, deletions: null, binary: true };
  return { ...file, insertions: Number(insertions), deletions: Number(deletions) };
}
