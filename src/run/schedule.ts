import { standingOf } from '../model/evidence/check.ts';
import type { Instant, VariantName } from '../model/ids.ts';
import { isAskedFor } from '../model/run-state/run-facts.ts';
import type { RunState, VariantState } from '../model/run-state/state.ts';
import { reserve } from './reserve-budget.ts';

export interface ScheduleInput {
  readonly state: RunState;
  /** Queued variants that a previous supervisor left and that no one asked to launch. */
  readonly held: ReadonlySet<VariantName>;
  /** Variants that have a slot now. */
  readonly active: ReadonlySet<VariantName>;
  readonly now: Date;
  /** Why no check can run, not even on the base: nothing is launched any more without a request. null: they can. */
  readonly obstacle: string | null;
}

export type Step =
  | { readonly kind: 'launch'; readonly variant: VariantName; readonly budgetUsd: number }
  /** It ends without an attempt. */
  | {
      readonly kind: 'end';
      readonly variant: VariantName;
      readonly outcome: 'skipped' | 'over-budget' | 'failed' | 'stopped';
      readonly reason: string;
    };

/** What to do next, at most one step: its consequences are in the state before the next question. Null: wait, or nothing is left. */
export function nextStep(input: ScheduleInput): Step | null {
  const { state, held, active } = input;
  if (state.phase.kind === 'finished') return null;
  if (state.phase.kind === 'stopping') return endOfQueued(input);
  for (const variant of state.variants) {
    if (variant.phase.kind !== 'queued' || active.has(variant.name)) continue;
    const needs = needsOf(state, variant);
    if (needs.kind === 'failed') return { kind: 'end', variant: variant.name, outcome: 'skipped', reason: needs.reason };
    if (input.obstacle !== null && !isAskedFor(variant)) {
      return { kind: 'end', variant: variant.name, outcome: 'skipped', reason: input.obstacle };
    }
    const missing = missingModel(state, variant);
    if (missing !== null) return { kind: 'end', variant: variant.name, outcome: 'failed', reason: missing };
    if (needs.kind === 'waiting' || held.has(variant.name) || active.size >= state.concurrency || isPaused(input)) continue;
    const reservation = reserve(state, variant, active);
    if (reservation.kind === 'wait') continue;
    if (reservation.kind === 'granted') return { kind: 'launch', variant: variant.name, budgetUsd: reservation.usd };
    const whose = reservation.of === 'run' ? "The run's budget" : 'Its budget';
    return { kind: 'end', variant: variant.name, outcome: 'over-budget', reason: `${whose} is used up.` };
  }
  return null;
}

/** A variant still queued in a run that stops: its supervisor died before it had ended them all. */
function endOfQueued({ state, active }: ScheduleInput): Step | null {
  const queued = state.variants.find(({ name, phase }) => phase.kind === 'queued' && !active.has(name));
  return queued === undefined ? null : { kind: 'end', variant: queued.name, outcome: 'stopped', reason: '' };
}

/** Whether a pause (a rate limit) still holds. */
export function isPaused({ state, now }: Pick<ScheduleInput, 'state' | 'now'>): boolean {
  if (state.phase.kind !== 'paused') return false;
  return state.phase.until === null || Date.parse(state.phase.until) > now.getTime();
}

/** When the latest rate limit that still holds is reset; null: none holds. */
export function limitedUntil(state: RunState, now: Date): Instant | null {
  const resets = state.variants.flatMap((variant) => variant.attempts.map((attempt) => attempt.limitedUntil));
  const ahead = resets.filter((at): at is Instant => at !== null && Date.parse(at) > now.getTime());
  return ahead.toSorted().at(-1) ?? null;
}

/** A model that one attempt found missing is missing for all: each further try costs time and says nothing new. */
function missingModel(state: RunState, variant: VariantState): string | null {
  if (variant.model === null || variant.requested !== null) return null;
  const asked = state.variants.filter((other) => other.model === variant.model && other.name !== variant.name);
  const found = asked.find((other) => other.attempts.at(-1)?.verdict?.modelNotFound === true);
  return found === undefined ? null : `Model ${variant.model} is not available, as ${found.name} found.`;
}

type Needs = { readonly kind: 'met' } | { readonly kind: 'waiting' } | { readonly kind: 'failed'; readonly reason: string };

/** A need must be `succeeded` or `no-changes`, and each of its checks must be known not to have broken. */
function needsOf(state: RunState, variant: VariantState): Needs {
  let waiting = false;
  for (const name of variant.needs) {
    const need = state.variants.find((candidate) => candidate.name === name);
    if (need === undefined) throw new Error(`variant ${variant.name} needs ${name}, which the run does not have`);
    if (need.phase.kind !== 'finished') {
      waiting = true;
      continue;
    }
    const { outcome } = need.phase;
    if (outcome !== 'succeeded' && outcome !== 'no-changes') {
      return { kind: 'failed', reason: `It needs ${name}, which ended ${outcome}.` };
    }
    const broke = need.checks.find((check) => standingOf(check) === 'broke');
    if (broke !== undefined) return { kind: 'failed', reason: `It needs ${name}, whose check ${broke.name} fails.` };
    const unknown = need.checks.find((check) => standingOf(check) === 'unknown');
    if (unknown !== undefined) {
      return { kind: 'failed', reason: `It needs ${name}, whose check ${unknown.name} is unknown.` };
    }
  }
  return waiting ? { kind: 'waiting' } : { kind: 'met' };
}
