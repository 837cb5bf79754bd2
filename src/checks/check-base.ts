import { objectsGit } from '../git/door.ts';
import type { AbsolutePath, TreeId } from '../model/ids.ts';
import type { CheckResult } from '../model/outcome.ts';
import { copiedDigest } from '../worktree/copied-digest.ts';
import { withScratch } from '../worktree/scratch.ts';
import { type CacheKey, CheckCache, copyLog } from './cache.ts';
import { readCheck } from './cached-check.ts';
import { type CheckedRun, worktreeRoot } from './checked-run.ts';
import { BASE_NAME, checkEnvironment, passedSecrets, sharedEnvironment } from './command-environment.ts';
import { runChecks } from './run-checks.ts';

export interface BaseOptions extends CheckedRun {
  /** Runs everything again, whatever is known. */
  readonly fresh?: boolean;
  /** The base's, where it is known. */
  readonly tree?: TreeId;
  readonly logOf: (name: string, tree: TreeId) => AbsolutePath;
  readonly onStart?: (name: string) => Promise<void>;
  /** Of each check, also of one that was known. */
  readonly onEnd?: (check: CheckResult, log: AbsolutePath, tree: TreeId) => Promise<void>;
}

export interface BaseChecks {
  readonly checks: readonly CheckResult[];
  /** Why the base could not be checked; empty: it was. */
  readonly failure: string;
}

/**
 * The plan's checks on its base, one after the other, in a scratch worktree; what is known from before is not run again. Rejects with
 * the signal's reason when it aborts, with CopseErrors where git or the disk refuse.
 */
export async function checkBase(o: BaseOptions): Promise<BaseChecks> {
  const { plan, repository } = o;
  if (plan.verify.length === 0) return { checks: [], failure: '' };
  const tree = o.tree ?? (await treeOf(repository.commonDir, plan.base.commit));
  const cache = new CheckCache(o.store);
  const env = sharedEnvironment(plan);
  const copied = o.copied ?? (await copiedDigest(repository.root, plan.copy.entries));
  const keyOf = (command: string): CacheKey => ({
    kind: 'check',
    tree,
    command,
    setup: plan.setup,
    copied,
    env,
    isolation: plan.isolation,
    timeoutMs: plan.commandTimeoutMs,
  });

  const results = new Map<string, CheckResult>();
  const end = async (check: CheckResult): Promise<void> => {
    results.set(check.name, check);
    await o.onEnd?.(check, o.logOf(check.name, tree), tree);
  };
  for (const { name, run } of plan.verify) {
    const known = o.fresh === true ? null : readCheck(await cache.read(keyOf(run)), name);
    if (known === null) continue;
    await copyLog(cache.log(keyOf(run)), o.logOf(name, tree));
    await end(known);
  }
  const missing = plan.verify.filter(({ name }) => !results.has(name));
  if (missing.length === 0) return { checks: inOrder(plan.verify, results), failure: '' };

  const environmentAt = (port: number) =>
    checkEnvironment({ run: plan.run, name: BASE_NAME, env, environment: o.environment, port });
  const used = await withScratch(
    {
      repository,
      store: o.store,
      run: plan.run,
      root: worktreeRoot(plan),
      pool: 'base',
      commit: plan.base.commit,
      copy: plan.copy.entries,
      setup: plan.setup,
      env: environmentAt,
      timeoutMs: plan.commandTimeoutMs,
      portRegistry: o.portRegistry,
      signal: o.signal,
    },
    (scratch) =>
      runChecks({
        checks: missing,
        worktree: scratch.path,
        env: environmentAt(scratch.port),
        isolation: plan.isolation,
        timeoutMs: plan.commandTimeoutMs,
        marker: scratch.marker,
        secretValues: passedSecrets(env, o.environment),
        signal: o.signal,
        logOf: (name) => o.logOf(name, tree),
        onStart: async (name) => o.onStart?.(name),
        onEnd: async (check, log) => {
          const command = missing.find(({ name }) => name === check.name)?.run ?? '';
          if (check.status !== 'skipped') await cache.write(keyOf(command), check, log);
          await end(check);
        },
      }),
  );
  return { checks: inOrder(plan.verify, results), failure: used.kind === 'used' ? '' : used.reason };
}

function inOrder(verify: readonly { readonly name: string }[], results: ReadonlyMap<string, CheckResult>): CheckResult[] {
  return verify.flatMap(({ name }) => results.get(name) ?? []);
}

export async function treeOf(commonDir: string, commit: string): Promise<TreeId> {
  return (await objectsGit(commonDir).run(['rev-parse', '--verify', `${commit}^{tree}`])).text;
}
