import type { MetricEvidence, VariantEvidence } from '../reports/evidence.ts';

type Measured = Pick<VariantEvidence, 'label' | 'metrics'>;

/** Of one metric with a goal: place of each variant by label, from 1. Equal places: the numbers do not tell them apart. */
export type MetricPlaces = ReadonlyMap<string, ReadonlyMap<string, number>>;

/**
 * The whole order of the variants in each metric that has a goal, in the order of the file. Two are equal only if the better one of a
 * place and this one differ by no more than their spread or tolerance; one without a value comes after all that have one.
 */
export function metricPlaces(variants: readonly Measured[]): MetricPlaces {
  const names = [
    ...new Set(variants.flatMap(({ metrics }) => metrics.filter(({ goal }) => goal !== null).map(({ name }) => name))),
  ];
  return new Map(names.map((name) => [name, placesIn(name, variants)]));
}

function placesIn(name: string, variants: readonly Measured[]): ReadonlyMap<string, number> {
  const measured = variants.flatMap(({ label, metrics }) => {
    const metric = metrics.find((one) => one.name === name);
    return metric?.value == null ? [] : [{ label, metric, value: metric.goal === 'max' ? -metric.value : metric.value }];
  });
  const sorted = measured.toSorted((a, b) => a.value - b.value);
  const places = new Map<string, number>();
  let leader = sorted[0];
  let place = 1;
  for (const [index, one] of sorted.entries()) {
    if (leader !== undefined && one.value - leader.value > slack(leader.metric, one.metric)) {
      leader = one;
      place = index + 1;
    }
    places.set(one.label, place);
  }
  for (const { label } of variants) if (!places.has(label)) places.set(label, sorted.length + 1);
  return places;
}

function slack(a: MetricEvidence, b: MetricEvidence): number {
  return Math.max(a.spread, b.spread, a.tolerance, b.tolerance);
}

/** The same variants with `best` of each metric as the places have it. */
export function withBestMetrics(variants: readonly VariantEvidence[]): readonly VariantEvidence[] {
  const places = metricPlaces(variants);
  return variants.map((variant) => ({
    ...variant,
    metrics: variant.metrics.map((metric) => ({
      ...metric,
      best: metric.value !== null && places.get(metric.name)?.get(variant.label) === 1,
    })),
  }));
}
