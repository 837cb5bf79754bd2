import type { MetricEvidence } from '../model/evidence.ts';
import type { PlannedMetric } from '../model/plan.ts';
import type { MetricResult } from './run-metric.ts';

/**
 * The metrics of all variants held against the base and each other, for each variant in the plan's order. Best are all that the
 * spread does not tell from the best one. Pure.
 */
export function metricEvidence(
  metrics: readonly PlannedMetric[],
  base: readonly MetricResult[],
  variants: readonly (readonly MetricResult[])[],
): MetricEvidence[][] {
  return variants.map((own) =>
    metrics.flatMap(({ name, unit, goal }) => {
      const result = own.find((one) => one.name === name);
      if (result === undefined) return [];
      const onBase = base.find((one) => one.name === name)?.value ?? null;
      const { value, spread, failure } = result;
      const others = variants.flatMap((all) => all.filter((one) => one.name === name && one.value !== null));
      return {
        name,
        value,
        unit,
        goal,
        onBase,
        delta: value === null || onBase === null ? null : value - onBase,
        spread,
        best: isBest(result, others, goal),
        failure,
      };
    }),
  );
}

function isBest(own: MetricResult, all: readonly MetricResult[], goal: 'min' | 'max' | null): boolean {
  if (goal === null || own.value === null) return false;
  const sign = goal === 'min' ? 1 : -1;
  const { value } = own;
  return all.every((other) => sign * value <= sign * (other.value ?? value) + Math.max(own.spread, other.spread));
}
