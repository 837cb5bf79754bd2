import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AbsolutePath, BranchName, CommitId, TreeId } from '../../model/ids.ts';
import type { FollowingCheckout } from '../../model/operation.ts';
import { exists } from '../../system/files.ts';
import { some } from '../../text/lists.ts';
import { shellWord } from '../../text/shell-word.ts';
import { readHead } from '../refs/head.ts';
import { gitIn } from '../spawn/git-in.ts';
import { readRegular } from '../spawn/read-regular.ts';
import type { Repository } from '../spawn/repository.ts';
import { claimsOf } from '../worktree/branch-claims.ts';
import { allCheckouts, awayCheckouts } from '../worktree/checkouts.ts';
import { openOperation } from '../worktree/open-operation.ts';
import { pathBytes, pathText, type RawPath, split } from '../worktree/working-changes.ts';
import { parseStatus } from '../worktree/worktree-status.ts';
import { roomProblem, type TargetProblem } from './checkout-room.ts';

export interface TargetOptions {
  readonly repository: Repository;
  readonly branch: BranchName;
  readonly checkouts: readonly FollowingCheckout[];
  readonly from: CommitId;
  /** The commit it is to move to, or its future tree; absent: only whether it may move at all. */
  readonly to?: CommitId | TreeId;
}

/** Reasons that a branch cannot move, or its checkouts cannot follow without a loss. Only looks. Empty: none. */
export async function targetProblems(o: TargetOptions): Promise<readonly TargetProblem[]> {
  const problems = await operationProblems(o);
  const { to } = o;
  if (to === undefined || to === o.from) return problems;
  for (const checkout of o.checkouts) {
    problems.push(...(await obstacles(o, to, checkout)));
    const room = await roomProblem({ ...o, to, path: checkout.path });
    if (room !== null) problems.push(room);
  }
  return problems;
}

/** A worktree in the middle of a rebase is listed as detached, and still brings the branch with it when it ends. */
async function operationProblems({ repository, branch, checkouts }: TargetOptions): Promise<TargetProblem[]> {
  const problems: TargetProblem[] = [];
  const loose = await readRegular(join(repository.commonDir, 'refs/heads', branch));
  const other = /^ref: refs\/heads\/(\S+)/.exec(loose ?? '')?.[1];
  if (other !== undefined) {
    problems.push({
      what: `${branch} is only another name for branch ${other}.`,
      why: 'Moving it would make the two differ.',
      hint: `Name the branch itself: --into ${shellWord(other)}`,
    });
  }
  for (const { path, gitDir } of await awayCheckouts(repository)) {
    if ((await readHead(repository.commonDir, gitDir)).branch !== branch) continue;
    problems.push({
      what: `${branch} is checked out in ${path}, which is locked and missing.`,
      why: 'Its files could not follow: once it is back, it would show the merged changes as deleted.',
      hint: `Restore it, or let git forget it; then repeat the command:\n  git worktree unlock ${shellWord(path)} && git worktree prune`,
    });
  }
  for (const { path, gitDir } of await allCheckouts(repository)) {
    const checkedOut = checkouts.some((checkout) => checkout.gitDir === gitDir);
    const operation = (await takenBy(gitDir, branch)) ?? (checkedOut ? await openOperation(gitDir) : null);
    if (operation === null) continue;
    problems.push({
      what: `${branch} is in the middle of a ${operation} in ${path}.`,
      why: `Moving it now would break that ${operation}.`,
      hint: endings(operation, path),
    });
  }
  return problems;
}

/** An operation that began on the branch and will come back to it. */
async function takenBy(gitDir: AbsolutePath, branch: BranchName): Promise<'rebase' | 'bisect' | null> {
  const { rebase, along, bisect } = claimsOf(gitDir);
  if (rebase === branch || along.includes(branch)) return 'rebase';
  return bisect === branch && (await exists(join(gitDir, 'BISECT_LOG'))) ? 'bisect' : null;
}

function endings(operation: string, path: AbsolutePath): string {
  const at = `git -C ${shellWord(path)}`;
  if (operation === 'bisect') return `End it, then repeat the command:\n  ${at} bisect reset`;
  return `Finish it or abort it, then repeat the command:\n  ${at} ${operation} --continue\n  ${at} ${operation} --abort`;
}

interface Incoming {
  /** All paths that differ. */
  readonly changed: readonly RawPath[];
  /** Those that are only in `to`. */
  readonly added: readonly RawPath[];
  /** Those that are only in `from`. */
  readonly gone: ReadonlySet<RawPath>;
}

async function obstacles(o: TargetOptions, to: CommitId | TreeId, { path }: FollowingCheckout): Promise<TargetProblem[]> {
  const git = gitIn(path, { reads: true });
  const [tree, status] = await Promise.all([
    git.run(['diff-tree', '-r', '-z', '--name-status', '--no-renames', o.from, to]),
    git.run(['status', '--porcelain=v2', '-z', '--untracked-files=no', '--ignore-submodules=dirty', '--no-renames']),
  ]);
  const incoming = parseIncoming(split(tree.stdout));
  // Read byte for byte like the others.
  const dirty = parseStatus(Buffer.from(status.stdout.toString('latin1'))).dirty.map((one) => one.path);
  const problems: TargetProblem[] = [];
  const local = dirty.filter((one) => incoming.changed.some((other) => touches(one, other)));
  if (local.length > 0) {
    problems.push({
      what: `Local changes in ${path} are in the way: ${listed(local)}.`,
      why: `The merge into ${o.branch} changes the same ${local.length === 1 ? 'file' : 'files'}.`,
      hint: `Commit or stash them, then repeat the command:\n  git -C ${shellWord(path)} stash push -- ${local.slice(0, 3).map(pathText).map(shellWord).join(' ')}`,
    });
  }
  const inTheWay = (await standing(path, incoming)).filter((one) => !dirty.includes(one));
  if (inTheWay.length > 0) {
    problems.push({
      what: `Files in ${path} that git does not track are in the way: ${listed(inTheWay)}.`,
      why: `${o.branch} would get files of these names, and git overwrites ignored ones silently.`,
      hint: `Move them away, then repeat the command:\n  mv ${shellWord(join(path, pathText(inTheWay[0] ?? '')))} ${shellWord(`${join(path, pathText(inTheWay[0] ?? ''))}.mine`)}`,
    });
  }
  return problems;
}

function parseIncoming(fields: readonly RawPath[]): Incoming {
  const changed: RawPath[] = [];
  const added: RawPath[] = [];
  const gone = new Set<RawPath>();
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const path = fields[i + 1] ?? '';
    changed.push(path);
    if (fields[i] === 'A') added.push(path);
    if (fields[i] === 'D') gone.add(path);
  }
  return { changed, added, gone };
}

/** The same path, or one is a folder that contains the other. */
function touches(a: RawPath, b: RawPath): boolean {
  return a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
}

/** Files at paths of new files that the move does not remove. */
export async function standing(folder: AbsolutePath, { added, gone }: Pick<Incoming, 'added' | 'gone'>): Promise<RawPath[]> {
  const found = new Set<RawPath>();
  const free = new Set<RawPath>();
  for (const path of added) {
    let clear = true;
    for (let at = path.indexOf('/'); at !== -1 && clear; at = path.indexOf('/', at + 1)) {
      const parent = path.slice(0, at);
      if (free.has(parent)) continue;
      const stat = await lstat(pathBytes(folder, parent)).catch(() => null); // Not there: nothing below it is either.
      if (stat === null) clear = false;
      else if (stat.isDirectory()) free.add(parent);
      else {
        if (!gone.has(parent)) found.add(parent);
        clear = false;
      }
    }
    if (!clear) continue;
    const stat = await lstat(pathBytes(folder, path)).catch(() => null); // Not there: the place is free.
    if (stat === null) continue;
    if (stat.isDirectory()) for (const inside of await contents(folder, path, gone)) found.add(inside);
    else found.add(path);
  }
  return [...found];
}

/** A folder's contents besides tracked files that are removed. */
async function contents(folder: AbsolutePath, path: RawPath, gone: ReadonlySet<RawPath>): Promise<RawPath[]> {
  const entries = await readdir(pathBytes(folder, path), { withFileTypes: true, encoding: 'buffer' });
  const found: RawPath[] = [];
  for (const entry of entries) {
    const inside = `${path}/${entry.name.toString('latin1')}`;
    if (entry.isDirectory()) found.push(...(await contents(folder, inside, gone)));
    else if (!gone.has(inside)) found.push(inside);
  }
  return found;
}

/** For people: the first few. */
export function listed(paths: readonly RawPath[]): string {
  return some(paths.map(pathText));
}
