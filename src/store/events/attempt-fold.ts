import { type Denial, NO_TOKENS } from '../../model/outcome.ts';
import type { EventOf, RunEvent } from '../../model/run-state/events.ts';
import type { AttemptState } from '../../model/run-state/state.ts';

/** An attempt as its start announces it. */
export function startedAttempt(event: EventOf<'attempt.started'>): AttemptState {
  return {
    attempt: event.attempt,
    kind: event.kind,
    sessionId: event.sessionId,
    process: event.process,
    marker: event.marker,
    reservedUsd: event.reservedUsd,
    sessionCostUsd: event.sessionCostUsd,
    startedAt: event.at,
    finishedAt: null,
    model: event.model,
    activity: '',
    turns: 0,
    tokens: NO_TOKENS,
    costUsd: 0,
    denials: [],
    limitedUntil: null,
    verdict: null,
    exitCode: null,
  };
}

/** The attempt after one of its own events. */
export function applyToAttempt(attempt: AttemptState, event: RunEvent): AttemptState {
  switch (event.type) {
    case 'attempt.session':
      return { ...attempt, sessionId: event.sessionId ?? attempt.sessionId, model: event.model ?? attempt.model };
    case 'attempt.activity':
      return { ...attempt, activity: event.text };
    case 'attempt.usage':
      return { ...attempt, turns: event.turns, tokens: event.tokens, costUsd: event.costUsd };
    case 'attempt.denied':
      return { ...attempt, denials: withDenial(attempt.denials, event.denial) };
    case 'attempt.retrying':
      return { ...attempt, activity: `waits for the API: ${event.error}` };
    case 'attempt.limited':
      return { ...attempt, limitedUntil: event.resetsAt };
    case 'attempt.finished':
      return finishedAttempt(attempt, event);
    default:
      return attempt;
  }
}

function finishedAttempt(attempt: AttemptState, event: EventOf<'attempt.finished'>): AttemptState {
  const { verdict } = event;
  return {
    ...attempt,
    finishedAt: event.at,
    sessionId: verdict.sessionId ?? attempt.sessionId,
    model: verdict.model ?? attempt.model,
    activity: '',
    turns: verdict.turns,
    tokens: verdict.tokens,
    costUsd: verdict.costUsd,
    // The verdict counts each call once for all; an attempt that left no result has only what was seen on the way.
    denials: verdict.denials.length > 0 ? verdict.denials : attempt.denials,
    verdict,
    exitCode: event.exitCode,
  };
}

/** The same call denied again is one denial with a higher count. */
function withDenial(denials: readonly Denial[], denial: Denial): readonly Denial[] {
  const at = denials.findIndex((known) => known.tool === denial.tool && known.input === denial.input);
  const known = denials[at];
  return known === undefined
    ? [...denials, denial]
    : denials.with(at, { ...known, allow: known.allow ?? denial.allow, count: known.count + denial.count });
}
