import type { Git } from '../spawn/git-in.ts';

/**
 * A path as git has it, bytes, one character per byte (`latin1`): names need not be UTF-8, and what is fed back to git must be the
 * same bytes. {@link pathText} is for people.
 */
export type RawPath = string;

/** For people. */
export function pathText(path: RawPath): string {
  return Buffer.from(path, 'latin1').toString('utf8');
}

/** For `fs`. */
export function pathBytes(worktree: string, path: RawPath): Buffer {
  return Buffer.concat([Buffer.from(`${worktree}/`), Buffer.from(path, 'latin1')]);
}

export interface WorkingChanges {
  /** Tracked files whose content, type or mode may differ from the index. */
  readonly modified: readonly RawPath[];
  /** Tracked paths that are gone, submodules among them. */
  readonly deleted: readonly RawPath[];
  /** Submodules that are at another commit. */
  readonly submodules: readonly RawPath[];
  /** Files neither tracked nor ignored. */
  readonly untracked: readonly RawPath[];
  /** Folders that are nested repositories, without the final slash. */
  readonly repositories: readonly RawPath[];
}

const SUBMODULE = '160000';

/** The differences between the index of `git` and the files. Two git processes; neither looks into a submodule. */
export async function workingChanges(git: Git): Promise<WorkingChanges> {
  const [tracked, others] = await Promise.all([
    git.run(['diff-files', '--raw', '-z', '--no-renames', '--ignore-submodules=dirty']),
    git.run(['ls-files', '-z', '--others', '--exclude-standard']),
  ]);
  const modified: RawPath[] = [];
  const deleted: RawPath[] = [];
  const submodules: RawPath[] = [];
  const fields = split(tracked.stdout);
  for (let i = 0; i + 1 < fields.length; i += 2) {
    // ":<mode before> <mode after> <id> <id> <letter>"
    const [before = '', after = '', , , letter = ''] = (fields[i] ?? '').slice(1).split(' ');
    const path = fields[i + 1] ?? '';
    if (letter.startsWith('D')) deleted.push(path);
    else if (before === SUBMODULE || after === SUBMODULE) submodules.push(path);
    else modified.push(path);
  }
  const untracked: RawPath[] = [];
  const repositories: RawPath[] = [];
  for (const path of split(others.stdout)) {
    if (path.endsWith('/')) repositories.push(path.slice(0, -1));
    else untracked.push(path);
  }
  return { modified, deleted, submodules, untracked, repositories };
}

/** git's output with `-z`. */
export function split(stdout: Buffer): RawPath[] {
  const fields = stdout.toString('latin1').split('\0');
  fields.pop();
  return fields;
}
