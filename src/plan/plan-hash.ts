import { createHash } from 'node:crypto';
import type { Plan } from '../model/plan.ts';

/** sha256, hex, over the plan's canonical JSON without `hash` and `disk`. */
export function planHash(plan: Omit<Plan, 'hash'>): string {
  const { hash: _hash, disk: _disk, ...rest } = plan as Plan;
  return createHash('sha256').update(canonicalJson(rest)).digest('hex');
}

/** JSON with the keys of each object sorted, absent ones left out: equal data gives equal text. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (isPlainObject(inner) ? sorted(inner) : inner));
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Without a prototype, so that a key `__proto__` is a key. */
function sorted(object: Record<string, unknown>): Record<string, unknown> {
  const result = Object.create(null) as Record<string, unknown>;
  for (const key of Object.keys(object).sort()) result[key] = object[key];
  return result;
}
