import type { PlannedMetric } from '../model/plan.ts';
import type { MetricEvidence } from '../model/reports/evidence.ts';
import type { MetricResult } from './run-metric.ts';

/**
 * The metrics of all variants held against the base, for each variant in the plan's order. Pure.
 */
export function metricEvidence(
  metrics: readonly PlannedMetric[],
  base: readonly MetricResult[],
  variants: readonly (readonly MetricResult[])[],
): MetricEvidence[][] {
  return variants.map((own) =>
    metrics.flatMap(({ name, unit, goal, tolerance }) => {
      const result = own.find((one) => one.name === name);
      if (result === undefined) return [];
      const onBase = base.find((one) => one.name === name)?.value ?? null;
      const { value, spread, failure } = result;
      return {
        name,
        value,
        unit,
        goal,
        onBase,
        delta: value === null || onBase === null ? null : value - onBase,
        spread,
        tolerance:
          value === null || tolerance === null
            ? 0
            : tolerance.percent
              ? (Math.abs(value) * tolerance.amount) / 100
              : tolerance.amount,
        // Which ones are best is known once all variants that are compared are there.
        best: false,
        failure,
      };
    }),
  );
}
