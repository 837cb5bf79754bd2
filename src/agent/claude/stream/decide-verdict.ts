import type { AttemptVerdict } from '../../../model/attempt.ts';
import { unreachable } from '../../../model/errors.ts';
import type { AttemptEndFacts } from '../../backend.ts';
import type { JsonObject } from '../json.ts';
import { type Failure, failed, resultFailure, silentFailure } from './failure.ts';

export type Decided = Pick<
  AttemptVerdict,
  'outcome' | 'reason' | 'fatal' | 'transient' | 'modelNotFound' | 'sessionGone' | 'resetsAt'
>;

export interface OutcomeFacts {
  readonly end: AttemptEndFacts;
  /** The last `result` line. */
  readonly result: JsonObject | null;
  /** A result line came that cannot be parsed. */
  readonly brokenResult: boolean;
  /** Error code of the last message of Claude Code's own. */
  readonly lastError: string | null;
  readonly fatal: Failure | null;
  /** The subscription's limit is used up. */
  readonly rejectedUntil: { readonly resetsAt: number | null } | null;
  readonly saidSomething: boolean;
}

const SUCCEEDED: Decided = {
  outcome: 'succeeded',
  reason: '',
  fatal: null,
  transient: false,
  modelNotFound: false,
  resetsAt: null,
};

/**
 * The verdict of an attempt. The result line decides, not the exit status (a SIGINT exits 0, a background command keeps a finished
 * one alive). A good result that came before we stopped it counts; otherwise why we stopped it does.
 */
export function decideVerdict(facts: OutcomeFacts): Decided {
  if (facts.fatal !== null) return facts.fatal;
  if (isSuccess(facts.result)) return SUCCEEDED;
  return stopFailure(facts) ?? limited(facts, ownFailure(facts));
}

function isSuccess(result: JsonObject | null): boolean {
  return result !== null && result['subtype'] === 'success' && result['is_error'] !== true;
}

function stopFailure({ end }: OutcomeFacts): Decided | null {
  const { stopped } = end;
  switch (stopped) {
    case 'stopped':
      return { ...SUCCEEDED, outcome: 'stopped' };
    case 'timed-out':
      return { ...SUCCEEDED, outcome: 'timed-out', reason: 'It reached its time limit.' };
    case 'stalled':
      return { ...SUCCEEDED, outcome: 'stalled', reason: 'It was silent for too long while no tool was running.' };
    case 'fatal':
    case 'after-result':
    case null:
      // Only the shim's clock was left to stop it.
      if (end.exit?.timedOut === true) return { ...SUCCEEDED, outcome: 'timed-out', reason: 'It reached its time limit.' };
      return null;
    default:
      return unreachable(stopped);
  }
}

function ownFailure(facts: OutcomeFacts): Failure {
  if (facts.result !== null) return resultFailure(facts.result, facts.lastError);
  if (facts.brokenResult) return failed('Its result cannot be read.', { transient: true });
  return silentFailure(facts.end.exit?.code ?? null, facts.end.stderrTail, facts.saidSomething);
}

/** A limit that the stream announced explains whatever error came after it, and knows when it ends. */
function limited({ rejectedUntil, result }: OutcomeFacts, failure: Failure): Decided {
  if (rejectedUntil === null || result === null) return failure;
  return { ...failure, outcome: 'limited', resetsAt: rejectedUntil.resetsAt ?? failure.resetsAt, transient: false };
}
