import type { AgentFatal } from '../../../model/attempt.ts';
import type { Outcome } from '../../../model/outcome.ts';
import { causeOf } from '../../../system/cause/cause-of.ts';
import { signalName } from '../../../system/processes/signal-name.ts';
import { shortLine } from '../../../text/plain-text.ts';
import { type JsonObject, listOf, numberOf, textOf } from '../json.ts';

/** The failure that an error means. */
export interface Failure {
  readonly outcome: Extract<Outcome, 'failed' | 'limited' | 'over-budget' | 'stopped' | 'lost'>;
  readonly reason: string;
  readonly fatal: AgentFatal | null;
  readonly transient: boolean;
  readonly modelNotFound: boolean;
  readonly sessionGone?: true;
  readonly resetsAt: number | null;
}

const FAILED: Failure = { outcome: 'failed', reason: '', fatal: null, transient: false, modelNotFound: false, resetsAt: null };

export function failed(reason: string, more: Partial<Failure> = {}): Failure {
  return { ...FAILED, reason, ...more };
}

/** Claude Code deletes transcripts by itself, after 30 days unless its settings say otherwise. */
const SESSION_GONE = /No conversation found with session ID/i;

/** An error as Claude Code names it, with the text people would read. `error`: the code on the assistant message. */
export interface ApiError {
  readonly status: number | null;
  readonly error: string | null;
  readonly text: string;
}

/** The failure that an error of the Messages API, or of the connection to it, means. */
export function apiFailure({ status, error, text }: ApiError): Failure {
  const fatal = fatalOf({ status, error, text });
  if (fatal !== null) return failed(FATAL_REASONS[fatal], { fatal });
  if (error === 'model_not_found' || (status === 404 && /model/i.test(text))) {
    return failed(shortLine(text), { modelNotFound: true });
  }
  const usageLimit = /(?:usage|session|weekly|5-hour|opus) limit|limit reached|hit your limit/i.test(text);
  if (status === 429 || error === 'rate_limit' || usageLimit) {
    const epoch = /\|(\d{10})\b/.exec(text)?.[1];
    const resetsAt = epoch === undefined ? null : Number(epoch);
    return failed(shortLine(text.replace(/\|\d{10}\b/, '')), { outcome: 'limited', resetsAt, transient: !usageLimit });
  }
  const network = /ECONN|ETIMEDOUT|EAI_AGAIN|ENOTFOUND|socket|fetch failed|connection error|network|timed? ?out/i.test(text);
  const server = (status !== null && status >= 500) || error === 'overloaded' || error === 'server_error';
  return failed(shortLine(text), { transient: server || network });
}

export const FATAL_REASONS: Readonly<Record<AgentFatal, string>> = {
  'agent-missing': 'claude was not found on PATH.',
  'not-logged-in': 'Claude Code is not logged in.',
  'key-rejected': 'The login was rejected: the key or token is not valid.',
  billing: 'The account cannot be billed: its credit is used up.',
};

/** Whether it is pointless to continue the whole run. */
export function fatalOf({ status, error, text }: ApiError): AgentFatal | null {
  if (/not logged in|please run \/login|no api key/i.test(text) && status !== 401) return 'not-logged-in';
  if (error === 'billing_error' || /credit balance is too low/i.test(text)) return 'billing';
  if (error === 'authentication_failed' || error === 'oauth_org_not_allowed' || status === 401) return 'key-rejected';
  return null;
}

/** The failure that an erroneous `result` line means. */
export function resultFailure(result: JsonObject, error: string | null): Failure {
  const subtype = textOf(result['subtype']) ?? '';
  const errors = listOf(result['errors']).filter((item) => typeof item === 'string');
  const text = textOf(result['result']) ?? errors.join('; ');
  switch (subtype) {
    case 'error_max_budget_usd':
      return failed('It reached its budget.', { outcome: 'over-budget' });
    case 'error_max_turns':
      return failed('It reached its turn limit (maxTurns).');
    case 'error_max_structured_output_retries':
      return failed('Its answer never had the required form.');
    case 'error_during_execution':
      if (SESSION_GONE.test(text))
        return failed('Its conversation is gone: Claude Code deletes old ones.', { sessionGone: true });
      if (/^aborted/.test(textOf(result['terminal_reason']) ?? '')) {
        return failed('It was interrupted.', { outcome: 'stopped' });
      }
      return apiFailure({ status: null, error, text: text === '' ? 'It ended with an error.' : text });
    default:
      return apiFailure({
        status: numberOf(result['api_error_status']),
        error,
        text: text === '' ? 'It ended with an error.' : text,
      });
  }
}

/** The failure that an end without any result means. `code`: as `sh` sees it; null: not even an exit status. */
export function silentFailure(code: number | null, stderrTail: string, saidSomething: boolean): Failure {
  if (code === null)
    return failed('It ended without a trace: no result and no exit status.', { outcome: 'lost', transient: true });
  if (code === 127 && !saidSomething) return failed(FATAL_REASONS['agent-missing'], { fatal: 'agent-missing' });
  if (code > 128)
    return failed(`It was ended by ${signalName(code - 128)} before it was done.`, { outcome: 'lost', transient: true });
  if (code === 0) return failed('It ended without a result although its exit status is 0.', { outcome: 'lost', transient: true });
  const said = causeOf(stderrTail);
  if (fatalOf({ status: null, error: null, text: `${said}\n${stderrTail.trimEnd().split('\n').at(-1)}` }) === 'not-logged-in') {
    return failed(FATAL_REASONS['not-logged-in'], { fatal: 'not-logged-in' });
  }
  const began = saidSomething ? 'It ended' : 'It could not start';
  return failed(said === '' ? `${began}: exit status ${code}, no result.` : `${began}: ${said}`);
}
