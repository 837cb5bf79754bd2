import { rename, rm } from 'node:fs/promises';
import { resolveCommit, updateRefs } from '../git/refs/refs.ts';
import { distrustedGit, gitIn } from '../git/spawn/git-in.ts';
import { resetWorktree } from '../git/worktree/reset-worktree.ts';
import { isHollow } from '../git/worktree/worktree-pointers.ts';
import { lockWorktree, worktreeLock } from '../git/worktree/worktrees.ts';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { CommitId } from '../model/ids.ts';
import type { PlannedVariant } from '../model/plan.ts';
import type { VariantState } from '../model/run-state/state.ts';
import { createWorktree, type WorktreeHandle } from '../worktree/create-worktree.ts';
import { openWorktree } from '../worktree/open-worktree.ts';
import { unlockWorktree } from '../worktree/unlock-worktree.ts';
import { lockReason } from '../worktree/worktree-record.ts';
import { commitWork, forgetUntracked } from './commit-work.ts';
import type { RunContext } from './run-context.ts';
import { setUpFile } from './set-up.ts';

/**
 * Creates the variant's worktree; a retry finds it, or creates a missing one again. Throws `CopseError` if git or the disk fails: then
 * nothing of it is left.
 */
export async function prepareWorktree(
  context: RunContext,
  variant: PlannedVariant,
  start: CommitId,
  signal: AbortSignal,
): Promise<WorktreeHandle> {
  const { log, plan, repository, store } = context;
  const state = log.variant(variant.name);
  const existing = await reopenWhole(context, state);
  if (existing !== null && (await worktreeLock(existing.gitDir)) === null) {
    await lockWorktree(existing.gitDir, lockReason({ run: plan.run, variant: variant.name }));
  }
  if (existing === null) {
    // Of one that is gone: first, so that a crash on the way does not take the new one for set up.
    await rm(setUpFile(context, variant), { force: true });
    await forgetUntracked(context, variant);
  }
  const handle =
    existing ??
    (await createWorktree({
      repository,
      store,
      path: variant.worktree,
      branch: variant.branch,
      // Its branch is based on that one.
      start: state.created?.start ?? start,
      run: plan.run,
      variant: variant.name,
      ...(state.created === null ? {} : { gone: state.created.nonce }),
      copy: plan.copy,
      fillLater: plan.setup.length > 0,
      portRegistry: context.portRegistry,
      signal,
    }));
  if (existing === null) {
    const { path, branch, nonce, port, tip } = handle;
    const made = { type: 'worktree.created', variant: variant.name, path, branch, start: handle.start, nonce, port } as const;
    await log.record(tip === undefined ? made : { ...made, tip });
    context.ownRefs.set(`refs/heads/${variant.branch}`, tip ?? handle.start);
  }
  return handle;
}

/** The worktree as recorded, its identity proven; null if it was never created or is gone. */
export async function reopenWorktree(context: RunContext, variant: VariantState): Promise<WorktreeHandle | null> {
  if (variant.created === null) return null;
  const { repository } = context;
  return openWorktree({ repository, path: variant.worktree, nonce: variant.created.nonce });
}

/** {@link reopenWorktree}, but what something made in the place of a deleted one is put aside, so that it is made again. */
async function reopenWhole(context: RunContext, variant: VariantState): Promise<WorktreeHandle | null> {
  const existing = await reopenWorktree(context, variant);
  if (existing === null) return null;
  const { path, gitDir, nonce } = existing;
  const own = distrustedGit({ gitDir, workTree: path, commonDir: context.repository.commonDir, filters: 'none' });
  if (!(await isHollow(own, path))) return existing;
  const aside = `${path}.left-${nonce.slice(0, 8)}`;
  await rename(path, aside);
  await context.log.note(`The worktree of ${variant.name} had been deleted; the files created in its place are at ${aside}.`);
  return null;
}

/** While a run lives its worktrees are locked against `git worktree prune` and `remove`; when it ends they are the person's. */
export async function unlockWorktrees(context: RunContext): Promise<void> {
  for (const variant of context.log.state.variants) {
    const worktree = await reopenWorktree(context, variant);
    if (worktree !== null) await unlockWorktree(worktree.gitDir);
  }
}

/**
 * Takes a worktree back to its start for a `retry --fresh`. The branch's former tip stays under `refs/copse/v1/kept/…`, also if a
 * person has committed or edited there since; ignored files and files that are held back from commits stay where they are.
 * After a crash it finds the finished part done.
 */
export async function startFresh(context: RunContext, variant: PlannedVariant, worktree: WorktreeHandle): Promise<void> {
  const state = context.log.variant(variant.name);
  const { repository, plan, log } = context;
  const { path, branch, start, nonce, port } = worktree;
  const tip = await everythingCommitted(context, variant, worktree);
  if (tip !== start) {
    const git = gitIn(repository.root);
    const ref = `refs/copse/v1/kept/${plan.run}/${variant.name}/${state.attempts.length}`;
    if ((await resolveCommit(git, ref)) !== tip) await updateRefs(git, [{ ref, to: tip, from: null }]);
    await resetWorktree({ repository, worktree: path, gitDir: worktree.gitDir, branch: variant.branch, to: start });
    context.ownRefs.set(`refs/heads/${variant.branch}`, start);
    await log.note(`${variant.name} starts over; its earlier work is kept at ${ref}.`);
  }
  // Like a new one: commits of earlier attempts do not count for this one.
  if (state.commit !== null) {
    await log.record({ type: 'worktree.created', variant: variant.name, path, branch, start, nonce, port });
  }
}

/** The tip that holds everything in the worktree. Throws `CopseError` if that cannot be committed: a reset would lose it. */
async function everythingCommitted(context: RunContext, variant: PlannedVariant, worktree: WorktreeHandle): Promise<CommitId> {
  const { commit, failure } = await commitWork(context, variant, worktree, { outcome: 'stopped', summary: '', sessionId: null });
  if (commit !== null) return commit.commit;
  if (failure !== null) {
    throw new CopseError({
      code: 'not-kept',
      exit: EXIT.precondition,
      what: failure.reason,
      why: 'Starting over would lose it.',
      hint: `Look at it: cd "$(copse path ${variant.name})"`,
    });
  }
  const tip = await resolveCommit(gitIn(context.repository.root, { reads: true }), `refs/heads/${variant.branch}`);
  return tip ?? worktree.start;
}
