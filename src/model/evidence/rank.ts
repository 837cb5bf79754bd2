import { amountText, cost } from '../../text/amounts.ts';
import type { Outcome } from '../outcome.ts';
import type { CheckEvidence, JudgeEvidence, RankedVariant } from '../reports/evidence.ts';
import { bestIn, type Weighed } from './best.ts';
import { isWeak, standingOf } from './check.ts';
import { checkClause } from './check-words.ts';
import { type MetricPlaces, metricPlaces } from './metric-places.ts';

/** The criteria of the ranking, the most important first. */
export const RANK_ORDER = ['outcome', 'checks', 'metrics', 'judge', 'size', 'cost'] as const;
export type Criterion = (typeof RANK_ORDER)[number];

interface Judged {
  /** Smaller is better, the first number that differs decides; equal ones stay ties. */
  readonly key: readonly number[];
  /** In words; empty if there is nothing to say. */
  readonly reason: string;
}

/** The values that all variants are compared with. */
interface Field {
  readonly all: readonly Weighed[];
  readonly judge: JudgeEvidence | null;
  readonly places: MetricPlaces;
}

/**
 * Ranks variants by the criteria in order. Tied variants share a rank. A reason is given for each criterion in which
 * the variants differ; for all of them if there is only one variant.
 */
export function rank(
  variants: readonly Weighed[],
  o: { readonly order?: readonly Criterion[]; readonly judge?: JudgeEvidence | null } = {},
): readonly RankedVariant[] {
  const order = o.order ?? RANK_ORDER;
  const field: Field = { all: variants, judge: o.judge ?? null, places: metricPlaces(variants) };
  const judged = variants.map((variant) => ({
    variant,
    by: order.map((criterion) => judgeBy[criterion](variant, field)),
  }));
  const telling = order.map((_, at) => variants.length === 1 || new Set(judged.map(({ by }) => by[at]?.key.join(' '))).size > 1);
  const sorted = judged.toSorted((a, b) => compareKeys(a.by, b.by));
  let place = 0;
  return sorted.map(({ variant, by }, index) => {
    const before = sorted[index - 1];
    if (before === undefined || compareKeys(before.by, by) !== 0) place = index + 1;
    const reasons = by.filter((one, at) => telling[at] === true && one.reason !== '').map((one) => one.reason);
    return { label: variant.label, rank: place, reasons };
  });
}

/** Whether any of the others is better by its checks: once that one is on the target, this one is no choice any more. */
export function isOutdone(one: Weighed, others: readonly Weighed[]): boolean {
  return rank([one, ...others], { order: ['checks'] }).some(({ label, rank: place }) => label === one.label && place > 1);
}

function compareKeys(a: readonly Judged[], b: readonly Judged[]): number {
  for (const [at, one] of a.entries()) {
    for (const [i, number] of one.key.entries()) {
      const difference = number - (b[at]?.key[i] ?? 0);
      if (difference !== 0) return difference;
    }
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

const judgeBy: Record<Criterion, (variant: Weighed, field: Field) => Judged> = {
  outcome: ({ outcome }) =>
    outcome === null ? { key: [5], reason: 'not finished' } : { key: [OUTCOME_KEY[outcome]], reason: outcome },
  checks: byChecks,
  metrics: byMetrics,
  judge: byJudge,
  size: bySize,
  cost: byCost,
};

/**
 * By the worst first: how many checks broke, are unknown, still fail, pass only in a version that the variant changed; then how many it
 * fixed. Of equals the number of tests decides.
 */
function byChecks({ checks }: Weighed): Judged {
  if (checks.length === 0) return { key: [0], reason: '' };
  const of = (...standings: readonly string[]) => checks.filter((check) => standings.includes(standingOf(check)));
  const [broke, unknown, still, fixed] = [of('broke'), of('unknown'), of('still-fails'), of('fixed')];
  const weak = checks.filter(isWeak);
  const tests = (list: readonly CheckEvidence[], kind: 'broke' | 'fixed'): number =>
    list.reduce((sum, check) => sum + (check.tests?.[kind].count ?? 0), 0);
  const key = [
    broke.length,
    tests(broke, 'broke'),
    unknown.length,
    still.length,
    still.filter(({ own }) => own === 'passed').length,
    weak.length,
    -fixed.length,
    -tests(checks, 'fixed'),
  ];
  const clauses = [...broke, ...unknown, ...still, ...fixed].map(checkClause);
  const runs = weak.map(({ name }) => name).join(', ');
  const bad = broke.length + unknown.length + still.length > 0;
  return {
    key,
    reason: [
      ...clauses,
      ...(weak.length === 0 ? [] : [`changed files that ${runs} ${weak.length === 1 ? 'runs' : 'run'}`]),
      ...(bad || weak.length > 0 || (fixed.length > 0 && checks.length === 1) ? [] : [passing(checks)]),
    ].join('; '),
  };
}

function passing(checks: readonly CheckEvidence[]): string {
  return checks.length === 1 ? `${checks[0]?.name ?? ''} passes` : `all ${checks.length} checks pass`;
}

/** The whole order of each metric with a goal, in the order of the file. */
function byMetrics({ label, metrics }: Weighed, { places }: Field): Judged {
  const key = [...places.values()].map((place) => place.get(label) ?? 0);
  const reasons = metrics.flatMap((metric) => {
    if (metric.goal === null) return [];
    if (metric.value === null) return [`no ${metric.name}`];
    const value = `${metric.name} ${amountText(metric.value, metric.unit)}`;
    const best = places.get(metric.name)?.get(label) === 1;
    if (metric.delta === null || Math.abs(metric.delta) <= Math.max(metric.spread, metric.tolerance)) {
      return [best ? `best ${value}` : value];
    }
    const better = metric.delta < 0 === (metric.goal === 'min');
    return [`${value}, ${amountText(Math.abs(metric.delta), metric.unit)} ${better ? 'better' : 'worse'} than the base`];
  });
  return { key: key.length === 0 ? [0] : key, reason: reasons.join('; ') };
}

/** Mean over rounds and criteria, in steps of half a point: less is noise. */
function byJudge({ label }: Weighed, { judge }: Field): Judged {
  const given = (judge?.rounds ?? []).flatMap(({ scores }) => scores.filter((score) => score.label === label));
  const values = given.flatMap((score) => Object.values(score.scores));
  if (values.length === 0) return { key: [0], reason: '' };
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { key: [-Math.round(mean * 2)], reason: `the judge gives ${mean.toFixed(1)} of 10` };
}

/** Smaller is better among those that changed anything; within a quarter is alike. */
function bySize(variant: Weighed, { all }: Field): Judged {
  const lines = variant.changes.insertions + variant.changes.deletions;
  if (lines === 0) return { key: [Number.MAX_SAFE_INTEGER], reason: 'changes nothing' };
  const size = `${lines} ${lines === 1 ? 'line' : 'lines'} changed`;
  return { key: [step(lines)], reason: bestIn(all, 'size').has(variant.label) ? `smallest change, ${size}` : size };
}

function byCost(variant: Weighed, { all }: Field): Judged {
  const text = cost(variant.costUsd);
  return {
    key: [step(variant.costUsd * 1_000)],
    reason: bestIn(all, 'cost').has(variant.label) ? `cheapest, ${text}` : text,
  };
}

const QUARTER = 1.25;

/** Steps of a quarter: two amounts on the same step are alike. Unlike a tolerance between pairs this is transitive. */
function step(amount: number): number {
  return Math.round(Math.log(1 + amount) / Math.log(QUARTER));
}
