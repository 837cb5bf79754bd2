/**
 * Registering a worktree by writing git's own files (gitrepository-layout(5), "worktrees") instead of `git worktree add`: that
 * command reads every other entry, so that one broken `commondir` of somebody else's stops it, takes 7 ms of which 2 are needed, and
 * races with itself. Where refs are not kept in files, git does it.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { AbsolutePath, BranchName, CommitId } from '../model/ids.ts';
import { exists, isErrno, readTextIfExists } from '../system/files.ts';
import { gitIn } from './door.ts';
import { formatConfig, parseEntry } from './git-config.ts';
import { GitError } from './git-error.ts';
import { recordGit } from './record-git.ts';
import { listBranches, refConflict, updateRefs } from './refs.ts';
import type { Repository } from './repository.ts';
import { gitEnvironment, spawnGit } from './spawn-git.ts';
import { addWorktree } from './worktrees.ts';

export interface Registration {
  readonly repository: Repository;
  /** Real path; must not exist, or be an empty folder. */
  readonly path: AbsolutePath;
  readonly branch: BranchName;
  readonly start: CommitId;
  /** Why it is locked. */
  readonly reason: string;
}

/**
 * Registers a worktree with a new branch at `start`, locked, nothing checked out; returns its git directory. `onReserved` learns that
 * directory before anything but itself exists. The caller holds the repository lock and rolls back when this rejects.
 */
export async function registerWorktree(
  o: Registration,
  onReserved: (gitDir: AbsolutePath) => Promise<void>,
): Promise<AbsolutePath> {
  const { commonDir } = o.repository;
  try {
    if (await exists(join(commonDir, 'reftable'))) return await registerThroughGit(o, onReserved);
    const gitDir = await reserveEntry(commonDir, o.path);
    await onReserved(gitDir);
    // `locked` first: an entry without files would be fair game for `git worktree prune`.
    await writeFile(join(gitDir, 'locked'), `${o.reason}\n`);
    await writeFile(join(gitDir, 'gitdir'), `${o.path}/.git\n`);
    await writeFile(join(gitDir, 'commondir'), '../..\n');
    await writeFile(join(gitDir, 'HEAD'), `ref: refs/heads/${o.branch}\n`);
    await copyOwnConfig(o.repository, gitDir);
    await mkdir(o.path, { recursive: true });
    await writeFile(join(o.path, '.git'), `gitdir: ${gitDir}\n`);
    await updateRefs(
      recordGit(commonDir, gitDir),
      [{ ref: `refs/heads/${o.branch}`, to: o.start, from: null }],
      'copse: worktree',
    );
    return gitDir;
  } catch (error) {
    throw await explained(o, error);
  }
}

/** git names an entry for the folder and counts up where that is taken. */
async function reserveEntry(commonDir: string, path: string): Promise<AbsolutePath> {
  const worktrees = join(commonDir, 'worktrees');
  await mkdir(worktrees, { recursive: true });
  const name =
    basename(path)
      .replace(/[^A-Za-z0-9._-]/g, '-')
      .replace(/^[.-]+/, '') || 'worktree';
  for (let n = 0; ; n += 1) {
    const entry = join(worktrees, n === 0 ? name : `${name}${n}`);
    try {
      await mkdir(entry);
      return entry;
    } catch (error) {
      if (!isErrno(error, 'EEXIST')) throw error;
    }
  }
}

async function registerThroughGit(o: Registration, onReserved: (gitDir: AbsolutePath) => Promise<void>): Promise<AbsolutePath> {
  await addWorktree(gitIn(o.repository.commonDir), o);
  const text = await readFile(join(o.path, '.git'), 'utf8');
  const gitDir = text.replace(/^gitdir: /, '').trim();
  await onReserved(gitDir);
  return gitDir;
}

/** What `git worktree add` takes over from the worktree one stands in: the sparse patterns, and its own configuration. */
async function copyOwnConfig(repository: Repository, gitDir: string): Promise<void> {
  const sparse = await readTextIfExists(join(repository.gitDir, 'info', 'sparse-checkout'));
  if (sparse !== null) {
    await mkdir(join(gitDir, 'info'), { recursive: true });
    await writeFile(join(gitDir, 'info', 'sparse-checkout'), sparse);
  }
  const own = join(repository.gitDir, 'config.worktree');
  if (!(await exists(own))) return;
  const { stdout } = await spawnGit(['config', '--file', own, '--list', '-z'], { cwd: '/', env: gitEnvironment() });
  const entries = stdout.toString('utf8').split('\0').slice(0, -1).map(parseEntry);
  const kept = entries.filter(([key]) => key !== 'core.bare' && key !== 'core.worktree');
  await writeFile(join(gitDir, 'config.worktree'), formatConfig(kept));
}

/** A branch that is in the way is the one failure that a person can do something about by choosing another name. */
async function explained(o: Registration, error: unknown): Promise<unknown> {
  const refused = error instanceof GitError || (error instanceof CopseError && error.code === 'ref-moved');
  if (!refused) return error;
  const names = (await listBranches(gitIn(o.repository.commonDir, { reads: true }))).map(({ name }) => name);
  const taken = refConflict(names, o.branch);
  if (taken === null) return error;
  return new CopseError({
    code: 'branch-taken',
    exit: EXIT.precondition,
    what: taken === o.branch ? `Branch ${o.branch} already exists.` : `Branch ${o.branch} cannot exist beside branch ${taken}.`,
    why: taken === o.branch ? 'A variant starts on a branch of its own.' : 'git keeps branches in folders named like them.',
    hint: 'Take another name:\n  copse run --name <name>',
    cause: error,
  });
}

/**
 * Takes a registration back: the folder, the entry, and the branch if its tip is still `start`. Only what provably is this
 * registration's: the entry must point to `path`, the folder back to the entry (or be without `.git`, as a killed creation
 * leaves it). The caller holds the repository lock. Returns what was left standing, one sentence each.
 */
export async function unregisterWorktree(o: Omit<Registration, 'reason'>, gitDir: AbsolutePath | null): Promise<string[]> {
  const left: string[] = [];
  const pointer = (await readTextIfExists(join(o.path, '.git')).catch(() => null))?.trim() ?? null;
  if (pointer === null || (gitDir !== null && pointer === `gitdir: ${gitDir}`))
    await rm(o.path, { recursive: true, force: true });
  else left.push(`${o.path} belongs to something else now and was left alone.`);
  if (gitDir !== null) {
    const back = (await readTextIfExists(join(gitDir, 'gitdir')))?.trim() ?? '';
    if (back === '' || back === `${o.path}/.git`) await rm(gitDir, { recursive: true, force: true });
    else left.push(`${gitDir} belongs to another worktree now and was left alone.`);
  }
  try {
    await updateRefs(
      gitIn(o.repository.commonDir),
      [{ ref: `refs/heads/${o.branch}`, to: null, from: o.start }],
      'copse: roll back',
    );
  } catch (error) {
    // Not there, or moved on by somebody: then it is not ours to delete. Anything else is a failure of the roll-back.
    if (!(error instanceof CopseError && error.code === 'ref-moved')) throw error;
  }
  return left;
}
