import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readHead } from '../../git/refs/head.ts';
import { readRegular } from '../../git/spawn/read-regular.ts';
import type { Repository } from '../../git/spawn/repository.ts';
import { worktreeLock } from '../../git/worktree/worktrees.ts';
import type { AbsolutePath, BranchName } from '../../model/ids.ts';
import { storeAt } from '../../store/layout.ts';
import { shellWord } from '../../text/shell-word.ts';
import { scratchGitDirs } from '../../worktree/scratch/scratch-record.ts';
import { isNamedOther, type PruneScope } from '../prune-scope.ts';
import { type Branches, targetRefs } from './branch-tips.ts';
import type { Candidate } from './candidate.ts';
import { claimedBranches, type Registered } from './registered.ts';

/** The trash beside the worktrees, and where earlier versions had scratch worktrees. */
const OWN_FOLDERS = /\/\.copse-(scratch|trash)(\/|$)/;

/**
 * Worktrees and local branches that copse did not create. Never among them: the main worktree, the branch checked out
 * there, targets of merges, branches of copse's own variants.
 */
export async function otherCandidates(o: {
  readonly repository: Repository;
  readonly scope: PruneScope;
  readonly registered: readonly Registered[];
  readonly branches: Branches;
  /** Gone through as variants already. */
  readonly ours: { readonly gitDirs: ReadonlySet<AbsolutePath>; readonly branches: ReadonlySet<BranchName> };
  /** Branches that are targets of merges. */
  readonly targets: ReadonlySet<BranchName>;
  readonly target: BranchName | null;
  readonly disposable: readonly string[];
}): Promise<Candidate[]> {
  const main = await readHead(o.repository.commonDir, o.repository.commonDir);
  const mainClaims = claimedBranches(o.repository.commonDir);
  const scratch = await scratchGitDirs(storeAt(o.repository.commonDir));
  const theirs = o.registered.filter(
    ({ gitDir, path }) => !o.ours.gitDirs.has(gitDir) && !scratch.has(gitDir) && !OWN_FOLDERS.test(path),
  );
  const reserved = new Set<BranchName>([...o.targets, ...o.ours.branches, ...mainClaims]);
  if (main.branch !== null) reserved.add(main.branch);
  const checkedOut = new Set(
    o.registered.flatMap(({ head, claims }) => [...(head.branch === null ? [] : [head.branch]), ...claims]),
  );
  // If the user names something, nothing else is meant.
  const named = o.scope.named.length + o.scope.namedOthers.length > 0;
  const targets = targetRefs(o.branches, o.target);

  const worktrees = await Promise.all(theirs.map((entry) => worktreeCandidate(entry)));
  const loose = [...o.branches.local.values()].filter(({ name }) => !reserved.has(name) && !checkedOut.has(name));
  const branches = await Promise.all(
    loose.map(async (tip): Promise<Candidate> => {
      const at = Math.max(tip.at, await lastMove(o.repository.commonDir, tip.name));
      return { ...common(tip.name, null), branch: { name: tip.name, commit: tip.commit }, at };
    }),
  );
  return [...worktrees, ...branches].filter(({ chosen }) => chosen || !named);

  async function worktreeCandidate(entry: Registered): Promise<Candidate> {
    const { path, gitDir, there, head } = entry;
    const tip = head.branch === null ? undefined : o.branches.local.get(head.branch);
    const shared = head.branch !== null && o.registered.filter((other) => other.head.branch === head.branch).length > 1;
    const mayGo = tip !== undefined && !reserved.has(tip.name) && !shared;
    const isLocked = (await worktreeLock(gitDir)) !== null;
    return {
      ...common(head.branch, path),
      name: head.branch ?? path,
      worktree: { path, gitDir, nonce: null, there, head },
      branch: mayGo ? { name: tip.name, commit: tip.commit } : null,
      blocked:
        head.branch !== null && o.targets.has(head.branch)
          ? `${head.branch} is a target branch`
          : lasting(head.branch, path, isLocked),
      at: Math.max(tip?.at ?? 0, await touchedAt(gitDir)),
    };
  }

  /** Why a branch that is merged again and again is kept unless it is named; null: it may be removed. */
  function lasting(branch: BranchName | null, path: AbsolutePath | null, isLocked = false): string | null {
    if (branch === null || !isLasting(branch, o.branches) || isNamedOther(o.scope, { branch, path })) return null;
    // Named it would be refused for its lock.
    if (isLocked && path !== null)
      return `Its name suggests a long-lived branch, and it is locked. To unlock it: git worktree unlock ${shellWord(path)}`;
    return `Its name suggests a long-lived branch. To remove it anyway: copse prune --others ${shellWord(branch)}`;
  }

  function common(branch: BranchName | null, path: AbsolutePath | null): Candidate {
    return {
      name: branch ?? path ?? '',
      variant: null,
      rest: { kind: 'at-rest', outcome: null },
      worktree: null,
      branch: null,
      start: null,
      targets,
      disposable: o.disposable,
      blocked: lasting(branch, path),
      neededBy: [],
      at: null,
      chosen: isNamedOther(o.scope, { branch, path }),
    };
  }
}

/** The time of the last work in a worktree: git writes these with each commit, checkout and add. ms since 1970. */
async function touchedAt(gitDir: AbsolutePath): Promise<number> {
  return Math.max(0, ...(await Promise.all(['index', 'HEAD', 'logs/HEAD'].map((name) => mtimeOf(join(gitDir, name))))));
}

function lastMove(commonDir: AbsolutePath, branch: BranchName): Promise<number> {
  return mtimeOf(join(commonDir, 'logs/refs/heads', branch));
}

async function mtimeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch {
    // Not there: nothing is known by it.
    return 0;
  }
}

/**
 * Whether a branch ever had commits made on it here, by its reflog: one at the target's commit may be merged by
 * fast-forward, or only just begun.
 */
export async function hadCommits(commonDir: AbsolutePath, branch: BranchName): Promise<boolean> {
  const log = await readRegular(join(commonDir, 'logs/refs/heads', branch), { large: true });
  return (log ?? '').split('\n').some((line) => /\t(commit|merge|rebase|cherry-pick|pull)\b/.test(line));
}

/** Each is merged into the target again and again, and continues: git flow's, deployment branches, release branches. */
const LASTING =
  /^(main|master|trunk|develop|development|dev|next|stable|staging|stage|production|prod|gh-pages|releases?[/-].+|support\/.+)$/i;

/** Whether a branch is kept although it has landed, by its name or as a remote's default. */
function isLasting(branch: BranchName, { remoteHeads }: Pick<Branches, 'remoteHeads'>): boolean {
  return LASTING.test(branch) || remoteHeads.some((ref) => ref.split('/').slice(3).join('/') === branch);
}
