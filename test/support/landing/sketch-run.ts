import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BranchName, RunId, VariantName } from '../../../src/model/ids.ts';
import type { Plan } from '../../../src/model/plan.ts';
import type { RunEventBody } from '../../../src/model/run-state/events.ts';
import type { Here } from '../../../src/repository/current-repository.ts';
import { EventWriter } from '../../../src/store/events/event-log.ts';
import { loadState, writeSnapshot } from '../../../src/store/events/run-snapshot.ts';
import { ensureStore, runPaths } from '../../../src/store/layout.ts';
import { reserveRun } from '../../../src/store/run-folders.ts';
import { systemClock } from '../../../src/system/system-clock.ts';
import { createWorktree } from '../../../src/worktree/create-worktree.ts';
import { unlockWorktree } from '../../../src/worktree/unlock-worktree.ts';
import { barePlan } from '../bare-plan.ts';
import { verdict } from '../verdict.ts';

export interface SketchedVariant {
  readonly run: RunId;
  readonly name: VariantName;
  readonly branch: BranchName;
  readonly path: string;
  readonly gitDir: string;
}

/**
 * A run that is over, as a supervisor leaves it: real worktrees, a plan and a log, in a tenth of the time that agents and a
 * supervisor would take. What the agents did is up to the caller.
 */
export async function sketchRun(
  { repository, store }: Here,
  o: { readonly name: string; readonly variants: readonly string[]; readonly target: string; readonly portRegistry: string },
): Promise<readonly SketchedVariant[]> {
  await ensureStore(store);
  const run = await reserveRun(store, o.name);
  const paths = runPaths(store, run);
  const start = repository.headCommit ?? '';
  const planned = o.variants.map((name) => ({
    name,
    branch: `${run}/${name}`,
    worktree: join(`${repository.root}.worktrees`, `${run}-${name}`),
  }));
  const base = { ref: o.target, commit: start };
  await writeFile(paths.plan, JSON.stringify(planOf({ run, base, target: o.target, repository, variants: planned })));
  const common = { isolation: 'guarded', concurrency: 3, totalBudgetUsd: 100 } as const;
  const events: RunEventBody[] = [
    {
      type: 'run.created',
      run,
      planHash: 'hash',
      base,
      target: o.target,
      ...common,
      variants: planned.map((variant) => ({ ...variant, needs: [], model: null, budgetUsd: 5 })),
    },
    { type: 'run.started', supervisor: NOBODY },
  ];
  const made: SketchedVariant[] = [];
  for (const { name, branch, worktree: path } of planned) {
    const handle = await createWorktree({
      repository,
      store,
      path,
      branch,
      start,
      run,
      variant: name,
      copy: { entries: [] },
      portRegistry: o.portRegistry,
    });
    await unlockWorktree(handle.gitDir);
    made.push({ run, name, branch, path, gitDir: handle.gitDir });
    events.push(...workedAndEnded(name, handle));
  }
  events.push({ type: 'run.finished', ending: 'completed', fatal: null, reason: '' });
  const log = await EventWriter.open(paths.events, { gen: 1, clock: systemClock });
  await Promise.all(events.map((event) => log.append(event)));
  await log.close();
  await writeSnapshot(paths, await loadState(paths));
  return made;
}

const NOBODY = { pid: 2 ** 30, startTime: '1', bootId: 'another' };

function workedAndEnded(
  variant: string,
  { path, branch, start, nonce, port }: Awaited<ReturnType<typeof createWorktree>>,
): RunEventBody[] {
  const ended = verdict();
  return [
    { type: 'variant.preparing', variant },
    { type: 'worktree.created', variant, path, branch, start, nonce, port },
    {
      type: 'attempt.started',
      variant,
      attempt: 1,
      kind: 'first',
      sessionId: '00000000-0000-4000-8000-000000000001',
      process: NOBODY,
      marker: 'marker',
      reservedUsd: 5,
      model: null,
      sessionCostUsd: 0,
    },
    { type: 'attempt.finished', variant, attempt: 1, verdict: ended, exitCode: 0, retryAt: null, survivors: [] },
    {
      type: 'variant.finished',
      variant,
      outcome: ended.outcome,
      reason: '',
      changes: { files: 1, insertions: 1, deletions: 0, commits: 1 },
      heldBack: [],
      notes: [],
    },
  ];
}

function planOf(
  o: Pick<Plan, 'run' | 'base' | 'target' | 'repository'> & {
    readonly variants: readonly Pick<Plan['variants'][number], 'name' | 'branch' | 'worktree'>[];
  },
): Plan {
  return barePlan({
    run: o.run,
    hash: 'hash',
    repository: { commonDir: o.repository.commonDir, root: o.repository.root },
    base: o.base,
    target: o.target,
    concurrency: 3,
    totalBudgetUsd: 100,
    variants: o.variants.map((variant) => ({
      ...variant,
      prompt: 'Work.',
      preamble: '',
      needs: [],
      expect: 'changes',
      runner: { kind: 'command', command: ['true'] },
      isolation: 'guarded',
      allowedTools: [],
      disallowedTools: [],
      mcp: null,
      env: { pass: [], set: {} },
      limits: { timeoutMs: 60_000, idleTimeoutMs: 60_000, budgetUsd: 5, maxTurns: null, retries: 0 },
    })),
  });
}
