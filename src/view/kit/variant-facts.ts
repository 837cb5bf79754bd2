import type { Denial } from '../../model/outcome.ts';
import type { RunState, VariantState } from '../../model/run-state/state.ts';

/** However it ended. */
export function isFinished(variant: VariantState): boolean {
  return variant.phase.kind === 'finished';
}

/** Something happens to it right now, or will by itself. */
export function isActive(variant: VariantState): boolean {
  return variant.phase.kind !== 'finished' && variant.phase.kind !== 'queued';
}

/** Denials of all attempts, the same call once, with how often. */
export function denialsOf(variant: VariantState): Denial[] {
  const merged = new Map<string, Denial>();
  for (const denial of variant.attempts.flatMap((attempt) => attempt.denials)) {
    const key = `${denial.tool}\0${denial.input}`;
    const known = merged.get(key);
    merged.set(key, known === undefined ? denial : { ...known, count: known.count + denial.count });
  }
  return [...merged.values()];
}

/** Names of the needs that have not finished. */
export function openNeeds(variant: VariantState, state: RunState): string[] {
  return variant.needs.filter((need) => {
    const other = state.variants.find((v) => v.name === need);
    return other !== undefined && !isFinished(other);
  });
}
