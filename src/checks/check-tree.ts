import type { AbsolutePath, CommitId, TreeId } from '../model/ids.ts';
import type { Isolation } from '../model/outcome.ts';
import type { PlannedCheck, PlannedEnvironment } from '../model/plan.ts';
import { clearResultCaches } from '../worktree/caches/cache-folder.ts';
import { copiedDigest } from '../worktree/copy/copied-digest.ts';
import { withScratch } from '../worktree/scratch/scratch.ts';
import { type CacheKey, CheckCache, copyLog, NO_REPORT } from './cache.ts';
import { type CheckedRun, worktreeRoot } from './checked-run.ts';
import { checkEnvironment, passedSecrets } from './command-environment.ts';
import { readCheck } from './read-check.ts';
import { type Ran, runChecks, skipped } from './run-checks.ts';

/** A worktree at the commit that is set up, and has nothing beside the commit that a check could see. */
export interface CheckPlace {
  readonly path: AbsolutePath;
  readonly port: number | null;
  readonly marker: string;
}

export interface TreeChecksOptions extends CheckedRun {
  readonly checks: readonly PlannedCheck[];
  readonly commit: CommitId;
  readonly tree: TreeId;
  /** The value of `COPSE_VARIANT` for checks. */
  readonly name: string;
  /** Code that an agent wrote never runs in the worktree of the base's checks. */
  readonly pool: 'base' | 'variants';
  readonly env: PlannedEnvironment;
  readonly isolation: Isolation;
  /** null: a scratch worktree is used. */
  readonly own: CheckPlace | null;
  /** Runs everything, even if results are known; new results are stored anyway. */
  readonly fresh: boolean;
  /** Default: beside the cached result. */
  readonly logOf?: (name: string, tree: TreeId) => AbsolutePath;
  readonly onStart?: (name: string) => Promise<void>;
  /** Of each check, also of one that was known. */
  readonly onEnd?: (ran: Ran, log: AbsolutePath) => Promise<void>;
}

export interface TreeChecks {
  /** By name, in the order of `checks`; not yet held against the base. */
  readonly results: ReadonlyMap<string, Ran>;
  readonly logs: ReadonlyMap<string, AbsolutePath>;
  /** Why set-up failed, so that no check could run; empty: it did not. */
  readonly failure: string;
}

/**
 * Checks on the tree of one commit, one after the other; checks with a known result are not run again. Rejects with CopseErrors if git
 * or the disk fails. What a check does is a value, and so is a stop: checks that were not run are `skipped`.
 */
export async function checkTree(o: TreeChecksOptions): Promise<TreeChecks> {
  const { plan, repository, tree, env, isolation } = o;
  const cache = new CheckCache(o.store);
  const copied = o.copied ?? (await copiedDigest(repository, plan.copy));
  const keyOf = ({ run, repeat, report }: PlannedCheck): CacheKey => ({
    kind: 'check',
    tree,
    command: run,
    setup: plan.setup,
    copied,
    env,
    isolation,
    timeoutMs: plan.commandTimeoutMs,
    ...(repeat === 1 && report === null ? {} : { more: [repeat, report] }),
  });
  const found = new Map<string, Ran>();
  const logs = new Map(o.checks.map((check) => [check.name, o.logOf?.(check.name, tree) ?? cache.log(keyOf(check))]));
  const logOf = (name: string): AbsolutePath => logs.get(name) ?? '';
  const end = async (ran: Ran): Promise<void> => {
    found.set(ran.check.name, ran);
    await o.onEnd?.(ran, logOf(ran.check.name));
  };
  for (const check of o.checks) {
    const known = o.fresh ? null : readCheck(await cache.read(keyOf(check)), check.name);
    if (known === null) continue;
    if (o.logOf !== undefined) await copyLog(cache.log(keyOf(check)), logOf(check.name));
    await end({ check: known, ...(check.report === null ? NO_REPORT : await cache.readReport(keyOf(check))) });
  }
  const missing = o.checks.filter(({ name }) => !found.has(name));
  const environmentAt = ({ path, port }: Pick<CheckPlace, 'path' | 'port'>) =>
    checkEnvironment({ run: plan.run, name: o.name, env, environment: o.environment, port, worktree: path });
  const runIn = async (place: CheckPlace): Promise<void> => {
    await cache.prepare(missing.map(keyOf));
    await runChecks({
      checks: missing,
      worktree: place.path,
      env: environmentAt(place),
      isolation,
      commonDir: o.repository.commonDir,
      person: o.environment,
      timeoutMs: plan.commandTimeoutMs,
      marker: place.marker,
      secretValues: passedSecrets(env, o.environment),
      signal: o.signal,
      logOf,
      onStart: async (name) => o.onStart?.(name),
      onEnd: async (ran, log) => {
        const { check } = ran;
        const command = missing.find(({ name }) => name === check.name);
        // A check that could not run may run once a program is installed, which the key does not show.
        if (command !== undefined && check.status !== 'skipped' && check.status !== 'could-not-run')
          await cache.write(keyOf(command), check, log, ran);
        await end(ran);
      },
    });
  };
  let failure = '';
  try {
    if (missing.length > 0) failure = await inPlace(o, environmentAt, runIn);
  } catch (error) {
    if (!o.signal.aborted) throw error;
    for (const { name } of missing) if (!found.has(name)) await end(skipped(name));
  }
  if (failure !== '') {
    for (const { name } of missing) {
      const nothing = { exitCode: null, durationMs: 0, onBase: null };
      await end({ check: { name, status: 'could-not-run', detail: failure, ...nothing }, ...NO_REPORT });
    }
  }
  const results = new Map(o.checks.flatMap(({ name }) => [[name, found.get(name)] as const]).flatMap(isFound));
  return { results, logs, failure };
}

function isFound([name, ran]: readonly [string, Ran | undefined]): readonly (readonly [string, Ran])[] {
  return ran === undefined ? [] : [[name, ran]];
}

/** Why set-up failed; empty if the checks ran. */
async function inPlace(
  o: TreeChecksOptions,
  env: (at: Pick<CheckPlace, 'path' | 'port'>) => ReturnType<typeof checkEnvironment>,
  runIn: (place: CheckPlace) => Promise<void>,
): Promise<string> {
  if (o.own !== null) {
    await clearResultCaches(o.repository, o.own.path);
    await runIn(o.own);
    return '';
  }
  const used = await withScratch(
    {
      repository: o.repository,
      store: o.store,
      run: o.unstarted === true ? null : o.plan.run,
      root: worktreeRoot(o.plan),
      pool: o.pool,
      commit: o.commit,
      copy: o.plan.copy,
      setup: o.plan.setup,
      env,
      timeoutMs: o.plan.commandTimeoutMs,
      portRegistry: o.portRegistry,
      signal: o.signal,
    },
    runIn,
  );
  return used.kind === 'used' ? '' : used.reason;
}
