import type { Sourced } from '../model/settings.ts';

/**
 * The strongest of what was said: flag, then `said` from strongest to weakest (variant, `defaults`, variants file), then the
 * setting. A setting that itself came from a flag is a flag.
 */
export function strongest<T>(flag: T | undefined, said: readonly (T | undefined)[], setting: Sourced<T>): T {
  if (flag !== undefined) return flag;
  if (setting.source === 'flag') return setting.value;
  return said.find((value) => value !== undefined) ?? setting.value;
}
