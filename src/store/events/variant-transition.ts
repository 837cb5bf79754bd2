import { unreachable } from '../../model/errors.ts';
import type { Outcome } from '../../model/outcome.ts';
import type { RunEvent } from '../../model/run-state/events.ts';
import type { VariantPhase, VariantPhaseKind } from '../../model/run-state/state.ts';

/** Outcomes that are impossible for a variant without an attempt. */
const AGENT_OUTCOMES: ReadonlySet<Outcome> = new Set(['succeeded', 'no-changes', 'blocked', 'stalled', 'lost']);

/**
 * The phase of an event's variant after it; the diagram is above `VariantPhase`. Beyond the diagram: a variant that waits for
 * a transient retry may also be committed or finished, since the user or the budget may end the wait.
 * Throws a plain Error (a bug) for a pair of phase and event that cannot be.
 */
export function variantTransition(phase: VariantPhase, event: RunEvent): VariantPhase {
  const impossible = (): Error => new Error(`event ${event.seq} ${event.type} cannot come while a variant is ${phase.kind}`);
  const only = (...kinds: readonly VariantPhaseKind[]): void => {
    if (!kinds.includes(phase.kind)) throw impossible();
  };
  const onlyAttempt = (attempt: number): void => {
    if (phase.kind !== 'running' || phase.attempt !== attempt) throw impossible();
  };
  switch (event.type) {
    case 'variant.preparing':
      only('queued');
      return { kind: 'preparing', step: 'worktree' };
    case 'worktree.created':
    case 'setup.finished':
      only('preparing');
      return phase;
    case 'setup.started':
      only('preparing');
      return { kind: 'preparing', step: event.command };
    case 'attempt.started':
      only('preparing', 'retrying');
      return { kind: 'running', attempt: event.attempt };
    case 'attempt.session':
    case 'attempt.activity':
    case 'attempt.usage':
    case 'attempt.denied':
    case 'attempt.retrying':
    case 'attempt.limited':
      onlyAttempt(event.attempt);
      return phase;
    case 'attempt.finished':
      onlyAttempt(event.attempt);
      return event.retryAt === null ? { kind: 'committing' } : { kind: 'retrying', attempt: event.attempt, at: event.retryAt };
    case 'commit.created':
      only('committing', 'retrying');
      return { kind: 'committing' };
    case 'check.started':
      if (event.variant === null) return phase;
      only('committing', 'verifying');
      return { kind: 'verifying', check: event.name };
    case 'check.finished':
      if (event.variant === null) return phase;
      only('committing', 'verifying');
      return { kind: 'verifying', check: event.check.name };
    case 'variant.finished':
      only('queued', 'preparing', 'retrying', 'committing', 'verifying');
      if (
        event.cameToNothing !== true &&
        (phase.kind === 'queued' || phase.kind === 'preparing') &&
        AGENT_OUTCOMES.has(event.outcome)
      )
        throw impossible();
      return { kind: 'finished', outcome: event.outcome, reason: event.reason, at: event.at };
    case 'variant.requeued':
      only('finished', 'preparing');
      return { kind: 'queued' };
    case 'merge.landed':
    case 'merge.undone':
    case 'prune.removed':
    case 'prune.purged':
    case 'undo.restored':
      // Later events about the work; they only concern a variant at rest.
      only('finished', 'queued');
      return phase;
    case 'variant.amended':
      only('finished', 'queued');
      return phase;
    case 'ref.changed':
    case 'run.created':
    case 'run.started':
    case 'run.paused':
    case 'run.resumed':
    case 'run.stopping':
    case 'run.finished':
    case 'run.adopted':
    case 'run.noted':
    case 'request.acknowledged':
      return phase;
    default:
      return unreachable(event);
  }
}
