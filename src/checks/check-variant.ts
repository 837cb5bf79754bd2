import { protectedCommit } from '../git/protected-commit.ts';
import type { AbsolutePath, CommitId, TreeId } from '../model/ids.ts';
import type { CheckResult } from '../model/outcome.ts';
import type { PlannedVariant } from '../model/plan.ts';
import { copiedDigest } from '../worktree/copied-digest.ts';
import { withScratch } from '../worktree/scratch.ts';
import { type CacheKey, CheckCache } from './cache.ts';
import { readCheck } from './cached-check.ts';
import { treeOf } from './check-base.ts';
import { type CheckedRun, worktreeRoot } from './checked-run.ts';
import { checkEnvironment, passedSecrets } from './command-environment.ts';
import { runChecks } from './run-checks.ts';

export interface VariantChecksOptions extends CheckedRun {
  readonly variant: PlannedVariant;
  /** What is checked. */
  readonly commit: CommitId;
  /** Its tree, where that is known. */
  readonly tree?: TreeId;
  /** The variant's own worktree, at that commit and set up; null: looking must change nothing there, a scratch worktree is used. */
  readonly own: { readonly path: AbsolutePath; readonly port: number | null; readonly marker: string } | null;
  /** Runs everything, whatever is known; results are kept all the same. */
  readonly fresh: boolean;
  /** Default: beside the cached result. */
  readonly logOf?: (name: string, tree: TreeId) => AbsolutePath;
  readonly onStart?: (name: string) => Promise<void>;
  /** Of checks that ran now. */
  readonly onEnd?: (check: CheckResult, log: AbsolutePath, tree: TreeId) => Promise<void>;
}

export interface VariantChecks {
  /** In the plan's order; `onBase` is null. */
  readonly checks: readonly CheckResult[];
  /** Why they could not be set up for; empty: they were. */
  readonly failure: string;
  readonly logs: Readonly<Record<string, AbsolutePath>>;
}

/**
 * The plan's checks on one variant. Where it touched protected paths they run on its commit with the base's version of them, in a
 * scratch worktree: its own worktree stays as it is.
 */
export async function checkVariant(o: VariantChecksOptions): Promise<VariantChecks> {
  const { plan, repository, variant } = o;
  const guarded = await protectedCommit(repository.commonDir, { base: plan.base.commit, tip: o.commit, patterns: plan.protect });
  const commit = guarded?.commit ?? o.commit;
  const tree = guarded?.tree ?? o.tree ?? (await treeOf(repository.commonDir, o.commit));
  const cache = new CheckCache(o.store);
  const copied = o.copied ?? (await copiedDigest(repository.root, plan.copy.entries));
  const keyOf = (command: string): CacheKey => ({
    kind: 'check',
    tree,
    command,
    setup: plan.setup,
    copied,
    env: variant.env,
    isolation: variant.isolation,
    timeoutMs: plan.commandTimeoutMs,
  });
  const results = new Map<string, CheckResult>();
  const logs: Record<string, AbsolutePath> = {};
  for (const { name, run } of plan.verify) {
    logs[name] = o.logOf?.(name, tree) ?? cache.log(keyOf(run));
    const known = o.fresh ? null : readCheck(await cache.read(keyOf(run)), name);
    if (known !== null) results.set(name, known);
  }
  const missing = plan.verify.filter(({ name }) => !results.has(name));

  const environmentAt = (port: number | null) =>
    checkEnvironment({ run: plan.run, name: variant.name, env: variant.env, environment: o.environment, port });
  const runIn = async (place: { path: AbsolutePath; port: number | null; marker: string }): Promise<void> => {
    await cache.prepare(missing.map(({ run }) => keyOf(run)));
    await runChecks({
      checks: missing,
      worktree: place.path,
      env: environmentAt(place.port),
      isolation: variant.isolation,
      timeoutMs: plan.commandTimeoutMs,
      marker: place.marker,
      secretValues: passedSecrets(variant.env, o.environment),
      signal: o.signal,
      logOf: (name) => logs[name] ?? '',
      onStart: async (name) => o.onStart?.(name),
      onEnd: async (check, log) => {
        const command = missing.find(({ name }) => name === check.name)?.run ?? '';
        if (check.status !== 'skipped') await cache.write(keyOf(command), check, log);
        results.set(check.name, check);
        await o.onEnd?.(check, log, tree);
      },
    });
  };

  let failure = '';
  if (missing.length > 0 && o.own !== null && guarded === null) await runIn(o.own);
  else if (missing.length > 0) {
    const used = await withScratch(
      {
        repository,
        store: o.store,
        run: plan.run,
        root: worktreeRoot(plan),
        pool: 'variants',
        commit,
        copy: plan.copy.entries,
        setup: plan.setup,
        env: environmentAt,
        timeoutMs: plan.commandTimeoutMs,
        portRegistry: o.portRegistry,
        signal: o.signal,
      },
      runIn,
    );
    // What the variant changed keeps set-up from working: its checks fail with it, and it does not look better for it.
    if (used.kind === 'setup-failed') {
      failure = used.reason;
      for (const { name } of missing) {
        const check: CheckResult = { name, status: 'failed', exitCode: null, durationMs: 0, detail: failure, onBase: null };
        results.set(name, check);
        await o.onEnd?.(check, logs[name] ?? '', tree);
      }
    }
  }
  const checks = plan.verify.flatMap(({ name }) => results.get(name) ?? []);
  return { checks, failure, logs };
}
