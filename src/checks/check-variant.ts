import { protectedCommit, type RestoredCommit, restoredCommit } from '../git/commit/protected-commit.ts';
import { type CheckResult, fails } from '../model/evidence/check.ts';
import type { AbsolutePath, CommitId, TreeId } from '../model/ids.ts';
import type { PlannedCheck, PlannedVariant } from '../model/plan.ts';
import { type BaseResult, withBase } from './base-result.ts';
import type { ChangedChecks } from './changed/changed-by.ts';
import { treeOf } from './check-base.ts';
import { type CheckPlace, checkTree, type TreeChecks, type TreeChecksOptions } from './check-tree.ts';
import type { CheckedRun } from './checked-run.ts';
import type { Ran } from './run-checks.ts';

export interface VariantChecksOptions extends CheckedRun {
  readonly variant: PlannedVariant;
  /** The commit whose version of protected paths counts, from which the variant's own work is measured. Default: the plan's base. */
  readonly protectedAt?: CommitId;
  /** What is checked. */
  readonly commit: CommitId;
  /** Its tree, if known. */
  readonly tree?: TreeId;
  /** The variant's own worktree; null: looking must change nothing there, or it holds more than the commit. */
  readonly own: CheckPlace | null;
  /** Runs everything, even if results are known; new results are stored anyway. */
  readonly fresh: boolean;
  /** The check on the base; null: it was not run there. */
  readonly base: (name: string) => Promise<BaseResult | null>;
  /** `all`: each check is held against the base; `deciding`: only those that fail or whose files the variant changed. */
  readonly against: 'all' | 'deciding';
  /** `claims`: a check whose files the variant changed runs on the former ones too if it claims a fix; `all`: whenever it passes. */
  readonly former: 'claims' | 'all';
  readonly changed: ChangedChecks;
  /** Default: beside the cached result. */
  readonly logOf?: (name: string, tree: TreeId) => AbsolutePath;
  readonly onStart?: (name: string) => Promise<void>;
  /** Of each check, once it has been held against the base. */
  readonly onEnd?: (check: CheckResult, log: AbsolutePath, tree: TreeId) => Promise<void>;
}

export interface VariantChecks {
  /** In the plan's order. */
  readonly checks: readonly CheckResult[];
  /** Why set-up failed; empty: it did not. */
  readonly failure: string;
  readonly logs: Readonly<Record<string, AbsolutePath>>;
}

interface Look extends Ran {
  readonly log: AbsolutePath;
  readonly tree: TreeId;
}

/**
 * The plan's checks on one variant, compared with the base. A pass that comes from changing the check itself does not count:
 *
 * - protected paths are the base's while a check runs; a check that then fails runs on the variant's own files too, for `own`
 * - a check that passes and whose own files (tests, script) the variant changed runs once more with these as they were at the start. If it
 *   fails on the base, and still does so with them, that is the result, and `own` is the first one; else it is `former`, for people
 */
export async function checkVariant(o: VariantChecksOptions): Promise<VariantChecks> {
  const { plan, repository } = o;
  const { commonDir } = repository;
  const own = { commit: o.commit, tree: o.tree ?? (await treeOf(commonDir, o.commit)) };
  const guarded = await protectedCommit(commonDir, { base: protectedAt(o), tip: o.commit, patterns: plan.protect });
  const counted = guarded ?? own;
  const final = new Map<string, Look>();
  const open: Look[] = [];

  const settle = async (look: Look): Promise<void> => {
    const { check, log, tree } = look;
    const decides = o.against === 'all' || check.status !== 'passed' || look.report !== null || o.changed.files.has(check.name);
    const held = decides ? withBase(check, look, await o.base(check.name)) : check;
    final.set(check.name, { ...look, check: held });
    await o.onEnd?.(held, log, tree);
  };

  const { failure } = await checkOn(o, counted, plan.verify, {
    own: guarded === null ? o.own : null,
    ...(o.logOf === undefined ? {} : { logOf: o.logOf }),
    ...(o.onStart === undefined ? {} : { onStart: o.onStart }),
    onEnd: async (ran, log) => {
      const look = { ...ran, log, tree: counted.tree };
      if (!o.signal.aborted && (await deservesSecondLook(o, ran.check, guarded))) open.push(look);
      else await settle(look);
    },
  });
  for (const look of open) await settle(await secondLook(o, look, own, guarded));

  const checks = plan.verify.flatMap(({ name }) => final.get(name)?.check ?? []);
  return { checks, failure, logs: Object.fromEntries([...final].map(([name, { log }]) => [name, log])) };
}

/** A need may have changed protected paths as well: a variant that starts from one gets the base's. */
function protectedAt({ plan, variant, protectedAt: given }: VariantChecksOptions): CommitId {
  return variant.needs.length > 0 || given === undefined ? plan.base.commit : given;
}

function checkOn(
  o: VariantChecksOptions,
  on: { readonly commit: CommitId; readonly tree: TreeId },
  checks: readonly PlannedCheck[],
  more: Pick<TreeChecksOptions, 'own' | 'logOf' | 'onStart' | 'onEnd'>,
): Promise<TreeChecks> {
  const { plan, repository, store, environment, portRegistry, signal, variant, fresh } = o;
  const { name, env, isolation } = variant;
  const run = {
    plan,
    repository,
    store,
    environment,
    portRegistry,
    signal,
    ...(o.copied === undefined ? {} : { copied: o.copied }),
  };
  return checkTree({ ...run, ...more, ...on, checks, name, pool: 'variants', env, isolation, fresh });
}

async function deservesSecondLook(o: VariantChecksOptions, check: CheckResult, guarded: RestoredCommit | null): Promise<boolean> {
  if (fails(check)) return guarded !== null;
  const restored = o.changed.restore(check.name);
  if (check.status !== 'passed' || restored === null) return false;
  return o.former === 'all' || (await claimsFix(o, check));
}

async function claimsFix(o: VariantChecksOptions, { name }: CheckResult): Promise<boolean> {
  return (await o.base(name))?.check.status === 'failed';
}

async function secondLook(
  o: VariantChecksOptions,
  first: Look,
  own: { readonly commit: CommitId; readonly tree: TreeId },
  guarded: RestoredCommit | null,
): Promise<Look> {
  const { name } = first.check;
  const planned = o.plan.verify.filter((check) => check.name === name);
  if (first.check.status !== 'passed') {
    const { results } = await checkOn(o, own, planned, { own: o.own });
    const status = results.get(name)?.check.status;
    return status === undefined || status === 'skipped' ? first : { ...first, check: { ...first.check, own: status } };
  }
  const restored = o.changed.restore(name);
  if (restored === null) return first;
  const paths = new Set(restored.paths);
  const { from, texts } = restored;
  const tip = guarded?.commit ?? own.commit;
  const before = await restoredCommit(o.repository.commonDir, { from, tip, restores: (path) => paths.has(path), texts });
  if (before === null) return first;
  const { results, logs } = await checkOn(o, before, planned, { own: null });
  const again = results.get(name);
  if (again === undefined) return first;
  const { check } = again;
  // Stopped in between: a pass that may be due to the changed files alone does not count either.
  if (check.status === 'skipped') return { ...first, check };
  if (check.status === 'passed' || !(await claimsFix(o, check))) {
    return { ...first, check: { ...first.check, former: check.status } };
  }
  return { ...again, check: { ...check, own: first.check.status }, log: logs.get(name) ?? first.log, tree: before.tree };
}
