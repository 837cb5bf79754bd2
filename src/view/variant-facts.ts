import type { Denial } from '../model/outcome.ts';
import type { RunState, VariantState } from '../model/state.ts';
import { between } from './amounts.ts';

export function isFinished(variant: VariantState): boolean {
  return variant.phase.kind === 'finished';
}

/** Something happens to it right now, or will by itself. */
export function isActive(variant: VariantState): boolean {
  return variant.phase.kind !== 'finished' && variant.phase.kind !== 'queued';
}

/** Milliseconds from its first preparation to its end, or to `now`. */
export function durationOf(variant: VariantState, now: Date | null): number {
  return between(variant.startedAt, variant.phase.kind === 'finished' ? variant.phase.at : now);
}

/** Milliseconds from the run's creation to its end, or to `now`, or else to the last thing known. */
export function runDuration(state: RunState, now: Date | null): number {
  if (state.phase.kind === 'finished') return between(state.createdAt, state.phase.at);
  if (now !== null) return between(state.createdAt, now);
  const ends = state.variants.map((v) => (v.phase.kind === 'finished' ? v.phase.at : state.createdAt)).sort();
  return between(state.createdAt, ends.at(-1) ?? null);
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
