import { unreachable } from '../../model/errors.ts';
import { blocks } from '../../model/evidence/check.ts';
import { checkClause } from '../../model/evidence/check-words.ts';
import { landingOf, waitsForResume } from '../../model/run-state/run-facts.ts';
import type { RunState, VariantState } from '../../model/run-state/state.ts';
import { clockTime, duration } from '../../text/amounts.ts';
import { oneLine } from '../../text/plain-text.ts';
import { between } from '../kit/change-words.ts';
import { outcomeWord } from '../kit/shared-messages.ts';
import { openNeeds } from '../kit/variant-facts.ts';
import * as say from './live-messages.ts';

export interface Moment {
  readonly now: Date;
  readonly utcOffsetMinutes?: number;
}

function queuedText(variant: VariantState, state: RunState, moment: Moment): string {
  const needs = openNeeds(variant, state);
  if (needs.length > 0) return say.waitsFor(needs);
  if (waitsForResume(variant, state)) return say.waitsForResume;
  if (state.phase.kind === 'paused' && state.phase.until !== null) return say.waitsForLimit(clockTime(state.phase.until, moment));
  return say.queued;
}

function runningText(variant: VariantState, moment: Moment): string {
  const attempt = variant.attempts.at(-1);
  if (attempt === undefined) return say.starts;
  const { limitedUntil } = attempt;
  if (limitedUntil !== null && Date.parse(limitedUntil) > moment.now.getTime())
    return say.heldUntil(clockTime(limitedUntil, moment));
  const activity = oneLine(attempt.activity);
  if (activity !== '') return activity;
  return attempt.turns === 0 ? say.starts : say.working;
}

/** A variant's current activity, or its end, in one line. Agent-written parts are stripped. */
export function activityText(variant: VariantState, state: RunState, moment: Moment): string {
  const { phase } = variant;
  switch (phase.kind) {
    case 'queued':
      return queuedText(variant, state, moment);
    case 'preparing':
      return say.preparing(oneLine(phase.step));
    case 'running':
      return runningText(variant, moment);
    case 'retrying': {
      const wait = Date.parse(phase.at) - moment.now.getTime();
      const reason = oneLine(variant.attempts.at(-1)?.verdict?.reason ?? '');
      return wait > 0 ? say.triesAgain(duration(between(moment.now.toISOString(), phase.at) + 999), reason) : say.triesAgainNow;
    }
    case 'committing':
      return say.committing;
    case 'verifying':
      return say.verifying(oneLine(phase.check));
    case 'finished': {
      const failing = variant.checks.filter(blocks).map((check) => oneLine(checkClause(check)));
      const word = fateOf(variant);
      if (phase.outcome === 'succeeded' || phase.outcome === 'no-changes') {
        return failing.length > 0 ? say.checkFails(word, failing) : word;
      }
      return say.because(word, oneLine(phase.reason));
    }
    default:
      return unreachable(phase);
  }
}

/** The end of a finished variant and what became of it since: `succeeded`, `landed on main, removed`. */
function fateOf(variant: VariantState): string {
  const { phase, removed } = variant;
  const landed = landingOf(variant);
  const ended = phase.kind === 'finished' ? outcomeWord(phase.outcome) : '';
  const now = landed === null ? ended : `landed on ${oneLine(landed.target)}`;
  if (removed === null) return now;
  return `${now}, ${removed.purged ? 'deleted' : 'removed'}`;
}
