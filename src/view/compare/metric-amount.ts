import type { MetricEvidence } from '../../model/reports/evidence.ts';
import { oneLine } from '../../text/plain-text.ts';
import type { Symbols } from '../kit/style.ts';

function rounded(value: number): string {
  // Six digits tell values apart; binary fractions grow tails such as 0.30000000000000004.
  const short = Number(value.toPrecision(6));
  return String(Number.isInteger(short) ? short : Number(short.toFixed(3)));
}

/** `38 kB`, `0.35 s`; empty where there is no value. */
export function metricAmount(value: number | null, unit: string | null): string {
  if (value === null) return '';
  return unit === null || unit === '' ? rounded(value) : `${rounded(value)} ${oneLine(unit)}`;
}

/** `−4`, `+0.2` against the base, `=` within the spread; empty where it is not known. */
export function metricDelta(metric: MetricEvidence, symbols: Symbols): string {
  if (metric.delta === null) return '';
  if (Math.abs(metric.delta) <= metric.spread) return '=';
  return `${metric.delta < 0 ? symbols.minus : '+'}${rounded(Math.abs(metric.delta))}`;
}
