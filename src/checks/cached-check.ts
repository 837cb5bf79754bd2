import type { CheckResult } from '../model/outcome.ts';

/** A check's result as the cache has it, under the name that it has now; null: none, or not one. */
export function readCheck(value: unknown, name: string): CheckResult | null {
  if (typeof value !== 'object' || value === null) return null;
  const { status, exitCode, durationMs, detail } = value as Readonly<Record<string, unknown>>;
  if (status !== 'passed' && status !== 'failed' && status !== 'timed-out') return null;
  if (exitCode !== null && typeof exitCode !== 'number') return null;
  if (typeof durationMs !== 'number' || typeof detail !== 'string') return null;
  return { name, status, exitCode, durationMs, detail, onBase: null };
}
