import type { CheckResult } from '../model/check.ts';
import { baseFactOf } from './check-base.ts';

/** A check on the base. */
export interface BaseResult {
  readonly check: CheckResult;
}

/** A variant's check held against the same one on the base. */
export function withBase(own: CheckResult, base: BaseResult | null): CheckResult {
  return { ...own, onBase: baseFactOf(base?.check) };
}
