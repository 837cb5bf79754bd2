/**
 * copse's commit: the files that an agent left in its worktree become one commit on its branch.
 *
 * Invariants: the person's checkout, index and other refs are never touched; nothing that the agent wrote runs (see
 * `shadow-directory.ts`); the branch moves by compare-and-swap; files left out are reported; a crash at any point leaves the branch
 * old or new and the files as they were, and doing it again converges.
 */
import { randomBytes } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CopseError } from '../../model/errors.ts';
import type { AbsolutePath, BranchName, CommitId, RefName, TreeId } from '../../model/ids.ts';
import type { HeldBack } from '../../model/outcome.ts';
import { failpoint } from '../../system/failpoint.ts';
import { exists, replaceFile } from '../../system/files.ts';
import { skippedPaths } from '../beside/skipped-paths.ts';
import type { UntrackedSnapshot } from '../beside/untracked-snapshot.ts';
import { plantedNote } from '../guard/differences.ts';
import { guardGit } from '../guard/git-guard.ts';
import { commitTree } from '../merging/merge-tree.ts';
import { changedPaths } from '../objects/changes.ts';
import { isAncestor } from '../objects/is-ancestor.ts';
import { type Head, readHead, readRef } from '../refs/head.ts';
import { type RefUpdate, updateRefs } from '../refs/refs.ts';
import { plantedPrograms } from '../spawn/config-changes.ts';
import { copyIndex } from '../spawn/copy-index.ts';
import { localFilters } from '../spawn/filter-drivers.ts';
import { distrustedGit, type Git } from '../spawn/git-in.ts';
import { installIndex } from '../spawn/install-index.ts';
import { recordGit } from '../spawn/record-git.ts';
import type { Repository } from '../spawn/repository.ts';
import { shadowFilters, shadowPaths } from '../spawn/shadow-directory.ts';
import { gitEnvironment } from '../spawn/spawn-git.ts';
import { openOperation } from '../worktree/open-operation.ts';
import { hasPointer, isHollow, pointerProblem, repairPointers } from '../worktree/worktree-pointers.ts';
import { missingIdentity } from './author-identity.ts';
import { commitMessage, type Trailer } from './commit-message.ts';
import { matchesPattern } from './path-pattern.ts';
import { gatherSecrets } from './secret-content.ts';
import { looksSecret } from './secret-names.ts';
import { goneMeanwhile, requireSettled } from './settled-deletions.ts';
import { SIZE_LIMITS, type SizeLimits } from './size-limits.ts';
import { type Staged, stageChanges } from './stage-changes.ts';

export interface CommitOptions {
  readonly repository: Repository;
  readonly worktree: AbsolutePath;
  /** From our record, never from the worktree's `.git`. */
  readonly gitDir: AbsolutePath;
  readonly branch: BranchName;
  readonly start: CommitId;
  readonly untrackedBefore: UntrackedSnapshot;
  /** By copied entry: the worktree that it was copied from; default: the main one. */
  readonly copiedFrom?: Readonly<Record<string, AbsolutePath>>;
  readonly message: string;
  readonly trailers: readonly Trailer[];
  /** Patterns of files that are committed although they are ignored or look like secrets. */
  readonly allow: readonly string[];
  /** Default: {@link SIZE_LIMITS}. */
  readonly limits?: Partial<SizeLimits>;
  /** Values passed to the agent that must not get into a commit. */
  readonly secretValues: readonly string[];
  /** The ref for work that cannot be on the branch, e.g. `refs/copse/v1/parked/ui/dark`. */
  readonly parkRef: RefName;
}

/**
 * - `clean`: nothing differs from the start
 * - `committed`: the work is at `commit`, by copse or by the agent itself, on the branch or `parked`
 * - `operation-open`: a merge or rebase is open and left alone; the files are in `commit`, parked beside it
 * - `missing`: the worktree is gone, or something else is in its place; `commit` is its branch's
 */
export interface CommitOutcome {
  readonly kind: 'clean' | 'committed' | 'operation-open' | 'missing';
  readonly commit: CommitId;
  readonly tree: TreeId;
  /** The ref that holds the work instead of the branch; null: it is on the branch. */
  readonly parked: RefName | null;
  readonly heldBack: readonly HeldBack[];
  readonly notes: readonly string[];
}

const ROUNDS = 3;
/** Deleting a large worktree takes a while; a pause of more than ten seconds between two files is not waited for. */
const MOST_LOOKS = 100;
const LOOK_AGAIN_MS = 100;

export async function commitWorktree(o: CommitOptions): Promise<CommitOutcome> {
  const problem = await pointerProblem(o);
  if (problem !== null) return missing(o, problem);
  const { repository, worktree, gitDir } = o;
  const pointed = await hasPointer(worktree);
  const own = distrustedGit({ gitDir, workTree: worktree, commonDir: repository.commonDir, filters: 'none' });
  if (await isHollow(own, worktree)) return missing(o, `The worktree ${worktree} was deleted; its present contents are newer.`);
  const notes = await repairPointers(o);
  for (const key of await plantedPrograms(o.repository.commonDir, o.gitDir)) {
    notes.push(
      `The repository's git configuration changed during the run: ${key} names a program. Look: git config --get ${key}`,
    );
  }
  notes.push(...(await guardGit(o.repository)).filter(({ kind }) => kind !== 'setting').map(plantedNote));
  const shadow = shadowPaths(o.repository.commonDir, o.gitDir);
  const index = join(shadow.dir, `index.${randomBytes(4).toString('hex')}`);
  const place = { gitDir: o.gitDir, workTree: o.worktree, commonDir: o.repository.commonDir, index };
  const git = distrustedGit(place);
  try {
    for (let round = 1; ; round += 1) {
      try {
        return await commitOnce(o, { git, index, lastIndex: shadow.index, notesBefore: notes, pointed });
      } catch (error) {
        const gone = error instanceof CopseError ? await goneMeanwhile(o, error) : null;
        if (gone !== null) return missing(o, gone);
        if (!(error instanceof CopseError)) throw error;
        // Something moved the branch between our look and our move: look again.
        if (error.code === 'ref-moved' && round < ROUNDS) continue;
        if (error.code !== 'worktree-changing' || round === MOST_LOOKS) throw error;
        await sleep(LOOK_AGAIN_MS);
      }
    }
  } finally {
    await rm(index, { force: true });
    await rm(`${index}.lock`, { force: true });
  }
}

async function commitOnce(
  o: CommitOptions,
  {
    git,
    index,
    lastIndex,
    notesBefore,
    pointed,
  }: {
    readonly git: Git;
    readonly index: string;
    readonly lastIndex: string;
    readonly notesBefore: readonly string[];
    readonly pointed: boolean;
  },
): Promise<CommitOutcome> {
  const head = await readHead(o.repository.commonDir, o.gitDir);
  const tip = await readRef(o.repository.commonDir, `refs/heads/${o.branch}`);
  const operation = await openOperation(o.gitDir);
  // A HEAD that leads nowhere (unborn, broken, a blob's id) is no place to start from.
  const from = (await commitOf(git, head.commit)) ??
    (await commitOf(git, tip)) ?? { commit: o.start, tree: await treeOf(git, o.start) };

  const { staged, tree } = await stage(o, git, index, lastIndex, from.commit);
  await requireSettled(o, index, staged, pointed);
  const notes = [...notesBefore, ...staged.notes, ...(await committedSecrets(o, git, from.commit))];
  const done = (kind: CommitOutcome['kind'], commit: CommitId, parked: RefName | null): CommitOutcome => ({
    kind,
    commit,
    tree,
    parked,
    heldBack: staged.heldBack,
    notes,
  });
  const commit = tree === from.tree ? from.commit : await makeCommit(o, git, tree, from.commit);
  failpoint('commit-made');

  const descends = await isAncestor(git, o.start, from.commit);
  if (operation !== null || !descends) {
    await moveRefs(o, head, [await parked(o, o.parkRef, commit)]);
    notes.push(
      operation === null
        ? `HEAD does not descend from where this variant started; the work is kept at ${o.parkRef}.`
        : `A ${operation} was left open; a snapshot of the files is kept at ${o.parkRef}.`,
    );
    return done(operation === null ? 'committed' : 'operation-open', commit, o.parkRef);
  }

  await moveRefs(o, head, await branchMoves(o, git, tip, commit, notes));
  failpoint('branch-moved');
  await followInWorktree(o, head, index, lastIndex, notes);
  return done(commit === o.start ? 'clean' : 'committed', commit, null);
}

async function stage(
  o: CommitOptions,
  git: Git,
  index: string,
  lastIndex: string,
  commit: CommitId,
): Promise<{ staged: Staged; tree: TreeId }> {
  const { commonDir, root } = o.repository;
  const looking = distrustedGit({ gitDir: o.gitDir, workTree: o.worktree, commonDir, index, filters: 'none' });
  // Facts of the last index about unchanged files (time, size) save reading them; read-tree keeps it where the content is equal.
  if (await exists(lastIndex)) await copyIndex(lastIndex, index);
  await looking.run(['read-tree', '--reset', commit]);
  // Commits since are new to that index: without a look at the files all of theirs would count as changed.
  if (commit !== o.start) await looking.run(['update-index', '-q', '--refresh'], { ok: [0, 1] });
  const shadow = shadowPaths(commonDir, o.gitDir);
  const filters = await shadowFilters(shadow, gitEnvironment({ GIT_DIR: shadow.dir }));
  const staged = await stageChanges({
    git,
    looking,
    own: distrustedGit({ gitDir: o.gitDir, workTree: o.worktree, commonDir, filters: 'none' }),
    commit,
    drivers: filters.map(({ driver }) => driver),
    forbidden: localFilters(filters, o.worktree),
    sparse: () => skippedPaths(distrustedGit({ gitDir: o.gitDir, workTree: o.worktree, commonDir })),
    worktree: o.worktree,
    before: o.untrackedBefore,
    secrets: await gatherSecrets(copiedPaths(root, o), o.secretValues),
    allow: o.allow,
    limits: { ...SIZE_LIMITS, ...o.limits },
  });
  // --missing-ok: in a partial clone the content of sparse files is elsewhere.
  // Without filters: git looks into files again while it writes an index, and one whose filter fails must not keep the others back.
  const { text: tree } = await looking.run(['write-tree', '--missing-ok']);
  return { staged, tree };
}

/** Nothing is held back any more of what the agent committed itself: at least it is said. */
async function committedSecrets(o: CommitOptions, git: Git, commit: CommitId): Promise<string[]> {
  if (commit === o.start) return [];
  const added = (await changedPaths(git, o.start, commit)).filter(({ status, path }) => status !== 'D' && looksSecret(path));
  const unasked = added.filter(({ path }) => !o.allow.some((pattern) => matchesPattern(path, pattern)));
  return unasked.map(({ path }) => `${path} looks like a secret and is in a commit that the agent made itself.`);
}

async function makeCommit(o: CommitOptions, git: Git, tree: TreeId, parent: CommitId): Promise<CommitId> {
  const message = commitMessage(o.message, o.trailers);
  return commitTree(git, { tree, parents: [parent], message, identity: await missingIdentity(git) });
}

async function branchMoves(
  o: CommitOptions,
  git: Git,
  tip: CommitId | null,
  commit: CommitId,
  notes: string[],
): Promise<RefUpdate[]> {
  if (tip === commit) return [];
  const moves: RefUpdate[] = [{ ref: `refs/heads/${o.branch}`, to: commit, from: tip }];
  if (tip !== null && (await commitOf(git, tip)) !== null && !(await isAncestor(git, tip, commit))) {
    // The agent worked on from elsewhere and left commits behind on its branch: they must not be lost with the move.
    const kept = `${o.parkRef}-branch`;
    moves.push(await parked(o, kept, tip));
    notes.push(`HEAD was not on ${o.branch}; its earlier commits are kept at ${kept}.`);
  }
  return moves;
}

async function parked(o: CommitOptions, ref: RefName, to: CommitId): Promise<RefUpdate> {
  return { ref, to, from: await readRef(o.repository.commonDir, ref) };
}

async function moveRefs(o: CommitOptions, head: Head, moves: readonly RefUpdate[]): Promise<void> {
  const { commonDir } = o.repository;
  // An update through the worktree would also be in HEAD's reflog; but git refuses that if an agent broke HEAD.
  const gitDir = head.branch === o.branch ? o.gitDir : commonDir;
  const needed = moves.filter((move) => move.to !== move.from);
  await updateRefs(recordGit(commonDir, gitDir), needed, 'copse: commit');
}

/** HEAD on the branch, the worktree's own index as the files are: `git status` there is clean but for what was held back. */
async function followInWorktree(o: CommitOptions, head: Head, index: string, lastIndex: string, notes: string[]): Promise<void> {
  if (head.branch !== o.branch) await replaceFile(join(o.gitDir, 'HEAD'), `ref: refs/heads/${o.branch}\n`);
  if (!(await installIndex(index, o.gitDir))) {
    notes.push(`${join(o.gitDir, 'index.lock')} is held, so git status there still shows the work as uncommitted.`);
  }
  await rename(index, lastIndex);
}

async function missing(o: CommitOptions, problem: string): Promise<CommitOutcome> {
  const git = distrustedGit({ gitDir: o.gitDir, workTree: '/', commonDir: o.repository.commonDir });
  const commit = (await readRef(o.repository.commonDir, `refs/heads/${o.branch}`)) ?? o.start;
  return { kind: 'missing', commit, tree: await treeOf(git, commit), parked: null, heldBack: [], notes: [problem] };
}

async function commitOf(git: Git, id: CommitId | null): Promise<{ commit: CommitId; tree: TreeId } | null> {
  if (id === null) return null;
  const { text, exitCode } = await git.run(['rev-parse', '--quiet', '--verify', `${id}^{commit}`], { ok: [0, 1, 128] });
  return exitCode === 0 ? { commit: text, tree: await treeOf(git, text) } : null;
}

async function treeOf(git: Git, commit: CommitId): Promise<TreeId> {
  return (await git.run(['rev-parse', '--verify', `${commit}^{tree}`])).text;
}

/** Where copied things came from: as they are there, not as an agent left them. */
function copiedPaths(root: AbsolutePath, { untrackedBefore, copiedFrom = {} }: CommitOptions): AbsolutePath[] {
  return untrackedBefore.copied.map((entry) => join(copiedFrom[entry] ?? root, entry));
}
