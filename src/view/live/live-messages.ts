/** Sentences of the live view and of the lines that replace it without a terminal. */

export const queued = 'queued';
export const starts = 'starting';
export const working = 'working';
export const preparing = (step: string): string => (step === '' ? 'preparing' : `preparing: ${step}`);
export const committing = 'committing';
export const verifying = (check: string): string => (check === '' ? 'running its checks' : `running check ${check}`);
export const waitsFor = (needs: readonly string[]): string => `waiting for ${needs.join(', ')}`;
export const waitsForResume = 'waiting for copse resume';
export const waitsForLimit = (time: string): string => `waiting for the rate limit, until ${time}`;
export const heldUntil = (time: string): string => `rate limit, continues at ${time}`;
export const triesAgain = (countdown: string, reason: string): string =>
  reason === '' ? `retrying in ${countdown}` : `retrying in ${countdown}: ${reason}`;
export const triesAgainNow = 'retrying';
export const checkFails = (outcome: string, clauses: readonly string[]): string => `${outcome}, but ${clauses.join(', ')}`;
export const because = (outcome: string, reason: string): string => (reason === '' ? outcome : `${outcome}: ${reason}`);

export const pausedUntil = (reason: string, time: string, countdown: string): string =>
  `Paused: ${reason === '' ? 'rate limit' : reason} No new starts until ${time} (in ${countdown}).`;
export const pausedForPerson = (reason: string, run: string): string => `Paused: ${reason} Continue: copse resume ${run}`;
export const stopping = (reason: string): string => (reason === '' ? 'Stopping.' : `Stopping: ${reason}`);
export const bringsHome = (run: string): string =>
  `A new supervisor collects finished work but starts nothing new. Start the rest: copse resume ${run}`;

// Lines without a terminal.
export const line = (who: string, what: string): string => `${who}: ${what}`;
export const created = (parts: readonly string[]): string => parts.join(', ');
export const atMost = (amount: string): string => `at most ${amount}`;
export const paused = (reason: string, time: string | null): string =>
  `paused: ${reason === '' ? 'rate limit' : reason}${time === null ? '' : ` Continues at ${time}.`}`;
export const resumed = 'continues';
export const adopted = 'a new supervisor took over';
export const attemptStarts = (attempt: number, why: string, model: string | null): string =>
  `starting${attempt === 1 ? '' : ` attempt ${attempt}`}${why === '' ? '' : ` (${why})`}${model === null ? '' : ` with ${model}`}`;
export const attemptWhy = {
  first: '',
  'transient-retry': 'retry',
  continue: 'continues where it stopped',
  correction: 'with your correction',
  fresh: 'from the beginning',
} as const;
export const triesAgainAt = (time: string, reason: string): string => `retrying at ${time}${reason === '' ? '' : `: ${reason}`}`;
export const setupFailed = (command: string): string => `setup failed: ${command}`;
export const checkOf = (name: string, status: string, detail: string): string =>
  `check ${name} ${status === 'timed-out' ? 'timed out' : status}${detail === '' ? '' : `: ${detail}`}`;
export const onBase = 'base';
export const requeued = {
  retry: 'queued again (retry)',
  adoption: 'queued again (its preparation was interrupted)',
  resume: 'queued again',
} as const;
export const refChanged = (ref: string): string => `${ref} changed during the attempt`;
export const refused = (kind: string, detail: string): string => `${kind} refused: ${detail}`;
export const endings = { completed: 'done', stopped: 'stopped', fatal: 'ended early' } as const;
