import { protectedCommit } from '../git/commit/protected-commit.ts';
import type { CommitId, RunId, TreeId, VariantName } from '../model/ids.ts';
import type { Isolation } from '../model/outcome.ts';
import type { PlannedEnvironment, PlannedMetric } from '../model/plan.ts';
import type { VariantPhaseKind } from '../model/run-state/state.ts';
import { loadState } from '../store/events/run-snapshot.ts';
import { runPaths, type Store } from '../store/layout.ts';
import { listRunIds } from '../store/run-folders.ts';
import { supervisorAlive } from '../store/supervisor-record.ts';
import { copiedDigest } from '../worktree/copy/copied-digest.ts';
import { type Scratch, withScratch } from '../worktree/scratch/scratch.ts';
import { type CacheKey, CheckCache } from './cache.ts';
import { treeOf } from './check-base.ts';
import { type CheckedRun, worktreeRoot } from './checked-run.ts';
import { BASE_NAME, checkEnvironment, passedSecrets } from './command-environment.ts';
import { type MetricResult, readMetric, runMetric } from './run-metric.ts';

export interface MetricsOptions extends CheckedRun {
  /** null: the base. */
  readonly variant: VariantName | null;
  readonly env: PlannedEnvironment;
  readonly isolation: Isolation;
  readonly commit: CommitId;
  /** Its tree, if known. */
  readonly tree?: TreeId;
  readonly fresh: boolean;
  /** Only what is known: nothing is run. */
  readonly knownOnly?: boolean;
  readonly onStart?: (name: string) => void;
}

/**
 * The plan's metrics on one commit, one after the other, in a scratch worktree; known values are not measured again. The caller makes sure
 * that it runs nothing else meanwhile. While an agent works in this repository nothing is measured: the number would depend on
 * that too.
 */
export async function runMetrics(o: MetricsOptions): Promise<readonly MetricResult[]> {
  const { plan, repository } = o;
  if (plan.metrics.length === 0) return [];
  const patterns = o.variant === null ? [] : plan.protect;
  const guarded = await protectedCommit(repository.commonDir, { base: plan.base.commit, tip: o.commit, patterns });
  const tree = guarded?.tree ?? o.tree ?? (await treeOf(repository.commonDir, o.commit));
  const cache = new CheckCache(o.store);
  const copied = o.copied ?? (await copiedDigest(repository, plan.copy));
  const keyOf = (metric: PlannedMetric): CacheKey => ({
    kind: 'metric',
    tree,
    command: metric.run,
    setup: plan.setup,
    copied,
    env: o.env,
    isolation: o.isolation,
    timeoutMs: plan.commandTimeoutMs,
    more: [metric.path, metric.repeat],
  });
  const results = new Map<string, MetricResult>();
  const note = (result: MetricResult): void => void results.set(result.name, result);
  for (const metric of plan.metrics) {
    const known = o.fresh ? null : readMetric(await cache.read(keyOf(metric)), metric.name);
    if (known !== null) note(known);
  }
  const missing = plan.metrics.filter(({ name }) => !results.has(name));
  const busy = missing.length === 0 || o.knownOnly === true ? null : await busyRun(o.store);
  let why = busy === null ? '' : notAlone(busy);
  if (missing.length > 0 && why === '' && o.knownOnly !== true) {
    const name = o.variant ?? BASE_NAME;
    const environmentAt = ({ path, port }: Pick<Scratch, 'path' | 'port'>) =>
      checkEnvironment({ run: plan.run, name, env: o.env, environment: o.environment, port, worktree: path });
    const used = await withScratch<void>(
      {
        repository,
        store: o.store,
        run: plan.run,
        root: worktreeRoot(plan),
        pool: o.variant === null ? 'base' : 'variants',
        commit: guarded?.commit ?? o.commit,
        copy: plan.copy,
        setup: plan.setup,
        env: environmentAt,
        timeoutMs: plan.commandTimeoutMs,
        portRegistry: o.portRegistry,
        signal: o.signal,
      },
      async (scratch) => {
        for (const metric of missing) {
          o.onStart?.(metric.name);
          const log = cache.log(keyOf(metric));
          const result = await runMetric({
            metric,
            worktree: scratch.path,
            env: environmentAt(scratch),
            isolation: o.isolation,
            commonDir: repository.commonDir,
            person: o.environment,
            timeoutMs: plan.commandTimeoutMs,
            marker: scratch.marker,
            secretValues: passedSecrets(o.env, o.environment),
            signal: o.signal,
            log,
          });
          const meanwhile = await busyRun(o.store);
          if (meanwhile !== null) {
            why = notAlone(meanwhile);
            return;
          }
          await cache.write(keyOf(metric), result, log);
          note(result);
        }
      },
    ).catch((error: unknown) => {
      // Values measured before the stop are valid.
      if (!o.signal.aborted) throw error;
      return { kind: 'setup-failed', reason: STOPPED } as const;
    });
    if (used.kind === 'setup-failed') why = used.reason;
  }
  const unmeasured = why === '' ? 'Not measured.' : why;
  return plan.metrics.map(({ name }) => results.get(name) ?? { name, value: null, spread: 0, failure: unmeasured });
}

/** Of what a stop kept from being measured. */
const STOPPED = 'Stopped.';

function notAlone(run: RunId): string {
  return `Not measured: agents of run ${run} are at work. Compare again when they are done.`;
}

const AT_WORK: ReadonlySet<VariantPhaseKind> = new Set(['preparing', 'running', 'committing', 'verifying']);

/** A run whose agents or checks are at work right now; null: none. */
async function busyRun(store: Store): Promise<RunId | null> {
  for (const id of await listRunIds(store)) {
    const paths = runPaths(store, id);
    if (!(await supervisorAlive(paths))) continue;
    const { variants } = await loadState(paths);
    if (variants.some(({ phase }) => AT_WORK.has(phase.kind))) return id;
  }
  return null;
}
