import { dirname } from 'node:path';
import { fileFlag } from '../../model/file-flag.ts';
import type { Plan, TrustItem, TrustPlan } from '../../model/plan.ts';
import type { Environment } from '../../system/environment.ts';
import { personStateDirectory } from '../../system/person-directories.ts';
import { isSealed } from './seal.ts';
import { canonical, serveItems, trustHash } from './trust-items.ts';
import { trustStore } from './trust-store.ts';

/**
 * The items of a plan that need approval now. A plan that this person's copse wrote and that is unchanged (its seal is valid) says itself what came from the
 * repository and what from the person. Any other plan (of an archive, changed since, of an older copse) needs approval as a whole: everything that
 * it runs and grants, whatever it says.
 */
export async function planTrust(plan: Plan, environment: Environment): Promise<TrustPlan> {
  const approvals = trustStore(environment);
  const { record, trust } = plan;
  if (record === undefined || (await isSealed(record, environment)))
    return { ...trust, approved: !trust.needed || (await approvals.isApproved(trust.hash)) };
  // Without a home directory nothing can be sealed or approved: then only plans that run and grant nothing may continue.
  if (personStateDirectory(environment) === null) {
    const items = planItems(plan).filter(({ kind }) => !QUIET.has(kind));
    return { needed: items.length > 0, hash: trustHash(record.commonDir, items), items, approved: items.length === 0 };
  }
  const items: TrustItem[] = [
    { kind: 'record', where: 'plan.json', text: `run ${record.run} as its record has it, ${record.digest.slice(0, 16)}` },
    ...planItems(plan),
  ];
  const hash = trustHash(record.commonDir, items);
  return { needed: true, hash, items, approved: await approvals.isApproved(hash) };
}

const QUIET: ReadonlySet<TrustItem['kind']> = new Set(['prompt', 'budget', 'place', 'disposable']);

/** Whether the person's approval of a plan's commands and permissions is still valid. */
export async function isPlanApproved(plan: Plan, environment: Environment): Promise<boolean> {
  return (await planTrust(plan, environment)).approved;
}

/** The command with which the user reviews and approves a plan's commands. */
export function approvalLine(plan: Plan, { items }: TrustPlan): string {
  return items.some(({ kind }) => kind === 'record') ? `copse trust --run ${plan.run}` : `copse trust${fileFlag(plan)}`;
}

/** Everything that a plan runs and grants, as it would be run and granted. */
function planItems(plan: Plan): TrustItem[] {
  const items: TrustItem[] = [];
  const add = (kind: TrustItem['kind'], where: string, texts: readonly string[]): void => {
    for (const text of texts) items.push({ kind, where, text });
  };
  const { entries, from = {}, follow = [] } = plan.copy;
  add('copy', 'copy', entries);
  add(
    'copy',
    'copy.from',
    Object.entries(from).map(([entry, top]) => `${entry} of ${top}`),
  );
  add('copy', 'copy.follow', follow);
  add('setup', 'setup', plan.setup);
  for (const { name, run } of plan.verify) add('verify', `verify.${name}`, [run]);
  for (const { name, run } of plan.metrics) add('metrics', `metrics.${name}`, [run]);
  if (plan.judge !== null) add('judge', 'judge', [canonical(plan.judge)]);
  if (plan.serve !== null) items.push(...serveItems(plan.serve));
  add('teardown', 'teardown', plan.teardown);
  add('disposable', 'disposable', plan.disposable);
  for (const variant of plan.variants) {
    const where = `variants.${variant.name}`;
    const { runner, isolation, limits } = variant;
    add('prompt', `${where}.prompt`, [variant.prompt]);
    if (runner.kind === 'command') add('runner', `${where}.runner`, [JSON.stringify(runner.command)]);
    if (isolation !== 'guarded') add('isolation', `${where}.isolation`, [isolation]);
    add('allowedTools', `${where}.allowedTools`, variant.allowedTools);
    for (const [name, server] of Object.entries(variant.mcp ?? {})) add('mcp', `${where}.mcp.${name}`, [canonical(server)]);
    add('env', `${where}.env`, variant.env.pass);
    add(
      'env',
      `${where}.env`,
      Object.entries(variant.env.set).map(([name, value]) => `${name}=${value}`),
    );
    add('budget', `${where}.budgetUsd`, [String(limits.budgetUsd)]);
  }
  add('place', 'worktree', [...new Set(plan.variants.map(({ worktree }) => dirname(worktree)))]);
  return items;
}
