import { blocks } from '../../model/evidence/check.ts';
import type { RunEvent } from '../../model/run-state/events.ts';
import { variantTotals, waitsForResume } from '../../model/run-state/run-facts.ts';
import type { RunState } from '../../model/run-state/state.ts';
import { workedMs } from '../../model/run-state/worked-ms.ts';
import { clockTime, cost, dollars, duration } from '../../text/amounts.ts';
import { oneLine } from '../../text/plain-text.ts';
import { changeWords } from '../kit/change-words.ts';
import { outcomeWord, variantCount } from '../kit/shared-messages.ts';
import { symbolsFor } from '../kit/style.ts';
import { denialsOf } from '../kit/variant-facts.ts';
import { baseText } from '../run/run-header.ts';
import { deniedCalls } from '../run/summary-messages.ts';
import { amendmentWords } from './amendment-words.ts';
import * as say from './live-messages.ts';

function finishedText(event: Extract<RunEvent, { type: 'variant.finished' }>, state: RunState, unicode: boolean): string {
  const symbols = symbolsFor({ unicode });
  const variant = state.variants.find((v) => v.name === event.variant);
  const { files, added, removed } = changeWords(event.changes, symbols);
  const denied = variant === undefined ? 0 : denialsOf(variant).reduce((sum, d) => sum + d.count, 0);
  const facts = [
    endingText(event, variant?.checks.filter(blocks).map((check) => oneLine(check.name)) ?? []),
    files === '' ? '' : `${files} ${added} ${removed}`,
    denied === 0 ? '' : deniedCalls(denied),
    variant === undefined || variantTotals(variant).costUsd === 0 ? '' : cost(variantTotals(variant).costUsd, symbols),
    variant === undefined ? '' : duration(workedMs(variant, null)),
  ];
  return facts.filter((fact) => fact !== '').join(', ');
}

/** The outcome is the agent's; a check that fails is what one wants to know first. */
function endingText(event: Extract<RunEvent, { type: 'variant.finished' }>, failing: readonly string[]): string {
  const outcome = outcomeWord(event.outcome);
  const reason = oneLine(event.reason).replace(/\.$/, '');
  if (reason !== '' || failing.length === 0) return say.because(outcome, reason);
  return say.checkFails(outcome, failing);
}

function whatHappened(
  event: RunEvent,
  state: RunState,
  o: { readonly unicode: boolean; readonly utcOffsetMinutes?: number },
): string | null {
  switch (event.type) {
    case 'run.created':
      return say.created([
        variantCount(event.variants.length),
        baseText(event),
        event.isolation,
        say.atMost(dollars(event.totalBudgetUsd)),
      ]);
    case 'run.paused':
      return say.paused(oneLine(event.reason), event.until === null ? null : clockTime(event.until, o));
    case 'run.resumed':
      return say.resumed;
    case 'run.stopping':
      return say.because('stops', oneLine(event.reason));
    case 'run.finished':
      return say.because(say.endings[event.ending], oneLine(event.reason));
    case 'run.adopted':
      if (event.launches) return say.adopted;
      // A user who retries variants of a finished run need not read about a rest that does not exist.
      return state.variants.some((v) => waitsForResume(v, state)) ? say.bringsHome(state.id) : null;
    case 'request.acknowledged':
      return event.accepted ? null : say.refused(event.kind, oneLine(event.detail));
    case 'variant.preparing':
      return say.preparing('');
    case 'setup.finished':
      return event.exitCode === 0 ? null : say.because(say.setupFailed(oneLine(event.command)), oneLine(event.detail));
    case 'attempt.started':
      return say.attemptStarts(event.attempt, say.attemptWhy[event.kind], event.model);
    case 'attempt.limited':
      return event.resetsAt === null ? null : say.heldUntil(clockTime(event.resetsAt, o));
    case 'attempt.finished':
      return event.retryAt === null ? null : say.triesAgainAt(clockTime(event.retryAt, o), oneLine(event.verdict.reason));
    case 'check.finished':
      return say.checkOf(
        oneLine(event.check.name),
        event.check.status,
        event.check.status === 'passed' ? '' : oneLine(event.check.detail),
      );
    case 'variant.finished':
      return finishedText(event, state, o.unicode);
    case 'variant.requeued':
      return say.requeued[event.reason];
    case 'variant.amended':
      return amendmentWords(event.amendment);
    case 'ref.changed':
      return say.refChanged(oneLine(event.ref));
    // Events about mere progress, or that the next event repeats with more detail.
    case 'run.started':
    case 'worktree.created':
    case 'setup.started':
    case 'attempt.session':
    case 'attempt.activity':
    case 'attempt.usage':
    case 'attempt.denied':
    case 'attempt.retrying':
    case 'commit.created':
    case 'check.started':
    case 'run.noted':
      return null;
    default:
      // Newer versions may add events; an old view skips them.
      return null;
  }
}

/**
 * Without a terminal: one line for an event that changes the state of the run or a variant, null for all others. `state` is
 * the state after the event. No line break at the end.
 */
export function plainLine(
  event: RunEvent,
  state: RunState,
  o: { readonly unicode: boolean; readonly utcOffsetMinutes?: number } = { unicode: true },
): string | null {
  const what = whatHappened(event, state, o);
  if (what === null) return null;
  const who = 'variant' in event ? (event.variant ?? `${state.id} (${say.onBase})`) : state.id;
  return say.line(who, oneLine(what));
}
