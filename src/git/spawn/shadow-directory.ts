/**
 * copse's own git directory for each worktree: `<common dir>/copse/v1/worktrees/<id>/`.
 *
 * git trusts its git directory: its config names programs (filters, fsmonitor, diff and merge drivers, ssh), and a
 * worktree's `.git`, `commondir`, `config.worktree` and the shared `config` can all be rewritten by an agent. So git is run with
 * GIT_DIR here instead. The shadow borrows the object store, has a detached HEAD, no refs, and:
 *
 *   config         the repository's configuration as it was before the first agent of the run (`trusted-config.ts`)
 *   info/exclude, info/attributes   as they were then
 *   info/sparse-checkout            the worktree's present one (patterns only)
 *   index          copse's own view of the worktree as of its creation or copse's last commit: agent-set flags such as skip-worktree are
 *                  not in it. A cache: when it is missing, git reads every file again.
 *
 * Survives crashes: each file is replaced as a whole, and a missing shadow is made again, then without anything that executes.
 */
import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import type { CommitId } from '../../model/ids.ts';
import type { Environment } from '../../system/environment.ts';
import { exists, isErrno, readTextIfExists } from '../../system/files.ts';
import { readHead } from '../refs/head.ts';
import { type FilterCommand, filterCommands } from './filter-drivers.ts';
import { readRegular } from './read-regular.ts';
import { replaceUnsynced } from './replace-unsynced.ts';
import { pinnedAttributes } from './switched-off.ts';
import { captureDataConfig } from './trusted-config.ts';

export interface ShadowPaths {
  readonly dir: string;
  readonly config: string;
  readonly head: string;
  readonly index: string;
  readonly info: string;
  readonly commonDir: string;
  /** The worktree's real git directory. */
  readonly gitDir: string;
}

/** The path of the shadow of the worktree with this git directory. Creates nothing. */
export function shadowPaths(commonDir: string, gitDir: string): ShadowPaths {
  // The main worktree's git directory is the common directory itself.
  const id = gitDir === commonDir ? '@main' : basename(gitDir);
  const dir = join(commonDir, 'copse', 'v1', 'worktrees', id);
  return {
    dir,
    config: join(dir, 'config'),
    head: join(dir, 'HEAD'),
    index: join(dir, 'index'),
    info: join(dir, 'info'),
    commonDir,
    gitDir,
  };
}

/** HEAD without a commit names a branch that cannot exist. */
const UNBORN = 'ref: refs/heads/copse-unborn\n';

/** The contents that this process wrote: the file on disk is for the next process and is repaired when it differs. */
const written = new Map<string, string>();

/** Makes (or makes anew) the shadow of a worktree. `config` is what {@link captureConfig} gave. */
export function makeShadow(paths: ShadowPaths, config: string): void {
  const text = withLfsStorage(config, paths.commonDir);
  const { commonDir } = paths;
  // Synchronous: ten tiny files take 0.3 ms that way and several ms of a busy event loop the other.
  const fresh = `${paths.dir}.${randomBytes(4).toString('hex')}`;
  mkdirSync(join(fresh, 'refs'), { recursive: true, mode: 0o700 });
  mkdirSync(join(fresh, 'info'));
  // Relative: it still leads there when the person moves the repository.
  symlinkSync(relative(fresh, join(commonDir, 'objects')), join(fresh, 'objects'));
  copyIfFile(join(commonDir, 'info/exclude'), join(fresh, 'info/exclude'));
  const pinned = pinnedAttributes();
  if (pinned === null) copyIfFile(join(commonDir, 'info/attributes'), join(fresh, 'info/attributes'));
  else if (pinned.text !== null) writeFileSync(join(fresh, 'info/attributes'), pinned.text);
  writeFileSync(join(fresh, 'HEAD'), UNBORN, { mode: 0o600 });
  writeFileSync(join(fresh, 'config'), text, { mode: 0o600 });
  linkFilterState({ ...paths, dir: fresh });
  rmSync(paths.dir, { recursive: true, force: true });
  try {
    renameSync(fresh, paths.dir);
  } catch (error) {
    // Another process made it in this very moment: one is as good as the other.
    rmSync(fresh, { recursive: true, force: true });
    if (!isErrno(error, 'ENOTEMPTY', 'EEXIST')) throw error;
  }
  written.set(paths.dir, text);
}

/** Files that filters keep in the git directory of a worktree: keys with which the user, or set-up, unlocked it. */
const FILTER_STATE: readonly string[] = ['git-crypt'];

/** Lets filters find in the shadow what they keep in the worktree's own git directory. */
export function linkFilterState({ dir, gitDir, commonDir }: ShadowPaths): void {
  // The main worktree's is the person's; a linked one has what was unlocked there.
  if (gitDir === commonDir) return;
  for (const name of FILTER_STATE) {
    const there = statSync(join(gitDir, name), { throwIfNoEntry: false })?.isDirectory() === true;
    if (there && statSync(join(dir, name), { throwIfNoEntry: false }) === undefined)
      symlinkSync(relative(dir, join(gitDir, name)), join(dir, name));
  }
}

/**
 * Environment that makes git use the shadow for this worktree and index; makes the shadow when it is missing. HEAD is what the
 * worktree's HEAD is at now.
 */
export async function shadowEnvironment(paths: ShadowPaths, workTree: string, index: string): Promise<Environment> {
  if (!(await exists(paths.config))) {
    makeShadow(paths, written.get(paths.dir) ?? (await captureDataConfig(paths.commonDir)));
  }
  const ours = written.get(paths.dir);
  if (ours === undefined) dropShallowLink(paths.dir);
  if (ours !== undefined && ours !== (await readTextIfExists(paths.config))) await writeConfig(paths, ours);
  const { commit } = await readHead(paths.commonDir, paths.gitDir);
  await writeHead(paths, commit);
  await refreshSparse(paths);
  return {
    GIT_DIR: paths.dir,
    GIT_WORK_TREE: workTree,
    GIT_INDEX_FILE: index,
    ...borrowed(paths.commonDir),
    // git-lfs and filters written in Python must not take modules from the directory that git runs them in.
    PYTHONSAFEPATH: '1',
  };
}

/** The filters that this shadow's configuration, the person's and the machine's define; looked up once for equal configurations. */
export async function shadowFilters(paths: ShadowPaths, env: Environment): Promise<readonly FilterCommand[]> {
  const config = written.get(paths.dir) ?? (await readTextIfExists(paths.config)) ?? '';
  const key = `${paths.commonDir}\0${config}\0${env['GIT_CONFIG_GLOBAL'] ?? ''}`;
  const known = filters.get(key) ?? filterCommands(paths.dir, env);
  filters.set(key, known);
  known.catch(() => filters.delete(key));
  return known;
}

const filters = new Map<string, Promise<readonly FilterCommand[]>>();

/** A shadow without a worktree, its configuration data alone, as it was when this process first asked. */
export async function objectsEnvironment(commonDir: string): Promise<Environment> {
  const dir = join(commonDir, 'copse', 'v1', 'worktrees', '@objects');
  const making = objectShadows.get(dir) ?? makeObjectShadow(commonDir, dir);
  objectShadows.set(dir, making);
  making.catch(() => objectShadows.delete(dir));
  await making;
  return { GIT_DIR: dir, ...borrowed(commonDir) };
}

/**
 * Objects, and where a shallow history ends: that file is there only in a shallow repository, and a link to it would otherwise lead
 * nowhere, which tools that walk through `.git` fail on.
 */
function borrowed(commonDir: string): Environment {
  return { GIT_OBJECT_DIRECTORY: join(commonDir, 'objects'), GIT_SHALLOW_FILE: join(commonDir, 'shallow') };
}

/** The configuration that git has there. */
export async function objectsConfig(commonDir: string): Promise<string> {
  const { GIT_DIR: dir = '' } = await objectsEnvironment(commonDir);
  return (await readTextIfExists(join(dir, 'config'))) ?? '';
}

const objectShadows = new Map<string, Promise<void>>();

async function makeObjectShadow(commonDir: string, dir: string): Promise<void> {
  const paths = {
    ...shadowPaths(commonDir, commonDir),
    dir,
    config: join(dir, 'config'),
    head: join(dir, 'HEAD'),
    info: join(dir, 'info'),
  };
  const config = `[core]\n\tbare = true\n${await captureDataConfig(commonDir)}`;
  // Another process may be using it: existing files stay.
  if (await exists(paths.config)) {
    dropShallowLink(dir);
    await writeConfig(paths, withLfsStorage(config, commonDir));
  } else makeShadow(paths, config);
  // Attributes of the repository may be an agent's by now.
  await rm(join(paths.info, 'attributes'), { force: true });
}

/** Earlier versions made one, which leads nowhere in a repository that is not shallow. */
function dropShallowLink(dir: string): void {
  rmSync(join(dir, 'shallow'), { force: true });
}

/** A worktree made anew at that place starts from a fresh one. */
export async function removeShadow(paths: ShadowPaths): Promise<void> {
  written.delete(paths.dir);
  await rm(paths.dir, { recursive: true, force: true });
}

async function writeConfig(paths: ShadowPaths, config: string): Promise<void> {
  await replaceUnsynced(paths.config, config);
  written.set(paths.dir, config);
}

async function writeHead(paths: ShadowPaths, commit: CommitId | null): Promise<void> {
  const text = commit === null ? UNBORN : `${commit}\n`;
  if ((await readTextIfExists(paths.head)) !== text) await replaceUnsynced(paths.head, text);
}

async function refreshSparse(paths: ShadowPaths): Promise<void> {
  const theirs = await readRegular(join(paths.gitDir, 'info', 'sparse-checkout'), { large: true });
  const ours = join(paths.info, 'sparse-checkout');
  if (theirs === null) return;
  if (theirs !== (await readTextIfExists(ours))) await writeFile(ours, theirs, { mode: 0o600 });
}

/** git-lfs keeps its objects below the git directory it is run with; they belong to the repository. */
function withLfsStorage(config: string, commonDir: string): string {
  const storage = /\[lfs\]\n\tstorage = "([^"]*)"/.exec(config)?.[1];
  if (storage?.startsWith('/') === true) return config;
  // A relative lfs.storage counts from the common directory.
  return `${config}[lfs]\n\tstorage = "${join(commonDir, storage ?? 'lfs').replace(/["\\]/g, '\\$&')}"\n`;
}

/** Most repositories have no info/attributes; a folder of that name is no pattern for git either. */
function copyIfFile(from: string, to: string): void {
  if (statSync(from, { throwIfNoEntry: false })?.isFile() === true) copyFileSync(from, to);
}
