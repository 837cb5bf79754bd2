import { userInfo } from 'node:os';
import { join, relative } from 'node:path';
import { notUsedSetup } from '../agent/claude/installed/not-used-setup.ts';
import { findOnPath } from '../agent/find-on-path.ts';
import { matchesPattern } from '../git/commit/path-pattern.ts';
import { behindRemote } from '../git/refs/behind-remote.ts';
import { resolveCommit } from '../git/refs/refs.ts';
import { type Git, gitIn } from '../git/spawn/git-in.ts';
import type { Repository } from '../git/spawn/repository.ts';
import { worktreeStatus } from '../git/worktree/worktree-status.ts';
import { listWorktrees } from '../git/worktree/worktrees.ts';
import type { AbsolutePath, CommitId } from '../model/ids.ts';
import type { PlanFacts } from '../model/plan-facts.ts';
import type { SourcedSettings } from '../model/settings.ts';
import type { VariantsFile } from '../model/variants-file.ts';
import type { Store } from '../store/layout.ts';
import { listRunIds } from '../store/run-folders.ts';
import type { Environment } from '../system/environment.ts';
import { agentFacts } from './agent-facts.ts';
import { branchFacts } from './branch-facts.ts';
import { copyFacts } from './copy-facts.ts';
import { stuckFilters } from './filter-facts.ts';
import { repositoryName } from './repository-name.ts';
import { sandboxFacts } from './sandbox-facts.ts';
import { setUpBytes } from './setup-facts.ts';
import { trackedSize } from './tracked-size.ts';
import { trustFacts } from './trust-facts.ts';
import { takenPlaces, worktreeRoot, worktreeRootProblem } from './worktree-root.ts';

export interface SurveyInput {
  readonly repository: Repository;
  readonly store: Store;
  readonly file: VariantsFile;
  readonly settings: SourcedSettings;
  /** The person's, whole. */
  readonly environment: Environment;
  /** The flags of the plan that decide what to look at. */
  readonly flags?: { readonly base?: string; readonly name?: string };
  /** For the age of conflicting branches. */
  readonly now?: Date;
}

/**
 * Everything that planning has to know, looked up side by side: about ten git processes, no network, nothing written but the
 * agent probe's cache. Anything missing or broken is a fact, not an error.
 */
export async function gatherFacts(o: SurveyInput): Promise<PlanFacts> {
  const { repository, environment } = o;
  const git = gitIn(repository.here, { reads: true });
  const wanted = wantedBase({ file: o.file, settings: o.settings, flag: o.flags?.base, repository });
  const base = resolveBase(git, wanted, repository);
  const runs = listRunIds(o.store);
  const name = repositoryName(repository);
  const place = worktreeRoot(o.settings.worktree.value, { root: repository.root, repo: name });
  const checkedOut = (commit: string | null): boolean => commit === repository.headCommit && !noCheckout(repository);
  const size = base.then((commit) => trackedSize(git, { commit, checkedOut: checkedOut(commit) }));
  const protect = base.then((commit) => unmatchedProtect(git, commit, o.file.protect ?? []));
  const filters = base.then((commit) => stuckFilters(git, repository, commit));
  const branches = (): Promise<PlanFacts['branches']> =>
    branchFacts({ ...o, git, runs, base, name: o.flags?.name ?? o.file.name, now: o.now ?? new Date() });

  const facts = await together({
    commit: base,
    runs,
    branches: branches(),
    behind: behindRemote(git, wanted),
    dirty: dirtyFiles(git, { repository, own: [o.file.path, usualFile(o), ...settingsFiles(o.settings)] }),
    worktrees: listWorktrees(git),
    taken: takenPlaces(place),
    rootProblem: worktreeRootProblem(place, { repository, source: o.settings.worktree.source }),
    size,
    copy: copyFacts({ ...o, place }),
    protect,
    filters,
    setUp: setUpBytes(o.store, o.file.setup ?? o.settings.setup.value),
    trust: trustFacts(o),
    agent: agentFacts(environment),
    notUsed: notUsedSetup(noCheckout(repository) ? null : repository.here, environment),
    sandbox: sandboxFacts(environment),
    missingCommands: missingRunners(o.file, environment),
  });

  return {
    repository: {
      commonDir: repository.commonDir,
      root: repository.root,
      bare: repository.bare,
      name,
      headBranch: repository.headBranch,
      shallow: repository.shallow,
      sparse: facts.size.sparse,
      submodules: facts.size.submodules,
    },
    wantedBase: wanted,
    base: facts.commit === null ? null : { ref: wanted, commit: facts.commit },
    unborn: repository.headCommit === null && facts.branches.length === 0,
    behindRemote: facts.behind,
    dirty: facts.dirty.paths,
    dirtyCount: facts.dirty.count,
    branches: facts.branches,
    takenRuns: facts.runs,
    takenPaths: [...facts.worktrees.map(({ path }) => path), ...facts.taken],
    worktreeRootProblem: facts.rootProblem,
    copy: facts.copy.copy,
    stuckFilters: facts.filters,
    unmatchedProtect: facts.protect,
    worktreeInclude: facts.trust.worktreeInclude,
    disk: {
      freeBytes: facts.copy.freeBytes,
      trackedBytes: facts.size.bytes,
      reflinks: facts.copy.reflinks,
      setupBytes: facts.setUp,
    },
    missingCommands: facts.missingCommands,
    agent: facts.agent,
    sandbox: facts.sandbox,
    notUsed: facts.notUsed,
    trustApproved: facts.trust.approved,
    person: { isRoot: isRoot(environment) },
  };
}

function settingsFiles(settings: SourcedSettings): readonly string[] {
  // Not package.json, whose other content variants may well need.
  return Object.values(settings).flatMap(({ file }) => (file?.includes('worktreerc') === true ? [file] : []));
}

/** The usual variants file: even if this run is made without one, no variant needs it. */
function usualFile({ repository, settings }: SurveyInput): AbsolutePath {
  return join(repository.here, settings.variantsFile.value);
}

/** All of them by name. Waits for every one before it rejects: an unhandled rejection would end the process. */
async function together<T extends Record<string, Promise<unknown>>>(promises: T): Promise<{ [K in keyof T]: Awaited<T[K]> }> {
  const settled = await Promise.allSettled(Object.values(promises));
  const values = settled.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
  return Object.fromEntries(Object.keys(promises).map((key, index) => [key, values[index]])) as { [K in keyof T]: Awaited<T[K]> };
}

const MOST_LISTED = 100;

/** Uncommitted paths of a checkout, without the files that only say what copse is to do. One git process. */
async function dirtyFiles(
  git: Git,
  o: { readonly repository: Repository; readonly own: readonly (string | null)[] },
): Promise<{ readonly paths: readonly string[]; readonly count: number }> {
  const { here } = o.repository;
  if (noCheckout(o.repository)) return { paths: [], count: 0 };
  const { dirty, untracked } = await worktreeStatus(git);
  const own = new Set(o.own.flatMap((path) => (path === null ? [] : [relative(here, path)])));
  const paths = [...dirty.map(({ path }) => path), ...untracked].filter((path) => !own.has(path));
  return { paths: paths.slice(0, MOST_LISTED), count: paths.length };
}

/** Whether the current directory is a bare repository itself, rather than in one of its linked worktrees. */
function noCheckout({ bare, here, root }: Repository): boolean {
  return bare && here === root;
}

/** Whether Claude Code would refuse `--dangerously-skip-permissions` to this user: root, unless `IS_SANDBOX=1` says that it does not matter here. */
function isRoot(environment: Environment): boolean {
  if (environment['IS_SANDBOX'] === '1') return false;
  try {
    return userInfo().uid === 0;
  } catch {
    // No entry in the user database, as for the made-up ids of containers: root always has one.
    return false;
  }
}

/** Programs of command runners that PATH does not have. Those named by a path are looked up in the worktree, later. */
async function missingRunners(file: VariantsFile, environment: Environment): Promise<readonly string[]> {
  const runners = [file.defaults.runner, ...file.variants.map((variant) => variant.runner)];
  const programs = new Set(runners.flatMap((runner) => (typeof runner === 'object' ? runner.command.slice(0, 1) : [])));
  const named = [...programs].filter((program) => !program.includes('/'));
  const found = await Promise.all(named.map((program) => findOnPath(program, environment)));
  return named.filter((_program, index) => found[index] === null);
}

/** Patterns that match no file of the base: most often misspelt, and then nothing is protected. No git process without patterns. */
async function unmatchedProtect(git: Git, commit: CommitId | null, patterns: readonly string[]): Promise<readonly string[]> {
  if (commit === null || patterns.length === 0) return [];
  const { stdout } = await git.run(['ls-tree', '-r', '-z', '--name-only', '--full-tree', commit]);
  const paths = stdout.toString('utf8').split('\0').slice(0, -1);
  return patterns.filter((pattern) => !paths.some((path) => matchesPattern(path, pattern)));
}

/** The wanted base: flag, variants file, settings, current branch, else `HEAD`. */
function wantedBase(o: {
  readonly file: VariantsFile;
  readonly settings: SourcedSettings;
  readonly flag: string | undefined;
  readonly repository: Pick<Repository, 'headBranch'>;
}): string {
  const { file, settings, flag, repository } = o;
  const setting = settings.base.value;
  const said = settings.base.source === 'flag' && setting !== null ? setting : (file.base ?? setting);
  return flag ?? said ?? repository.headBranch ?? 'HEAD';
}

/** The commit of a base. A branch is preferred to a tag of the same name, which git itself would prefer. At most two git processes. */
async function resolveBase(git: Git, ref: string, repository: Repository): Promise<CommitId | null> {
  if (ref === 'HEAD' || ref === repository.headBranch) return repository.headCommit;
  const [branch, any] = await Promise.all([resolveCommit(git, `refs/heads/${ref}`), resolveCommit(git, ref)]);
  return branch ?? any;
}
