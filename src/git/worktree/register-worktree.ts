/**
 * Registering a worktree by writing git's own files (gitrepository-layout(5), "worktrees") instead of `git worktree add`: that
 * command reads every other entry, so that one broken `commondir` of another worktree stops it, takes 7 ms of which 2 are needed, and
 * races with itself. If refs are not stored in files, git does it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdir, rmdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { CopseError } from '../../model/errors.ts';
import { EXIT } from '../../model/exit-code.ts';
import type { AbsolutePath, BranchName, CommitId } from '../../model/ids.ts';
import { exists, isErrno, readTextIfExists } from '../../system/files.ts';
import { readHead } from '../refs/head.ts';
import { listBranches, type RefUpdate, refConflict, updateRefs } from '../refs/refs.ts';
import { type ConfigEntry, formatConfig, parseConfigRecords } from '../spawn/git-config.ts';
import { GitError } from '../spawn/git-error.ts';
import { gitIn } from '../spawn/git-in.ts';
import { readRegular } from '../spawn/read-regular.ts';
import type { Repository } from '../spawn/repository.ts';
import { gitEnvironment, spawnGit } from '../spawn/spawn-git.ts';
import {
  freePlace,
  isEmptyFolder,
  isRefusedRecord,
  type OwnPath,
  ownEntry,
  ownWorktree,
  removeOwn,
  removeOwnIfEmpty,
  removeOwnWhatGoes,
} from './own-path.ts';
import { addWorktree } from './worktrees.ts';

export interface Registration {
  /** Real path; must not exist, or be an empty folder. */
  readonly path: AbsolutePath;
  readonly branch: BranchName;
  readonly start: CommitId;
  /** The branch is there already, at this commit. */
  readonly tip?: CommitId;
  /** From {@link reserveEntry}. */
  readonly gitDir: AbsolutePath;
  /** Why it is locked. */
  readonly reason: string;
}

/**
 * Creates the git directory of a future worktree, named for the folder as git does it, with a number if that is taken. While empty it
 * is ignored by git, and `git worktree prune` removes it.
 */
export async function reserveEntry(commonDir: AbsolutePath, path: AbsolutePath): Promise<AbsolutePath> {
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

/**
 * Registers worktrees, each with a new branch at its `start` or the one that is there, locked, nothing checked out; all branches in
 * one transaction if possible. The caller holds the repository lock, and rolls back those that failed: for each registration its error, or null.
 * CopseError `branch-taken` (exit 3).
 */
export async function registerWorktrees(repository: Repository, all: readonly Registration[]): Promise<unknown[]> {
  if (await exists(join(repository.commonDir, 'reftable'))) return oneByOne(all, (o) => registerThroughGit(repository, o));
  const git = gitIn(repository.root);
  const errors = await oneByOne(all, (o) => writeEntry(repository, o));
  const written = all.filter((_, i) => errors[i] === null);
  try {
    await updateRefs(git, written.flatMap(creation), 'copse: worktree');
    return errors;
  } catch {
    // One conflicting name ends the transaction for all: one by one each gets its own result.
    const singly = await oneByOne(written, async (o) => {
      await updateRefs(git, creation(o), 'copse: worktree').catch(async (error: unknown) => {
        throw await explained(repository, o, error);
      });
    });
    const byPath = new Map(written.map((o, i) => [o.path, singly[i]]));
    return all.map((o, i) => errors[i] ?? byPath.get(o.path) ?? null);
  }
}

async function oneByOne(all: readonly Registration[], act: (o: Registration) => Promise<void>): Promise<unknown[]> {
  const errors: unknown[] = [];
  for (const o of all)
    errors.push(
      await act(o).then(
        () => null,
        (error: unknown) => error,
      ),
    );
  return errors;
}

function creation(o: Registration): RefUpdate[] {
  return o.tip === undefined ? [{ ref: `refs/heads/${o.branch}`, to: o.start, from: null }] : [];
}

/** Synchronous: eight tiny files take 0.2 ms that way and 3 ms of a busy event loop the other, 50 times over under the lock. */
async function writeEntry(repository: Repository, o: Registration): Promise<void> {
  // `locked` first: an entry without the other files would be fair game for `git worktree prune`.
  writeFileSync(join(o.gitDir, 'locked'), `${o.reason}\n`);
  writeFileSync(join(o.gitDir, 'gitdir'), `${o.path}/.git\n`);
  writeFileSync(join(o.gitDir, 'commondir'), '../..\n');
  writeFileSync(join(o.gitDir, 'HEAD'), `ref: refs/heads/${o.branch}\n`);
  mkdirSync(o.path, { recursive: true });
  writeFileSync(join(o.path, '.git'), `gitdir: ${o.gitDir}\n`);
  await copyOwnConfig(repository, o.gitDir);
}

/** git chooses the entry's name by the same rule: with the reservation out of the way it takes that one. */
async function registerThroughGit(repository: Repository, o: Registration): Promise<void> {
  await rmdir(o.gitDir);
  await addWorktree(gitIn(repository.root), o).catch(async (error: unknown) => {
    throw await explained(repository, o, error);
  });
  if ((await readTextIfExists(join(o.gitDir, 'gitdir')))?.trim() !== `${o.path}/.git`) {
    throw new Error(`git registered ${o.path} elsewhere than at ${o.gitDir}`);
  }
}

/**
 * The settings that `git worktree add` copies from the current worktree: the sparse patterns, and its own configuration. But for what is
 * true of that one alone: where its files are, and that it has none.
 */
export async function copyOwnConfig(repository: Repository, gitDir: string): Promise<void> {
  const sparse = await readTextIfExists(join(repository.gitDir, 'info', 'sparse-checkout'));
  if (sparse !== null) {
    await mkdir(join(gitDir, 'info'), { recursive: true });
    await writeFile(join(gitDir, 'info', 'sparse-checkout'), sparse);
  }
  const own = await configOf(join(repository.gitDir, 'config.worktree'));
  const kept = own.filter(([key]) => key !== 'core.bare' && key !== 'core.worktree');
  // With a configuration for each worktree, git takes a linked one for bare if the shared configuration says so.
  const file = join(repository.commonDir, 'config');
  // Looked at before git is asked: this happens under the lock, for each worktree.
  const shared = new Map(/worktreeconfig/i.test((await readTextIfExists(file)) ?? '') ? await configOf(file) : []);
  if (isSet(shared, 'extensions.worktreeconfig') && isSet(shared, 'core.bare')) kept.unshift(['core.bare', 'false']);
  if (own.length > 0 || kept.length > 0) await writeFile(join(gitDir, 'config.worktree'), formatConfig(kept));
}

async function configOf(file: string): Promise<ConfigEntry[]> {
  if (!(await exists(file))) return [];
  const { stdout } = await spawnGit(['config', '--file', file, '--list', '-z'], { cwd: '/', env: gitEnvironment() });
  return parseConfigRecords(stdout);
}

function isSet(entries: ReadonlyMap<string, string | null>, key: string): boolean {
  return entries.has(key) && /^(true|yes|on|1)$/i.test(entries.get(key) ?? 'true');
}

/** A conflicting branch is the one failure that the user can avoid by choosing another name. */
async function explained(repository: Repository, o: Registration, error: unknown): Promise<unknown> {
  const refused = error instanceof GitError || (error instanceof CopseError && error.code === 'ref-moved');
  if (!refused) return error;
  const names = (await listBranches(gitIn(repository.root, { reads: true }))).map(({ name }) => name);
  const taken = refConflict(names, o.branch);
  if (taken === null) return error;
  return branchTaken(taken, o.branch, error);
}

/** CopseError `branch-taken` (exit 3): `taken` conflicts with `wanted`, by its name or as a folder of names. */
export function branchTaken(taken: BranchName, wanted: BranchName, cause?: unknown): CopseError {
  const same = taken === wanted;
  return new CopseError({
    code: 'branch-taken',
    exit: EXIT.precondition,
    what: same ? `Branch ${wanted} already exists.` : `Branch ${wanted} cannot exist beside branch ${taken}.`,
    why: same ? 'A variant starts on its own branch.' : 'git keeps branches in folders named like them.',
    hint: 'Choose another name:\n  copse run --name <name>',
    ...(cause === undefined ? {} : { cause }),
  });
}

/**
 * Rolls a registration back: the folder, the branch, if copse created it and its tip is still `start`, and the entry, which proves the other
 * two and is removed last. Only what provably is this registration's: the entry is locked with its reason and leads to `path`, the folder
 * leads back to the entry (or is empty, as a killed creation leaves it). The caller holds the repository lock. Returns what was kept as it
 * is, one sentence each. CopseError `record-refused` if the entry or the place cannot be this repository's.
 */
export async function unregisterWorktree(
  repository: Repository,
  o: Registration,
  made: { readonly branch: boolean },
): Promise<string[]> {
  const entry = await ownEntry(repository, o.gitDir);
  const place = await freePlace(repository, o.path);
  const lock = (await readRegular(join(entry, 'locked')))?.trim() ?? null;
  const back = (await readRegular(join(entry, 'gitdir')))?.trim() ?? '';
  const ours = (lock === o.reason || lock === WHILE_GIT_ADDS) && (back === '' || back === `${o.path}/.git`);
  // Reserved, and nothing more: an empty entry.
  if (!ours && !(lock === null && back === '')) return [`${o.gitDir} belongs to another worktree now and was left alone.`];
  const left: string[] = [];
  if (ours && (await exists(place))) {
    const why = await removeFolder(repository, o, place);
    if (why !== null) left.push(why);
  }
  if (ours && made.branch && (await readHead(repository.commonDir, entry)).branch === o.branch) await removeBranch(repository, o);
  await removeOwn(entry);
  return left;
}

/** The text that git itself writes into the lock file while `git worktree add` is at work. */
const WHILE_GIT_ADDS = 'initializing';

/** Why the folder is still there, one sentence; null: it is gone. */
async function removeFolder(repository: Repository, o: Registration, place: OwnPath): Promise<string | null> {
  if (!(await exists(join(place, '.git'))) && (await isEmptyFolder(place))) {
    await removeOwnIfEmpty(place);
    return null;
  }
  try {
    return await removeOwnWhatGoes(await ownWorktree(repository, o));
  } catch (error) {
    if (!isRefusedRecord(error)) throw error;
    return `${o.path} belongs to something else now and was left alone.`;
  }
}

async function removeBranch(repository: Repository, o: Registration): Promise<void> {
  try {
    await updateRefs(gitIn(repository.root), [{ ref: `refs/heads/${o.branch}`, to: null, from: o.start }], 'copse: roll back');
  } catch (error) {
    // Missing, or moved by another process: then it must not be deleted. Anything else is a failure of the roll-back.
    if (!(error instanceof CopseError && error.code === 'ref-moved')) throw error;
  }
}
