import { rm } from 'node:fs/promises';
import { allBeside, type Beside, type BesideOptions, besideCommit } from '../git/beside/beside-commit.ts';
import { readUntracked, untrackedFile, untrackedSnapshot } from '../git/beside/untracked-snapshot.ts';
import { workMessage } from '../git/commit/commit-message.ts';
import { commitWorktree } from '../git/commit/commit-worktree.ts';
import { limitsOf } from '../git/commit/size-limits.ts';
import { changesBetween } from '../git/objects/changes.ts';
import { knownCommits } from '../git/objects/known-objects.ts';
import { type OwnBase, ownBases, ownQuestion, tipsOfTarget } from '../git/objects/own-base.ts';
import { listRefs } from '../git/refs/refs.ts';
import { gitIn } from '../git/spawn/git-in.ts';
import type { AttemptVerdict } from '../model/attempt.ts';
import { CopseError } from '../model/errors.ts';
import { moreBeside } from '../model/evidence/beside-words.ts';
import { EXIT } from '../model/exit-code.ts';
import type { AbsolutePath, CommitId, RefName, TreeId } from '../model/ids.ts';
import { type Changes, type HeldBack, NO_CHANGES } from '../model/outcome.ts';
import type { PlannedVariant } from '../model/plan.ts';
import { exists, replaceFile } from '../system/files.ts';
import type { WorktreeHandle } from '../worktree/create-worktree.ts';
import { isScarce } from './attempt/disk-watch.ts';
import { secretValues } from './command-variables.ts';
import type { RunContext } from './run-context.ts';

/** Of work whose folder went away while its agent worked there. */
export const WORKTREE_GONE = 'Its worktree is gone.';

export interface CommittedWork {
  /** Null: nothing new to commit. */
  readonly commit: { readonly commit: CommitId; readonly tree: TreeId; readonly parked: RefName | null } | null;
  /** The commit that checks and evidence are about. */
  readonly tree: TreeId;
  readonly heldBack: readonly HeldBack[];
  /** Files beside the commit right after it; null: there is no commit to compare with, or git failed. */
  readonly beside: Beside | null;
  readonly notes: readonly string[];
  /** Why the work could not be committed as it should; null: all is well. */
  readonly failure: { readonly outcome: 'failed' | 'lost'; readonly reason: string } | null;
}

/** Records the untracked files before an attempt: they are from set-up or copy, and not the agent's unless they change. */
export async function rememberUntracked(context: RunContext, variant: PlannedVariant, worktree: WorktreeHandle): Promise<void> {
  const file = untrackedFile(context.paths.variantDir(variant.name));
  // Only before the first attempt: what an earlier attempt left uncommitted is the agent's work.
  if (await exists(file)) return;
  const { repository, plan } = context;
  const { path, gitDir } = worktree;
  const snapshot = await untrackedSnapshot({ repository, worktree: path, gitDir, copied: plan.copy.entries });
  await replaceFile(file, JSON.stringify(snapshot));
}

/** The untracked files of a new worktree are recorded again. */
export async function forgetUntracked(context: RunContext, variant: PlannedVariant): Promise<void> {
  await rm(untrackedFile(context.paths.variantDir(variant.name)), { force: true });
}

/** Commits the worktree's contents on the variant's branch. Does nothing if that is already done. */
export async function commitWork(
  context: RunContext,
  variant: PlannedVariant,
  worktree: WorktreeHandle,
  verdict: Pick<AttemptVerdict, 'outcome' | 'summary' | 'sessionId'>,
): Promise<CommittedWork> {
  const { plan, repository, log } = context;
  const state = log.variant(variant.name);
  const attempt = state.attempts.at(-1);
  // The last words of an attempt that did not succeed are an error, or what it was about to do.
  const summary = verdict.outcome === 'succeeded' ? verdict.summary : '';
  const before = await readUntracked(context.paths.variantDir(variant.name));
  const sessionId = verdict.sessionId ?? attempt?.sessionId ?? null;
  try {
    const outcome = await commitWorktree({
      repository,
      worktree: worktree.path,
      gitDir: worktree.gitDir,
      branch: variant.branch,
      start: worktree.start,
      untrackedBefore: before,
      ...(plan.copy.from === undefined ? {} : { copiedFrom: plan.copy.from }),
      message: workMessage({
        run: plan.run,
        variant: variant.name,
        summary,
        task: variant.prompt,
        template: plan.commit.message,
      }),
      trailers: [
        ['Copse-Run', plan.run],
        ['Copse-Variant', variant.name],
        ...(variant.runner.kind === 'claude' && sessionId !== null ? [['Claude-Session', sessionId] as const] : []),
      ],
      allow: plan.commit.allow,
      limits: limitsOf(plan),
      secretValues: secretValues(context, variant),
      parkRef: `refs/copse/v1/parked/${plan.run}/${variant.name}/${attempt?.attempt ?? 0}`,
    });
    const { tree, notes, commit, parked } = outcome;
    if (outcome.kind === 'missing') {
      return {
        commit: null,
        tree,
        heldBack: [],
        beside: null,
        notes,
        failure: { outcome: 'lost', reason: WORKTREE_GONE },
      };
    }
    const { path, gitDir } = worktree;
    const beside = await lookBeside({
      repository,
      worktree: path,
      gitDir,
      commit,
      before,
      disposable: plan.disposable,
      heldBack: outcome.heldBack,
    });
    if (parked === null) context.ownRefs.set(`refs/heads/${variant.branch}`, commit);
    // A retry that added nothing, or a settlement done twice: the commit is recorded already.
    const isNew = outcome.kind !== 'clean' && commit !== state.commit?.commit;
    const failure =
      outcome.kind === 'operation-open'
        ? ({ outcome: 'failed', reason: 'It left a merge or rebase unfinished; the worktree is as the agent left it.' } as const)
        : null;
    const heldBack = beside === null ? outcome.heldBack : allBeside(outcome.heldBack, beside);
    const more = beside === null || beside.more === 0 ? [] : [moreBeside(beside.more)];
    return { commit: isNew ? { commit, tree, parked } : null, tree, heldBack, beside, notes: [...notes, ...more], failure };
  } catch (error) {
    // Git refused (a lock that stays, a broken worktree): the files are still there, and the outcome says so.
    if (!(error instanceof CopseError)) throw error;
    // An outcome is final, a lack of space is not: unsettled, the work is committed by the supervisor that adopts the run.
    if (await isScarce(context.paths.dir)) throw noSpace(context.paths.dir, error);
    const tree = state.commit?.tree ?? '';
    return {
      commit: null,
      tree,
      heldBack: [],
      beside: null,
      notes: [],
      failure: { outcome: 'failed', reason: `Its work could not be committed: ${error.message}` },
    };
  }
}

/** null: git fails (on a named pipe). Then the commit is made anyway, and its checks do not use the worktree. */
async function lookBeside(o: BesideOptions): Promise<Beside | null> {
  try {
    return await besideCommit(o);
  } catch (error) {
    if (error instanceof CopseError) return null;
    throw error;
  }
}

function noSpace(folder: AbsolutePath, cause: CopseError): CopseError {
  return new CopseError({
    code: 'no-space',
    exit: EXIT.precondition,
    what: `No space is left on the disk of ${folder}, and work could not be committed.`,
    why: cause.message,
    hint: 'Free some space, then commit the work with: copse wait',
    cause,
  });
}

/** The variant's own changes as committed; all zero without a commit. */
export async function measureChanges(context: RunContext, variant: PlannedVariant, worktree: WorktreeHandle): Promise<Changes> {
  const tip = context.log.variant(variant.name).commit?.commit ?? worktree.start;
  if (tip === worktree.start) return NO_CHANGES;
  const { from, commits } = await ownBase(context, variant, worktree);
  const changes = await changesBetween(gitIn(context.repository.root, { reads: true }), from, tip);
  return { ...changes, commits: commits ?? changes.commits };
}

/** The commit that a variant's own work is measured from. */
export async function ownBaseOf(context: RunContext, variant: PlannedVariant, worktree: WorktreeHandle): Promise<CommitId> {
  return (await ownBase(context, variant, worktree)).from;
}

async function ownBase(
  { repository, plan, log }: RunContext,
  variant: PlannedVariant,
  { start }: WorktreeHandle,
): Promise<OwnBase> {
  const state = log.variant(variant.name);
  const tip = state.commit?.commit ?? start;
  const git = gitIn(repository.root, { reads: true });
  const { target } = plan;
  const needs = variant.needs.map((name) => log.variant(name).commit?.commit ?? null);
  const [known, refs] = await Promise.all([knownCommits(git, needs), listRefs(git)]);
  const others = [...known, ...tipsOfTarget(target, refs)];
  const [base] = await ownBases(git, repository.commonDir, [ownQuestion(state, { start, tip, others, target })]);
  return base ?? { from: start, commits: null };
}
