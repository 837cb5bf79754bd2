import { changedBy, NOTHING_CHANGED } from '../checks/changed/changed-by.ts';
import { checkVariant } from '../checks/check-variant.ts';
import { skipped } from '../checks/run-checks.ts';
import { fileChanges } from '../git/objects/file-changes.ts';
import { gitIn } from '../git/spawn/git-in.ts';
import { pointerProblem, repairPointers } from '../git/worktree/worktree-pointers.ts';
import { CopseError } from '../model/errors.ts';
import type { TreeId } from '../model/ids.ts';
import type { PlannedVariant } from '../model/plan.ts';
import { writeError } from '../store/write-error.ts';
import type { WorktreeHandle } from '../worktree/create-worktree.ts';
import { attemptMarker } from './attempt/marker.ts';
import { type CommittedWork, ownBaseOf } from './commit-work.ts';
import type { RunContext } from './run-context.ts';
import { isSetUp } from './set-up.ts';

/**
 * The checks on a variant's commit. They run in its own worktree only if there is nothing beside the commit that they could see,
 * and set-up would install the same again.
 * Returns notes, one sentence each.
 */
export async function checkWork(
  context: RunContext,
  variant: PlannedVariant,
  worktree: WorktreeHandle,
  work: CommittedWork,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const notes = await runChecksOf(context, variant, worktree, work, signal);
  // What the agent wrote ran there after its work was committed: the person's git must not be led elsewhere by it.
  const place = { worktree: worktree.path, gitDir: worktree.gitDir };
  const changed = (await pointerProblem(place)) === null ? await repairPointers(place) : [];
  return [...notes, ...changed.map((note) => `While its checks ran: ${note}`)];
}

async function runChecksOf(
  context: RunContext,
  variant: PlannedVariant,
  worktree: WorktreeHandle,
  { beside, tree }: CommittedWork,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { log, paths, plan, repository, store, environment, portRegistry } = context;
  const { name } = variant;
  try {
    const commit = log.variant(name).commit?.commit ?? worktree.start;
    const start = await ownBaseOf(context, variant, worktree);
    const [files = []] = await fileChanges(gitIn(repository.root, { reads: true }), [{ from: start, to: commit }]);
    const looked = [{ start, tip: commit, files }];
    const [changed = NOTHING_CHANGED] = await changedBy({ plan, commonDir: repository.commonDir }, looked);
    const own = { path: worktree.path, port: worktree.port, marker: attemptMarker(paths, name, 'checks') };
    // A dependency that is committed but not installed, or something installed that is gone: a scratch worktree is set up for the commit.
    const usable = beside !== null && !beside.anything && (await isSetUp(context, variant, worktree, commit));
    await checkVariant({
      plan,
      repository,
      store,
      environment,
      portRegistry,
      signal,
      variant,
      commit,
      protectedAt: start,
      own: usable ? own : null,
      fresh: true,
      base: (check) => context.baseChecks.resultOf(check, signal),
      against: 'all',
      former: 'claims',
      changed,
      logOf: (check, tree) => paths.checkLog(name, check, tree),
      onStart: (check) => log.record({ type: 'check.started', variant: name, name: check }),
      onEnd: (check, file, tree) => {
        const own = changed.files.get(check.name)?.slice(0, CHANGED_FILES) ?? [];
        const told = own.length === 0 ? check : { ...check, changedFiles: own };
        return log.record({ type: 'check.finished', variant: name, check: told, tree, log: file });
      },
    });
  } catch (error) {
    if (signal.aborted) return await noteNotRun(context, variant, tree);
    // git or the disk refuses a scratch worktree: the agent's work is kept, unchecked.
    const refused = writeError(error, store.root);
    if (!(refused instanceof CopseError)) throw error;
    return [`Its checks could not run. ${refused.message}`];
  }
  return signal.aborted ? noteNotRun(context, variant, tree) : [];
}

/** Of those that a check's verdict depends on, in the log. */
const CHANGED_FILES = 20;

/** After a stop each check is on record, so that nothing takes the work for checked. */
async function noteNotRun(
  { log, paths, plan }: RunContext,
  { name: variant }: PlannedVariant,
  tree: TreeId,
): Promise<readonly string[]> {
  const known = new Set(log.variant(variant).checks.map(({ name }) => name));
  for (const { name } of plan.verify) {
    if (known.has(name)) continue;
    const file = paths.checkLog(variant, name, tree);
    await log.record({ type: 'check.finished', variant, check: skipped(name).check, tree, log: file });
  }
  const open = log
    .variant(variant)
    .checks.filter(({ status }) => status === 'skipped')
    .map(({ name }) => name);
  return open.length === 0 ? [] : [`It was stopped before these checks were done: ${open.join(', ')}.`];
}
