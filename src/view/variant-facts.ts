import type { CheckResult, Denial, Tokens } from '../model/outcome.ts';
import { NO_TOKENS } from '../model/outcome.ts';
import type { RunState, VariantState } from '../model/state.ts';
import { between } from './amounts.ts';

export interface Totals {
  readonly turns: number;
  readonly tokens: Tokens;
  readonly costUsd: number;
}

/** Sums over all attempts of a variant; an attempt's verdict, once there, replaces its running estimate. */
export function totalsOf(variant: VariantState): Totals {
  let turns = 0;
  let costUsd = 0;
  let tokens = NO_TOKENS;
  for (const attempt of variant.attempts) {
    const said = attempt.verdict ?? attempt;
    turns += said.turns;
    costUsd += said.costUsd;
    tokens = {
      input: tokens.input + said.tokens.input,
      output: tokens.output + said.tokens.output,
      cacheRead: tokens.cacheRead + said.tokens.cacheRead,
      cacheWrite: tokens.cacheWrite + said.tokens.cacheWrite,
    };
  }
  return { turns, tokens, costUsd };
}

export function runCostUsd(state: RunState): number {
  return state.variants.reduce((sum, variant) => sum + totalsOf(variant).costUsd, 0);
}

export function fails(check: CheckResult): boolean {
  return check.status === 'failed' || check.status === 'timed-out';
}

/** It fails here, and not on the base already. */
export function newlyFails(check: CheckResult): boolean {
  return fails(check) && check.onBase !== 'failed' && check.onBase !== 'timed-out';
}

/** Finished as wished: `succeeded` or `no-changes`, and no check newly fails. */
export function isGood(variant: VariantState): boolean {
  const { phase } = variant;
  return (
    phase.kind === 'finished' &&
    (phase.outcome === 'succeeded' || phase.outcome === 'no-changes') &&
    !variant.checks.some(newlyFails)
  );
}

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
