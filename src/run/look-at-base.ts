import { checkBase } from '../checks/check-base.ts';
import { worktreeRoot } from '../checks/checked-run.ts';
import { BASE_NAME, checkEnvironment, sharedEnvironment } from '../checks/command-environment.ts';
import { missingProgram } from '../checks/missing-program.ts';
import { isWatcher } from '../checks/watcher.ts';
import type { Repository } from '../git/spawn/repository.ts';
import type { AbsolutePath } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import type { BaseLook, LookedCheck } from '../model/reports/base-look.ts';
import type { Store } from '../store/layout.ts';
import type { Environment } from '../system/environment.ts';
import { withScratch } from '../worktree/scratch/scratch.ts';

export interface LookAtBaseOptions {
  /** Approved, and not started. */
  readonly plan: Plan;
  readonly repository: Repository;
  readonly store: Store;
  /** The person's environment, whole. */
  readonly environment: Environment;
  readonly portRegistry: AbsolutePath;
  readonly signal: AbortSignal;
  /** `check test`, `set-up`: the step that runs now. */
  readonly onProgress: (doing: string) => void;
}

/**
 * Set-up and the checks of a plan on its base, with the results that its run would get; known ones are not run again. Rejects with the signal's
 * reason when it aborts, with CopseErrors if git or the disk fails.
 */
export async function lookAtBase(o: LookAtBaseOptions): Promise<BaseLook> {
  const { plan } = o;
  if (plan.verify.length === 0) return { failure: await setUp(o), checks: [] };
  const started = new Set<string>();
  const checks: LookedCheck[] = [];
  const { failure } = await checkBase({
    ...o,
    unstarted: true,
    onStart: async (name) => {
      started.add(name);
      o.onProgress(`check ${name}`);
    },
    onEnd: async ({ check: result }, log) => {
      const planned = plan.verify.find(({ name }) => name === result.name);
      if (planned === undefined) return;
      const known = !started.has(result.name) && result.status !== 'could-not-run';
      checks.push({ planned, result, known, missing: missingProgram(planned, result), watches: isWatcher(result), log });
    },
  });
  o.signal.throwIfAborted();
  const ordered = plan.verify.flatMap(({ name }) => checks.find(({ planned }) => planned.name === name) ?? []);
  return { failure, checks: ordered };
}

/** Set-up alone. Why it failed; empty: it did not. */
async function setUp(o: LookAtBaseOptions): Promise<string> {
  const { plan } = o;
  if (plan.setup.length === 0) return '';
  o.onProgress('set-up');
  const used = await withScratch(
    {
      ...o,
      run: null,
      root: worktreeRoot(plan),
      pool: 'base',
      commit: plan.base.commit,
      copy: plan.copy,
      setup: plan.setup,
      env: ({ path, port }) =>
        checkEnvironment({
          run: plan.run,
          name: BASE_NAME,
          env: sharedEnvironment(plan),
          environment: o.environment,
          port,
          worktree: path,
        }),
      timeoutMs: plan.commandTimeoutMs,
    },
    async () => undefined,
  );
  return used.kind === 'used' ? '' : used.reason;
}
