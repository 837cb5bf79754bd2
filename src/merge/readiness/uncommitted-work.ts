import { passedSecrets } from '../../checks/command-environment.ts';
import { isUnchanged, readUntracked, statIfExists, type UntrackedSnapshot } from '../../git/beside/untracked-snapshot.ts';
import { workMessage } from '../../git/commit/commit-message.ts';
import { type CommitOutcome, commitWorktree } from '../../git/commit/commit-worktree.ts';
import { limitsOf } from '../../git/commit/size-limits.ts';
import { distrustedGit } from '../../git/spawn/git-in.ts';
import { pathBytes, pathText, split } from '../../git/worktree/working-changes.ts';
import { worktreeStatus } from '../../git/worktree/worktree-status.ts';
import type { CommitId } from '../../model/ids.ts';
import type { VariantState } from '../../model/run-state/state.ts';
import { withLock } from '../../store/lock.ts';
import type { WorktreeRecord } from '../../worktree/worktree-record.ts';
import { type MergeOptions, type ToMerge, variantOf } from '../merge-options.ts';

/**
 * Paths in a variant's worktree with work that is not on its branch. Not counted: files of set-up, files reported as held back,
 * and files that the checks of the run wrote after the commit.
 */
export async function uncommittedWork(
  o: Pick<MergeOptions, 'repository'>,
  one: ToMerge,
  worktree: WorktreeRecord,
): Promise<readonly string[]> {
  const variant = variantOf(one);
  const { commonDir } = o.repository;
  const git = distrustedGit({ gitDir: worktree.gitDir, workTree: worktree.path, commonDir });
  const { dirty, untracked } = await worktreeStatus(git);
  const before = await untrackedBefore(one);
  const written = await checksWrote(git, variant);
  const found: string[] = [];
  for (const { path, kind } of dirty) {
    const raw = Buffer.from(path).toString('latin1');
    if (kind === 'modified' && (await written(pathBytes(worktree.path, raw)))) continue;
    found.push(path);
  }
  if (untracked.length === 0) return found;
  const held = new Set(variant.heldBack.map(({ path }) => path));
  for (const raw of split((await git.run(['ls-files', '-z', '--others', '--exclude-standard'])).stdout)) {
    // A nested repository is never committed; the run has reported it.
    if (raw.endsWith('/') || held.has(pathText(raw)) || (await isUnchanged(before, worktree.path, raw))) continue;
    if (!(await written(pathBytes(worktree.path, raw)))) found.push(pathText(raw));
  }
  return found;
}

/**
 * Whether a file last changed while the run's checks ran: after the commit, which took everything, and before the variant was finished. By
 * the time of its inode, which no program can set.
 */
async function checksWrote(
  git: ReturnType<typeof distrustedGit>,
  variant: VariantState,
): Promise<(path: Buffer) => Promise<boolean>> {
  const { phase, commit, checks } = variant;
  if (phase.kind !== 'finished' || commit === null || commit.parked !== null || checks.length === 0) return async () => false;
  const { text } = await git.run(['show', '-s', '--format=%ct', commit.commit], { ok: [0, 128] });
  const committed = Number(text) * 1000;
  const finished = Date.parse(phase.at);
  if (text === '' || !Number.isFinite(committed)) return async () => false;
  return async (path) => {
    const stat = await statIfExists(path);
    return stat !== null && Number(stat.ctimeMs) >= committed && Number(stat.ctimeMs) <= finished;
  };
}

function untrackedBefore({ paths, name }: ToMerge): Promise<UntrackedSnapshot> {
  return readUntracked(paths.variantDir(name));
}

/** Commits the worktree's uncommitted files on the variant's branch, as the run itself would have. */
export async function commitUncommitted(
  o: Pick<MergeOptions, 'repository' | 'clock' | 'environment'>,
  one: ToMerge,
  worktree: WorktreeRecord,
  start: CommitId,
): Promise<CommitOutcome> {
  const { plan, paths, name } = one;
  const planned = plan.variants.find((variant) => variant.name === name);
  // No agent may be launched there meanwhile.
  return withLock(paths.lock, { purpose: 'copse merge', clock: o.clock }, async () =>
    commitWorktree({
      repository: o.repository,
      worktree: worktree.path,
      gitDir: worktree.gitDir,
      branch: variantOf(one).branch,
      start,
      untrackedBefore: await untrackedBefore(one),
      ...(plan.copy.from === undefined ? {} : { copiedFrom: plan.copy.from }),
      message: workMessage({ run: plan.run, variant: name, summary: `Uncommitted work of ${name}`, task: '', template: null }),
      trailers: [
        ['Copse-Run', plan.run],
        ['Copse-Variant', name],
      ],
      allow: plan.commit.allow,
      limits: limitsOf(plan),
      secretValues: planned === undefined ? [] : passedSecrets(planned.env, o.environment),
      parkRef: `refs/copse/v1/parked/${plan.run}/${name}/merge`,
    }),
  );
}
