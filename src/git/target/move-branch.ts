/**
 * A branch moves, and the worktrees where it is checked out follow.
 *
 *   looked (would each checkout follow?) ─▶ ref moved (compare-and-swap) ─▶ index and files of each checkout follow
 *
 * "Old or new" applies to the ref. A crash after the swap leaves checkouts that still show the old tree, as a staged reversal:
 * calling this again with the same commits finishes that, even if a checkout had followed halfway.
 */

import { lstat, readFile, readlink, realpath, unlink } from 'node:fs/promises';
import { CopseError } from '../../model/errors.ts';
import { EXIT } from '../../model/exit-code.ts';
import type { AbsolutePath, BranchName, CommitId } from '../../model/ids.ts';
import type { FollowingCheckout } from '../../model/operation.ts';
import { failpoint } from '../../system/failpoint.ts';
import { shortCommit } from '../../text/amounts.ts';
import { shellWord } from '../../text/shell-word.ts';
import { readHead, readRef } from '../refs/head.ts';
import { updateRefs } from '../refs/refs.ts';
import { GitError } from '../spawn/git-error.ts';
import { type Git, gitIn } from '../spawn/git-in.ts';
import type { Repository } from '../spawn/repository.ts';
import { allCheckouts } from '../worktree/checkouts.ts';
import { isOwnWorktree, refused } from '../worktree/own-path.ts';
import { pathBytes, type RawPath, split } from '../worktree/working-changes.ts';
import { holdIndex } from './hold-index.ts';
import { listed, standing } from './target-problems.ts';

/** The worktrees in which a branch is checked out; they follow when it moves. */
export async function checkoutsOf(repository: Repository, branch: BranchName): Promise<FollowingCheckout[]> {
  const all = await allCheckouts(repository);
  const heads = await Promise.all(all.map(({ gitDir }) => readHead(repository.commonDir, gitDir)));
  return all.filter((_, i) => heads[i]?.branch === branch);
}

export interface MoveBranchOptions {
  readonly repository: Repository;
  readonly branch: BranchName;
  readonly from: CommitId;
  readonly to: CommitId;
  /** From {@link checkoutsOf}, taken under the same lock. */
  readonly checkouts: readonly FollowingCheckout[];
  /** For the reflog. */
  readonly message: string;
}

/**
 * Moves the branch from `from` to `to`, then lets the checkouts follow. Idempotent: if the branch is at `to` already, only the
 * checkouts follow. CopseErrors (exit 3), nothing moved: `ref-moved` (it is elsewhere), `checkout-in-the-way`; and `checkout-behind`: the
 * branch moved, a checkout could not follow.
 */
export async function moveBranch(o: MoveBranchOptions): Promise<void> {
  const ref = `refs/heads/${o.branch}`;
  const now = await readRef(o.repository.commonDir, ref);
  if (now !== o.to) {
    if (now !== o.from) throw movedMeanwhile(o.branch);
    for (const checkout of o.checkouts) {
      await requireOwnCheckout(o.repository, checkout);
      await wouldFollow(o, checkout);
    }
    // Through a worktree in which it is checked out, so that the reflog of HEAD there has it as well.
    const git = gitIn(o.checkouts[0]?.path ?? o.repository.root);
    await updateRefs(git, [{ ref, to: o.to, from: o.from }], o.message);
    failpoint('target-moved');
  }
  for (const checkout of o.checkouts) {
    // After a crash the user may have switched to another branch there, whose files must not change.
    const { branch } = await readHead(o.repository.commonDir, checkout.gitDir);
    if (branch === o.branch) {
      await requireOwnCheckout(o.repository, checkout);
      await follow(o, checkout);
    }
  }
}

/** Without `-q`, with which git says nothing of a lock that is held. */
const REFRESH: readonly string[] = ['update-index', '--refresh'];
/** The checkouts can come from a journal, and a linked one's place from git's entry: neither may lead into another repository. */
async function requireOwnCheckout(repository: Repository, { path, gitDir }: FollowingCheckout): Promise<void> {
  if (path === repository.root && gitDir === repository.commonDir && !repository.bare) return;
  if (!(await isOwnWorktree(repository, { path, gitDir }))) throw refused(path, 'It is not a worktree of this repository.');
}

/** git itself says whether it could: it knows of flags in the index (`--skip-worktree`) that no status shows. Changes nothing but times. */
async function wouldFollow(o: MoveBranchOptions, checkout: FollowingCheckout): Promise<void> {
  const { path } = checkout;
  try {
    await holdIndex(checkout, async (git) => {
      // A file that was only touched would count as changed.
      await git.run(REFRESH, { ok: [0, 1] });
      await git.run(['read-tree', '-n', '-m', '-u', o.from, o.to]);
    });
  } catch (error) {
    // A lock that another program left says itself whose it may be.
    if (!(error instanceof GitError) || error.code === 'git-locked') throw error;
    throw new CopseError({
      code: 'checkout-in-the-way',
      exit: EXIT.precondition,
      what: `${o.branch} cannot move: its checkout ${path} could not follow.`,
      why: error.message,
      hint: `See what is in the way, then repeat the command:\n  git -C ${shellWord(path)} status`,
      cause: error,
    });
  }
}

async function follow(o: MoveBranchOptions, checkout: FollowingCheckout): Promise<void> {
  try {
    await holdIndex(checkout, (git) => followWith(git, o, checkout));
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const { path } = checkout;
    throw behind(o, path, error.code === 'git-locked' ? `${error.message} ${error.why ?? ''}`.trim() : error.message, [], error);
  }
}

async function followWith(git: Git, o: MoveBranchOptions, { path }: FollowingCheckout): Promise<void> {
  const coming = await stillComing(git, o.from, o.to);
  if (coming === null) return;
  // After a crash hours may lie between the move and this: git would overwrite a file that the user put there meanwhile if it is ignored.
  const mine = await inTheWay(git, path, coming);
  if (mine.length > 0) throw behind(o, path, 'git would overwrite it silently.', mine);
  await git.run(REFRESH, { ok: [0, 1] });
  await git.run(['read-tree', '-m', '-u', o.from, o.to]).catch(async (error: unknown) => {
    if (!(error instanceof GitError)) throw error;
    // Interrupted before: files that are new already, or partly written, do not match the old index.
    const cleared = await clearHalfWritten(git, path, coming);
    if (!(await takeWhatFollowed(git, path, o.from, o.to)) && !cleared) throw error;
    await git.run(['read-tree', '-m', '-u', o.from, o.to]);
  });
}

function behind(o: MoveBranchOptions, path: string, why: string, mine: readonly RawPath[], cause?: GitError): CopseError {
  const files = mine.length === 0 ? '' : `: ${listed(mine)} ${mine.length === 1 ? 'is' : 'are'} in the way`;
  return new CopseError({
    code: 'checkout-behind',
    exit: EXIT.precondition,
    what: `${o.branch} moved to ${shortCommit(o.to)}, but its checkout ${path} could not follow${files}.`,
    why,
    hint:
      cause?.code === 'git-locked'
        ? `${cause.hint ?? ''}\nThen finish the merge:\n  copse doctor --fix`
        : 'Remove what is in the way, then finish the merge:\n  copse doctor --fix',
    ...(cause === undefined ? {} : { cause }),
  });
}

interface Change {
  readonly path: RawPath;
  /** null: not there. */
  readonly before: string | null;
  readonly after: string | null;
}

/** The differences between the commits that the index still has as before; null: none, the checkout has followed. */
async function stillComing(git: Git, from: CommitId, to: CommitId): Promise<Change[] | null> {
  const changes = await changesOf(git, from, to);
  if (changes.length === 0) return null;
  const { stdout } = await git.run(['diff-index', '--cached', '--raw', '-z', '--no-renames', '--abbrev=64', to]);
  // The differences between the new commit and the index: `after` is the index's.
  const otherwise = new Map(parse(split(stdout)).map((change) => [change.path, change.after]));
  const coming = changes.filter(({ path, before }) => otherwise.has(path) && otherwise.get(path) === before);
  return coming.length === 0 ? null : coming;
}

/** Untracked files at paths of new files, unless they are the new ones: an interrupted move wrote those. */
async function inTheWay(git: Git, folder: AbsolutePath, coming: readonly Change[]): Promise<RawPath[]> {
  const added = new Map(coming.flatMap(({ path, before, after }) => (before === null ? [[path, after] as const] : [])));
  const gone = new Set(coming.flatMap(({ path, after }) => (after === null ? [path] : [])));
  const mine: RawPath[] = [];
  for (const path of await standing(folder, { added: [...added.keys()], gone }))
    if (
      !(await isAs(git, folder, path, added.get(path) ?? null)) &&
      !(await isBeginning(git, folder, path, added.get(path) ?? null))
    )
      mine.push(path);
  return mine;
}

/**
 * Removes files that git had begun to write when the disk was full or it was killed. Such a file has the beginning of
 * the new content, and its old content is in the old commit. Returns whether there was any.
 */
async function clearHalfWritten(git: Git, folder: AbsolutePath, coming: readonly Change[]): Promise<boolean> {
  let any = false;
  for (const { path, after } of coming) {
    if (!(await isBeginning(git, folder, path, after)) || (await isBehindLink(folder, path))) continue;
    await unlink(pathBytes(folder, path));
    any = true;
  }
  return any;
}

/** Whether a part of the way to a file leads out of the folder. */
async function isBehindLink(folder: AbsolutePath, path: RawPath): Promise<boolean> {
  const parent = path.split('/').slice(0, -1);
  const [top, real] = await Promise.all(
    [folder, pathBytes(folder, parent.join('/'))].map((at) => realpath(at, { encoding: 'buffer' })),
  );
  return real?.toString('latin1') !== [top?.toString('latin1'), ...parent].join('/');
}

/** Beyond this a file is not compared: it stays, and is reported. */
const LARGEST_BYTES = 256 * 1024 * 1024;

/** Whether a file holds only the beginning of what a commit has there. */
async function isBeginning(git: Git, folder: AbsolutePath, path: RawPath, wanted: string | null): Promise<boolean> {
  const [mode = '', id = ''] = (wanted ?? '').split(' ');
  const name = pathBytes(folder, path);
  const stat = await lstat(name).catch(() => null); // Not there.
  if (stat?.isFile() !== true || !mode.startsWith('100') || stat.size > LARGEST_BYTES) return false;
  const size = Number((await git.run(['cat-file', '-s', id])).text);
  if (stat.size >= size || size > LARGEST_BYTES) return false;
  const { stdout } = await git.run(['cat-file', 'blob', id]);
  return stdout.subarray(0, stat.size).equals(await readFile(name));
}

/** Whether a file in a folder is as a commit has it: `<mode> <id>`. */
async function isAs(git: Git, folder: AbsolutePath, path: RawPath, wanted: string | null): Promise<boolean> {
  const [mode = '', id = ''] = (wanted ?? '').split(' ');
  const name = pathBytes(folder, path);
  const stat = await lstat(name).catch(() => null); // Not there.
  if (stat?.isSymbolicLink() === true && mode === '120000') {
    const input = await readlink(name, { encoding: 'buffer' });
    return (await git.run(['hash-object', '--stdin'], { input })).text === id;
  }
  if (stat?.isFile() !== true || !mode.startsWith('100')) return false;
  const input = Buffer.from(`${path}\n`, 'latin1');
  return (await git.run(['hash-object', '--stdin-paths'], { input, ok: [0, 128] })).text === id;
}

async function changesOf(git: Git, from: CommitId, to: CommitId): Promise<Change[]> {
  const { stdout } = await git.run(['diff-tree', '-r', '-z', '--raw', '--no-renames', '--abbrev=64', from, to]);
  return parse(split(stdout));
}

function parse(fields: readonly RawPath[]): Change[] {
  const changes: Change[] = [];
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const [mode1 = '', mode = '', before = '', after = ''] = (fields[i] ?? '').slice(1).split(' ');
    changes.push({
      path: fields[i + 1] ?? '',
      before: mode1 === NOTHING ? null : `${mode1} ${before}`,
      after: mode === NOTHING ? null : `${mode} ${after}`,
    });
  }
  return changes;
}

const NOTHING = '000000';

/** Records in the index which files are as in the new commit already. Returns whether there was any. */
async function takeWhatFollowed(git: Git, folder: AbsolutePath, from: CommitId, to: CommitId): Promise<boolean> {
  const lines: string[] = [];
  for (const { path, after } of await changesOf(git, from, to)) {
    if (after === null) {
      const stat = await lstat(pathBytes(folder, path)).catch(() => null); // Not there.
      if (stat === null) lines.push(`0 ${'0'.repeat(to.length)}\t${path}`);
    } else if (await isAs(git, folder, path, after)) lines.push(`${after}\t${path}`);
  }
  if (lines.length === 0) return false;
  const input = Buffer.from(`${lines.join('\0')}\0`, 'latin1');
  await git.run(['update-index', '--add', '-z', '--index-info'], { input });
  await git.run(REFRESH, { ok: [0, 1] });
  return true;
}

function movedMeanwhile(branch: BranchName): CopseError {
  return new CopseError({
    code: 'ref-moved',
    exit: EXIT.precondition,
    what: `Branch ${branch} moved meanwhile.`,
    why: 'Something else committed to it.',
    hint: 'Repeat the command.',
  });
}
