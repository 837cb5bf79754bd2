import { sealOf } from '../../config/trust/seal.ts';
import { ownState, removeOwn } from '../../git/worktree/own-path.ts';
import type { RunId } from '../../model/ids.ts';
import { modelOf, type Plan } from '../../model/plan.ts';
import type { Here } from '../../repository/current-repository.ts';
import { EventWriter } from '../../store/events/event-log.ts';
import { sealPlan, writePlan } from '../../store/events/run-snapshot.ts';
import { ensureStore, type RunPaths, runPaths } from '../../store/layout.ts';
import { withLock } from '../../store/lock.ts';
import { reserveRun, unstartedRuns } from '../../store/run-folders.ts';
import { failpoint } from '../../system/failpoint.ts';
import { ensureSupervisor, type Launcher } from './ensure-supervisor.ts';

const LOCK_WAIT_MS = 30_000;

/**
 * Creates the run of a plan, then its supervisor. The run under the repository lock: two at once get two ids, and what a crash
 * leaves in between (a folder without `run.created`) is removed by the next.
 *
 * `wanted.run` is the id that planning found free. `makePlan` gives the plan for an id: the one that looked free may be taken by the time the lock is held.
 */
export async function startRun(
  here: Here,
  wanted: Pick<Plan, 'name' | 'run'>,
  makePlan: (run: RunId) => Promise<Plan>,
  launcher: Launcher,
): Promise<{ readonly run: RunId; readonly paths: RunPaths; readonly plan: Plan }> {
  const { store } = here;
  await ensureStore(store);
  const created = await withLock(
    store.lock,
    { purpose: 'start a run', waitMs: LOCK_WAIT_MS, clock: launcher.clock },
    async () => {
      for (const left of await unstartedRuns(store)) await removeOwn(await ownState(here.repository, runPaths(store, left).dir));
      const run = await reserveRun(store, seriesOf(wanted), beforeFirst(wanted.run));
      failpoint('run-reserved');
      const paths = runPaths(store, run);
      let plan: Plan;
      try {
        plan = await makePlan(run);
      } catch (error) {
        await removeOwn(await ownState(here.repository, paths.dir));
        throw error;
      }
      await writePlan(paths, plan);
      await sealPlan(paths, (record) => sealOf(record, launcher.environment));
      failpoint('plan-written');
      await recordCreation(paths, plan, launcher);
      failpoint('run-created');
      return { run, paths, plan };
    },
  );
  // It begins with worktrees, for which it needs the lock itself.
  await ensureSupervisor(store, created.paths, created.run, 'start', launcher);
  failpoint('supervisor-ready');
  return created;
}

async function recordCreation(paths: RunPaths, plan: Plan, { clock }: Launcher): Promise<void> {
  const writer = await EventWriter.open(paths.events, { gen: 0, clock });
  try {
    await writer.append({
      type: 'run.created',
      run: plan.run,
      planHash: plan.hash,
      base: plan.base,
      target: plan.target,
      isolation: plan.isolation,
      concurrency: plan.concurrency,
      totalBudgetUsd: plan.totalBudgetUsd,
      variants: plan.variants.map((variant) => ({
        name: variant.name,
        branch: variant.branch,
        worktree: variant.worktree,
        needs: variant.needs,
        model: modelOf(variant.runner),
        budgetUsd: variant.limits.budgetUsd,
      })),
    });
  } finally {
    await writer.close();
  }
}

/** Planning found ids before `first` taken (by branches, paths or trash as well); those are out of the question here too. */
function beforeFirst(first: RunId): (id: RunId) => boolean {
  let reached = false;
  return (id) => {
    reached ||= id === first;
    return !reached;
  };
}

/** What `-2`, `-3` … are put after: the file's name, or an id that a person chose and that is not of its series. */
function seriesOf({ name, run }: Pick<Plan, 'name' | 'run'>): string {
  return run === name || (run.startsWith(`${name}-`) && /^\d+$/.test(run.slice(name.length + 1))) ? name : run;
}
