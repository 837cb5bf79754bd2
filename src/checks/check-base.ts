import { objectsGit } from '../git/spawn/git-in.ts';
import type { BaseFact, CheckResult } from '../model/evidence/check.ts';
import type { AbsolutePath, TreeId } from '../model/ids.ts';
import { checkTree } from './check-tree.ts';
import type { CheckedRun } from './checked-run.ts';
import { BASE_NAME, sharedEnvironment } from './command-environment.ts';
import type { Ran } from './run-checks.ts';

export interface BaseOptions extends CheckedRun {
  /** Runs everything again, whatever is known. */
  readonly fresh?: boolean;
  /** The base's, if known. */
  readonly tree?: TreeId;
  /** Default: beside the cached result. */
  readonly logOf?: (name: string, tree: TreeId) => AbsolutePath;
  readonly onStart?: (name: string) => Promise<void>;
  /** Of each check, also of one that was known. */
  readonly onEnd?: (ran: Ran, log: AbsolutePath, tree: TreeId) => Promise<void>;
}

export interface BaseChecks {
  /** In the plan's order. A set-up that fails leaves each check `could-not-run` with its reason. */
  readonly checks: readonly Ran[];
  /** Why set-up failed on the base; empty: it did not. */
  readonly failure: string;
}

/**
 * The plan's checks on its base, one after the other, in a scratch worktree; checks with a known result are not run again. Rejects with
 * the signal's reason when it aborts, with CopseErrors if git or the disk fails.
 */
export async function checkBase(o: BaseOptions): Promise<BaseChecks> {
  const { plan, repository } = o;
  if (plan.verify.length === 0) return { checks: [], failure: '' };
  const tree = o.tree ?? (await treeOf(repository.commonDir, plan.base.commit));
  const { results, failure } = await checkTree({
    ...o,
    checks: plan.verify,
    commit: plan.base.commit,
    tree,
    name: BASE_NAME,
    pool: 'base',
    env: sharedEnvironment(plan),
    isolation: plan.isolation,
    own: null,
    fresh: o.fresh === true,
    onEnd: async (ran, log) => o.onEnd?.(ran, log, tree),
  });
  return { checks: [...results.values()], failure };
}

/** The base fact of a check; null: it was not run. */
export function baseFactOf(check: CheckResult | undefined): BaseFact | null {
  return check === undefined || check.status === 'skipped' ? null : check.status;
}

export async function treeOf(commonDir: string, commit: string): Promise<TreeId> {
  return (await objectsGit(commonDir).run(['rev-parse', '--verify', `${commit}^{tree}`])).text;
}
