import type { CheckEvidence, JudgeEvidence, RankedVariant, VariantEvidence } from '../model/evidence.ts';
import type { Outcome } from '../model/outcome.ts';
import { newlyFails } from '../model/run-facts.ts';
import { amountText, costText } from './words.ts';

/** What variants are ranked by, the weightiest first. */
export const RANK_ORDER = ['outcome', 'checks', 'metrics', 'judge', 'size', 'cost'] as const;
export type Criterion = (typeof RANK_ORDER)[number];

interface Judged {
  /** Smaller is better; equal ones stay ties. */
  readonly key: number;
  /** In words; empty where there is nothing to say. */
  readonly reason: string;
}

/**
 * Ranks variants by the criteria in order. What nothing tells apart shares a rank. A reason is given for each criterion in which
 * the variants differ; for all of them where there is one variant.
 */
export function rank(
  variants: readonly VariantEvidence[],
  o: { readonly order?: readonly Criterion[]; readonly judge?: JudgeEvidence | null } = {},
): readonly RankedVariant[] {
  const order = o.order ?? RANK_ORDER;
  const judged = variants.map((variant) => ({
    variant,
    by: order.map((criterion) => judgeBy[criterion](variant, variants, o.judge ?? null)),
  }));
  const telling = order.map((_, at) => variants.length === 1 || new Set(judged.map(({ by }) => by[at]?.key)).size > 1);
  const sorted = judged.toSorted((a, b) => compareKeys(a.by, b.by));
  let place = 0;
  return sorted.map(({ variant, by }, index) => {
    const before = sorted[index - 1];
    if (before === undefined || compareKeys(before.by, by) !== 0) place = index + 1;
    const reasons = by.filter((one, at) => telling[at] === true && one.reason !== '').map((one) => one.reason);
    return { label: variant.label, rank: place, reasons };
  });
}

function compareKeys(a: readonly Judged[], b: readonly Judged[]): number {
  for (const [at, one] of a.entries()) {
    const difference = one.key - (b[at]?.key ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Finished well, then what may still be worth something, then what has nothing to show. */
const OUTCOME_KEY: Record<Outcome, number> = {
  succeeded: 0,
  'no-changes': 3,
  'over-budget': 1,
  'timed-out': 1,
  stalled: 1,
  limited: 1,
  stopped: 1,
  failed: 2,
  blocked: 3,
  lost: 2,
  skipped: 4,
};

const judgeBy: Record<
  Criterion,
  (variant: VariantEvidence, all: readonly VariantEvidence[], judge: JudgeEvidence | null) => Judged
> = {
  outcome: ({ outcome }) =>
    outcome === null ? { key: 5, reason: 'not finished' } : { key: OUTCOME_KEY[outcome], reason: outcome },
  checks: byChecks,
  metrics: byMetrics,
  judge: (variant, _, judge) => byJudge(variant, judge),
  size: bySize,
  cost: byCost,
};

/** A check that newly fails weighs most; one that passes but was changed by the variant proves less than one that was not. */
function byChecks({ checks }: VariantEvidence): Judged {
  if (checks.length === 0) return { key: 0, reason: '' };
  const failing = checks.filter(newlyFails);
  const changed = checks.filter((check) => check.status === 'passed' && check.changedItsChecks);
  const unknown = checks.filter((check) => check.status === 'skipped');
  const key = failing.length * 10_000 + unknown.length * 100 + changed.length;
  const names = (list: readonly CheckEvidence[]): string => list.map((check) => check.name).join(', ');
  if (failing.length > 0) return { key, reason: `${names(failing)} ${failing.length === 1 ? 'fails' : 'fail'}` };
  if (unknown.length > 0) return { key, reason: `${names(unknown)} did not run` };
  if (changed.length > 0) return { key, reason: `changed what ${names(changed)} runs` };
  return { key, reason: checks.length === 1 ? `${names(checks)} passes` : `all ${checks.length} checks pass` };
}

/** Metrics with a goal count: how many of them this variant is not best in, and whether it has a value at all. */
function byMetrics({ metrics }: VariantEvidence): Judged {
  const withGoal = metrics.filter((metric) => metric.goal !== null);
  const key = withGoal.reduce((sum, metric) => sum + (metric.value === null ? 100 : metric.best ? 0 : 1), 0);
  const reasons = withGoal.map((metric) => {
    if (metric.value === null) return `no ${metric.name}`;
    const value = `${metric.name} ${amountText(metric.value, metric.unit)}`;
    if (metric.delta === null || Math.abs(metric.delta) <= metric.spread) return metric.best ? `best ${value}` : value;
    const better = metric.delta < 0 === (metric.goal === 'min');
    return `${value}, ${amountText(Math.abs(metric.delta), metric.unit)} ${better ? 'better' : 'worse'} than the base`;
  });
  return { key, reason: reasons.join('; ') };
}

/** Mean over rounds and criteria, in steps of half a point: less is noise. */
function byJudge({ label }: VariantEvidence, judge: JudgeEvidence | null): Judged {
  const given = (judge?.rounds ?? []).flatMap(({ scores }) => scores.filter((score) => score.label === label));
  const values = given.flatMap((score) => Object.values(score.scores));
  if (values.length === 0) return { key: 0, reason: '' };
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { key: -Math.round(mean * 2), reason: `the judge gives ${mean.toFixed(1)} of 10` };
}

/** Smaller is better among those that changed anything; within a quarter is alike. */
function bySize(variant: VariantEvidence, all: readonly VariantEvidence[]): Judged {
  const lines = linesOf(variant);
  if (lines === 0) return { key: Number.MAX_SAFE_INTEGER, reason: 'changes nothing' };
  const others = all.filter((one) => one !== variant && linesOf(one) > 0).map(linesOf);
  const size = `${lines} ${lines === 1 ? 'line' : 'lines'} changed`;
  return { key: step(lines), reason: isClearlyLess(lines, others) ? `smallest change, ${size}` : size };
}

function byCost(variant: VariantEvidence, all: readonly VariantEvidence[]): Judged {
  const cost = milliUsd(variant);
  const others = all.filter((one) => one !== variant).map(milliUsd);
  const text = costText(variant.costUsd);
  return { key: step(cost), reason: isClearlyLess(cost, others) ? `cheapest, ${text}` : text };
}

const milliUsd = ({ costUsd }: VariantEvidence): number => costUsd * 1_000;

function linesOf({ changes }: VariantEvidence): number {
  return changes.insertions + changes.deletions;
}

const QUARTER = 1.25;

/** Steps of a quarter: two amounts on the same step are alike. Unlike a tolerance between pairs this is transitive. */
function step(amount: number): number {
  return Math.round(Math.log(1 + amount) / Math.log(QUARTER));
}

/** By a quarter or more less than each of the others: what lies close on the next step is no worse to a person. */
function isClearlyLess(amount: number, others: readonly number[]): boolean {
  return others.length > 0 && others.every((other) => (1 + other) / (1 + amount) >= QUARTER);
}
