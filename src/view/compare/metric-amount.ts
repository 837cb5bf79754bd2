import type { MetricEvidence } from '../../model/reports/evidence.ts';
import { amountText } from '../../text/amounts.ts';
import { oneLine } from '../../text/plain-text.ts';
import type { Symbols } from '../kit/style.ts';

/** `38 kB`, `0.35 s`; empty if there is no value. */
export function metricAmount(value: number | null, unit: string | null): string {
  return value === null ? '' : amountText(value, unit === null ? null : oneLine(unit));
}

/**
 * `−18%` of the base, `=` within spread and tolerance; the difference itself if the base's value is 0. Empty if it is not
 * known.
 */
export function metricDelta({ delta, onBase, spread, tolerance }: MetricEvidence, symbols: Symbols): string {
  if (delta === null) return '';
  if (Math.abs(delta) <= Math.max(spread, tolerance)) return '=';
  const sign = delta < 0 ? symbols.minus : '+';
  if (onBase === null || onBase === 0) return `${sign}${amountText(Math.abs(delta), null)}`;
  const percent = Math.abs((delta / onBase) * 100);
  return `${sign}${percent < 0.1 ? '<0.1' : percent < 10 ? Number(percent.toFixed(1)) : Math.round(percent)}%`;
}
