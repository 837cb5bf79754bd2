/** Sentences of the screens that look at finished and unfinished runs: summary, status, verdict. */

import type { Fatal } from '../../model/attempt.ts';
import { besideWords } from '../../model/evidence/beside-words.ts';
import type { HeldBack } from '../../model/outcome.ts';
import { count } from '../../text/amounts.ts';

export const untouched = 'Your checkout was not touched.';
export const untouchedByUs = 'copse did not touch your checkout.';
export const checkDetail = (name: string, detail: string): string => (detail === '' ? `${name} fails` : `${name}: ${detail}`);
export const checkTimedOut = (name: string, detail: string): string => `${name} timed out${detail === '' ? '' : `: ${detail}`}`;
export const alsoOnBase = (text: string): string => `${text} (on the base too)`;
export const cannotRun = (check: string, detail: string): string =>
  `The check ${check} could not run on the base, so its results are unknown${detail === '' ? '.' : `: ${detail}`}`;
export const baseFails = (names: readonly string[]): string => `Fails on the base already: ${names.join(', ')}`;
export const denied = 'Denied: ';
export const deniedBy = (call: string, times: string, variants: readonly string[]): string =>
  `${call}${times} (${variants.join(', ')})`;
export const deniedCalls = (n: number): string => `${count(n, 'call')} denied`;
export const toAllowHead = 'To allow: ';
export const toAllow = (entries: readonly string[]): string =>
  `${toAllowHead}allowedTools: [${entries.map((e) => JSON.stringify(e)).join(', ')}]`;

export const heldBack = 'Not in the commit: ';
export const heldBackPath = (held: HeldBack, variant: string): string => `${besideWords(held)} (${variant})`;
export const heldBackAllow = (line: string): string =>
  `They stay in the worktree. To commit them in later runs, in the variants file: ${line}`;
export const heldBackNow = 'To keep them without another run:';
export const parked = (variant: string, ref: string): string =>
  `The work of ${variant} is parked at ${ref}: its HEAD had left the branch.`;

export const refMoved = (ref: string, move: string, variant: string, how: string): string =>
  `While ${variant} ran, ${ref} moved ${move}${how}.`;
export const refDeleted = (ref: string, before: string, variant: string): string =>
  `While ${variant} ran, ${ref} was deleted (it was at ${before}).`;
export const refCreated = (ref: string, after: string, variant: string, how: string): string =>
  `While ${variant} ran, ${ref} was created at ${after}${how}.`;
export const refHow = (message: string, checkout: string): string =>
  ` (${checkout === '' ? message : `in ${checkout}, ${message}`})`;
export const fatalHint: Readonly<Record<Fatal, string>> = {
  'agent-missing': 'Install Claude Code so that claude is on PATH, then: copse retry',
  'not-logged-in': 'Log in with claude, then: copse retry',
  'key-rejected': 'Set a key that the service accepts, then: copse retry',
  billing: 'Settle the account’s billing, then: copse retry',
  'checks-cannot-run': 'Install what the check needs, or add the command that installs it to `setup:` of the variants file.',
};
export const resetsAt = (time: string): string => `The rate limit resets at ${time}.`;

export const labels = {
  choose: 'Choose',
  correct: 'Correct',
  read: 'Read',
  look: 'Look',
  merge: 'Merge',
  clear: 'Clean up',
  goOn: 'Continue',
  watch: 'Watch',
} as const;
export const correction = (checks: readonly string[]): string =>
  checks.length === 1 ? `fix the failing check ${checks[0] ?? ''}` : `fix the failing checks ${checks.join(', ')}`;

// Status.
export const noRuns = 'No runs yet. Start one: copse run';
export const runWords = {
  running: 'running',
  paused: 'paused',
  stopping: 'stopping',
  finished: 'done',
  stopped: 'stopped',
  fatal: 'ended early',
  nothing: 'nothing succeeded',
  interrupted: 'interrupted',
} as const;
export const interrupted = (run: string): string =>
  `Its supervisor is gone; agents may still be running. Collect their work: copse attach ${run}`;
export const interruptedQueued = (run: string, n: number): string => `Then start the ${n} still queued: copse resume ${run}`;
export const queuedForResume = (run: string, n: number): string => `${n} still queued. Start: copse resume ${run}`;
export const removed = (names: readonly string[], [operation = '', ...others]: readonly string[]): string =>
  `Removed: ${names.join(', ')}. Restore: copse undo ${others.length === 0 ? operation.slice(0, 10) : '--list'}`;
export const pausedFor = (reason_: string, time: string | null, run: string): string =>
  time === null ? `${reason_} Continue: copse resume ${run}` : `${reason_} Continues automatically at ${time}.`;

// Verdict.
export const stillRunning = (n: number): string => `${n} still running`;
