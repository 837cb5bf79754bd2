import type { Outcome } from '../model/outcome.ts';
import type { RunEventBody } from '../model/run-state/events.ts';
import { type AttemptState, CAME_TO_NOTHING, type VariantState } from '../model/run-state/state.ts';

type Finished = Extract<RunEventBody, { readonly type: 'variant.finished' }>;

/** Endings that say something about the work, or that `resume` has to find. */
const NEW: ReadonlySet<Outcome> = new Set(['succeeded', 'no-changes', 'blocked', 'limited']);

/**
 * The event that ends a variant. If a retry never got to work (no login, no money, the network is down, it was stopped in the queue),
 * nothing new is known about the work: the earlier ending stays, with a note. `newWork`: an agent has worked since.
 */
export function ending(variant: VariantState, newWork: boolean, o: Omit<Finished, 'type' | 'variant'>): Finished {
  const { name, before, commit } = variant;
  const finished = { type: 'variant.finished', variant: name, ...o } as const;
  const known = before != null && (NEW.has(before.outcome) || variant.attempts.slice(0, before.attempts).some(hasBegun));
  if (!known || newWork || NEW.has(o.outcome) || commit?.commit !== before.commit) return finished;
  const why = o.reason === '' ? (o.outcome === 'stopped' ? 'It was stopped.' : `It ended ${o.outcome}.`) : o.reason;
  const { outcome, reason } = before;
  return { ...finished, outcome, reason, notes: [`${CAME_TO_NOTHING} ${why}`, ...o.notes], cameToNothing: true };
}

/** Whether an agent has worked since the variant was last put back into the queue; `isCommand`: it says nothing of its turns. */
export function hasNewWork({ attempts, before }: VariantState, isCommand: boolean): boolean {
  return attempts.slice(before?.attempts ?? 0).some((attempt) => isCommand || hasBegun(attempt));
}

/** Whether its agent got as far as an answer. */
export function hasBegun(attempt: AttemptState): boolean {
  return attempt.turns > 0 || (attempt.verdict?.turns ?? 0) > 0;
}
