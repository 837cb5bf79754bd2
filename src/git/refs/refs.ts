import { CopseError } from '../../model/errors.ts';
import { EXIT } from '../../model/exit-code.ts';
import type { BranchName, CommitId, RefName } from '../../model/ids.ts';
import { GitError } from '../spawn/git-error.ts';
import type { Git } from '../spawn/git-in.ts';

/** The commit of a name (branch, tag, id, `HEAD~2`); null if there is none. */
export async function resolveCommit(git: Git, ref: string): Promise<CommitId | null> {
  // --end-of-options: a name that starts with a dash is a name.
  const { text, exitCode } = await git.run(['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`], {
    ok: [0, 1, 128],
  });
  return exitCode === 0 && text !== '' ? text : null;
}

/** Local branches, by name, and their tips. */
export async function listBranches(git: Git): Promise<{ name: BranchName; commit: CommitId }[]> {
  const { text } = await git.run(['for-each-ref', '--format=%(objectname) %(refname)', 'refs/heads/']);
  return lines(text).map(([commit, ref]) => ({ name: ref.slice('refs/heads/'.length), commit }));
}

/** Every ref of the repository, peeled tags excepted: the id is the ref's own. */
export async function listRefs(git: Git): Promise<Map<RefName, CommitId>> {
  const { text } = await git.run(['for-each-ref', '--format=%(objectname) %(refname)']);
  return new Map(lines(text).map(([id, ref]) => [ref, id]));
}

function lines(text: string): [string, string][] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]);
}

export interface RefUpdate {
  readonly ref: RefName;
  /** null: delete. */
  readonly to: CommitId | null;
  /** Its expected commit; null: it must not exist. */
  readonly from: CommitId | null;
}

/**
 * All of them or none, in one transaction, each only from the commit it is expected at. Rejects with CopseError `ref-moved`
 * (exit 3) if one has moved.
 */
export async function updateRefs(git: Git, changes: readonly RefUpdate[], message = 'copse'): Promise<void> {
  if (changes.length === 0) return;
  const commands = changes.map(({ ref, to, from }) => {
    // A branch that an agent made symbolic would otherwise move the one it points to: the person's.
    const only = 'option no-deref\0';
    if (to === null) return `${only}delete ${ref}\0${from ?? ''}\0`;
    return from === null ? `${only}create ${ref}\0${to}\0` : `${only}update ${ref}\0${to}\0${from}\0`;
  });
  try {
    await git.run(['update-ref', '-m', message, '--stdin', '-z'], { input: commands.join('') });
  } catch (error) {
    if (error instanceof GitError && /but expected|reference already exists|unable to resolve reference/.test(error.stderr)) {
      throw new CopseError({
        code: 'ref-moved',
        exit: EXIT.precondition,
        what: 'A branch moved while copse was about to change it.',
        why: error.message,
        hint: 'Repeat the command.',
        cause: error,
      });
    }
    throw error;
  }
}

/**
 * The existing branch that prevents `wanted` from being created: the same name, a prefix in either direction (`ui` beside `ui/dark`), or
 * one of these but for upper and lower case or Unicode form (one file on macOS and Windows). null: free.
 */
export function refConflict(existing: Iterable<BranchName>, wanted: BranchName): BranchName | null {
  const fold = (name: string): string => name.normalize('NFC').toLowerCase();
  const folded = fold(wanted);
  for (const name of existing) {
    const other = fold(name);
    if (other === folded || other.startsWith(`${folded}/`) || folded.startsWith(`${other}/`)) return name;
  }
  return null;
}
