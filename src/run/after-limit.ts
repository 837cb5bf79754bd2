import type { VariantName } from '../model/ids.ts';
import { canSpend } from '../model/run-state/run-facts.ts';
import type { RunState, VariantState } from '../model/run-state/state.ts';

/*
 * `onLimit: resume`: what a rate limit ended waits for the reset with the run, and is continued then. Only where the service said when that is,
 * and only by a supervisor that starts things: one that took over after a crash starts nothing by itself.
 */

/** Variants that a limit ended and that will be continued at its reset. */
export function waitsForReset(state: RunState): readonly VariantState[] {
  if (!state.launches || state.phase.kind === 'stopping' || state.phase.kind === 'finished') return [];
  return state.variants.filter((variant) => resetOf(variant) !== null && variant.removed === null && canSpend(variant, state));
}

/** Those whose limit is reset by now. */
export function dueAfterReset(state: RunState, now: Date): readonly VariantName[] {
  return waitsForReset(state)
    .filter((variant) => Date.parse(resetOf(variant) ?? '') <= now.getTime())
    .map(({ name }) => name);
}

function resetOf({ phase, attempts }: VariantState): string | null {
  if (phase.kind !== 'finished' || phase.outcome !== 'limited') return null;
  const last = attempts.at(-1);
  const until = last?.limitedUntil ?? null;
  // A reset that was over when the attempt ended says nothing: it would be tried again and again.
  return until !== null && until > (last?.finishedAt ?? '') ? until : null;
}
