/**
 * The files in a worktree beside its commit: everything that a check could see there and that a fresh worktree of the commit, after copy and
 * set-up, would not have. Evidence is about the commit, so a check may use the worktree only if nothing is there.
 *
 * Asks git through a shadow directory, with its own index: flags that hide changes in the worktree's index do not count, no
 * configuration that an agent wrote is used, nothing runs. A folder that is too large to examine counts as work.
 */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AbsolutePath, CommitId } from '../../model/ids.ts';
import type { HeldBack } from '../../model/outcome.ts';
import { exists } from '../../system/files.ts';
import { forEachAtMost } from '../../system/for-each-at-most.ts';
import { copyIndex } from '../spawn/copy-index.ts';
import { distrustedGit, type Git } from '../spawn/git-in.ts';
import type { Repository } from '../spawn/repository.ts';
import { shadowPaths } from '../spawn/shadow-directory.ts';
import { pathText, type RawPath } from '../worktree/working-changes.ts';
import { besideFolder } from './beside-folder.ts';
import { isByProduct, isDisposable, isInstalled } from './by-products.ts';
import { filledSubmodules } from './filled-submodules.ts';
import { traceFolder, walkBudget } from './folder-trace.ts';
import { ignoreRules } from './ignore-rules.ts';
import { othersOf } from './others.ts';
import { skippedPaths } from './skipped-paths.ts';
import { submoduleChanges } from './submodule-changes.ts';
import { isUnchanged, type UntrackedSnapshot, withoutSlashes } from './untracked-snapshot.ts';

export interface BesideOptions {
  readonly repository: Repository;
  readonly worktree: AbsolutePath;
  /** From our record, never from the worktree's `.git`. */
  readonly gitDir: AbsolutePath;
  readonly commit: CommitId;
  /** The files that copy and set-up created. */
  readonly before: UntrackedSnapshot;
  /** Folders of build output that a check makes anew by itself. Of installed packages that is not so: they count. */
  readonly disposable: readonly string[];
  /** The files that the commit left out, for the reasons. */
  readonly heldBack?: readonly HeldBack[];
}

export interface Beside {
  /** Whether a check could see anything of it. */
  readonly anything: boolean;
  /** Files of work, for people; at most {@link NAMED}. */
  readonly named: readonly HeldBack[];
  /** How many files of work there are besides. */
  readonly more: number;
  /** Caches, build output, installed packages that changed: they explain `anything` if no work is named. A few, folders end in a slash. */
  readonly other: readonly string[];
}

const NAMED = 20;
const OTHERS_NAMED = 5;

interface Found extends Omit<HeldBack, 'path'> {
  readonly path: RawPath;
}

export async function besideCommit(o: BesideOptions): Promise<Beside> {
  const shadow = shadowPaths(o.repository.commonDir, o.gitDir);
  const index = join(shadow.dir, `beside.${randomBytes(4).toString('hex')}`);
  const at = { gitDir: o.gitDir, workTree: o.worktree, commonDir: o.repository.commonDir, index };
  try {
    if (await exists(shadow.index)) await copyIndex(shadow.index, index);
    await distrustedGit({ ...at, filters: 'none' }).run(['read-tree', '--reset', o.commit]);
    return await look(o, distrustedGit(at));
  } finally {
    await rm(index, { force: true });
    await rm(`${index}.lock`, { force: true });
  }
}

async function look(o: BesideOptions, git: Git): Promise<Beside> {
  const { modified, deleted, untracked, ignored } = await othersOf(git);
  const work: Found[] = [];
  const other: RawPath[] = [];
  const add = (found: Found): void => {
    if (isByProduct(o.worktree, found.path)) other.push(found.path);
    else work.push(found);
  };
  const submodules = await filledSubmodules(git, o);
  const isSubmodule = new Set(submodules.map(({ path }) => path));
  const reasons = new Map((o.heldBack ?? []).map((held) => [held.path, held]));
  const unlike = (path: RawPath): Found => {
    const { why = 'not-committed', by = null } = reasons.get(pathText(path)) ?? {};
    return { path, why, by };
  };
  for (const path of modified) if (!isSubmodule.has(path)) work.push(unlike(path));
  const absent = deleted.length === 0 ? new Set<RawPath>() : await skippedPaths(ownGit(o));
  for (const path of deleted) if (!absent.has(path)) work.push({ path, why: 'not-committed', by: null });

  await forEachAtMost(8, files(untracked), async (path) => {
    if (await isUnchanged(o.before, o.worktree, path)) return;
    add(unlike(path));
  });
  // Records of earlier versions do not say which ignored files are set-up's.
  const addIgnored = o.before.folders === undefined ? ({ path }: Found) => other.push(path) : add;
  const mattering = ignored.filter((path) => isInstalled(path) || !isDisposable(path.replace(/\/$/, ''), o.disposable));
  await forEachAtMost(8, files(mattering), async (path) => {
    if (!(await isUnchanged(o.before, o.worktree, path))) addIgnored({ path, why: 'ignored', by: null });
  });

  const budget = walkBudget();
  const repositories = withoutSlashes(untracked);
  for (const path of [...repositories, ...withoutSlashes(mattering)]) {
    const isRepository = repositories.includes(path);
    const found = besideFolder(o.before, path, await traceFolder(o.worktree, path, budget), isRepository);
    if (found === null) continue;
    if (isRepository) work.push({ path, why: 'nested-repository', by: null });
    else if (found.length === 0 || isByProduct(o.worktree, path)) other.push(`${path}/`);
    else found.forEach(addIgnored);
  }
  let more = 0;
  for (const submodule of submodules) {
    const { path } = submodule;
    const changed = await submoduleChanges({ ...o, commonDir: o.repository.commonDir }, submodule);
    if (changed !== null && changed.length > 0) {
      for (const file of changed.slice(0, NAMED)) work.push({ path: file, why: 'submodule', by: pathText(path) });
      more += Math.max(0, changed.length - NAMED);
    } else if (changed === null || modified.includes(path)) work.push({ path, why: 'submodule', by: null });
    else if (besideFolder(o.before, path, await traceFolder(o.worktree, path, budget), true) !== null) other.push(`${path}/`);
  }
  return told(git, work, other, more);
}

/** Secrets and submodules first: of ignored files there may be very many. */
const ORDER: readonly HeldBack['why'][] = [
  'secret-name',
  'secret-content',
  'submodule',
  'nested-repository',
  'too-large',
  'not-committed',
  'ignored',
];

async function told(git: Git, work: readonly Found[], other: readonly RawPath[], more: number): Promise<Beside> {
  const sorted = work.toSorted((a, b) => ORDER.indexOf(a.why) - ORDER.indexOf(b.why) || (a.path < b.path ? -1 : 1));
  const shown = sorted.slice(0, NAMED);
  const rules = await ignoreRules(
    git,
    shown.filter(({ why }) => why === 'ignored').map(({ path }) => path),
  );
  return {
    anything: work.length > 0 || other.length > 0,
    named: shown.map(({ path, why, by }) => ({
      path: pathText(path),
      why,
      by: why === 'ignored' ? (rules.get(path) ?? null) : by,
    })),
    more: more + sorted.length - shown.length,
    other: other.toSorted().slice(0, OTHERS_NAMED).map(pathText),
  };
}

/** The files beside a commit and those that the commit itself left out, each path once. */
export function allBeside(heldBack: readonly HeldBack[], { named }: Beside): readonly HeldBack[] {
  const paths = new Set(named.map(({ path }) => path));
  // Of a submodule its files are named, if they can be.
  const within = new Set(named.flatMap(({ why, by }) => (why === 'submodule' && by !== null ? [by] : [])));
  return [...heldBack.filter(({ path }) => !paths.has(path) && !within.has(path)), ...named];
}

function files(paths: readonly RawPath[]): RawPath[] {
  return paths.filter((path) => !path.endsWith('/'));
}

function ownGit(o: BesideOptions): Git {
  return distrustedGit({ gitDir: o.gitDir, workTree: o.worktree, commonDir: o.repository.commonDir });
}
