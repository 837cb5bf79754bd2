import type { ProcessIdentity } from '../../src/model/attempt.ts';
import { NO_CHANGES, NO_TOKENS } from '../../src/model/outcome.ts';
import type { RunEvent, RunEventBody, RunEventType } from '../../src/model/run-state/events.ts';
import { verdict } from './verdict.ts';

export const SOME_PROCESS: ProcessIdentity = { pid: 4242, startTime: '1', bootId: 'boot' };

export const GOOD_VERDICT = verdict({
  sessionId: null,
  model: null,
  tokens: { input: 10, output: 20, cacheRead: 30, cacheWrite: 40 },
  costUsd: 0.25,
  summary: 'Done.',
});

const COMMIT = 'c'.repeat(40);
const variant = 'dark';

/** One event of each type, for the variant `dark` in its first attempt. */
export const SAMPLE_BODIES: { readonly [T in RunEventType]: Extract<RunEventBody, { readonly type: T }> } = {
  'run.created': {
    type: 'run.created',
    run: 'ui',
    planHash: 'hash',
    base: { ref: 'main', commit: COMMIT },
    target: 'main',
    isolation: 'guarded',
    concurrency: 2,
    totalBudgetUsd: 8,
    variants: ['dark', 'light'].map((name) => ({
      name,
      branch: `ui/${name}`,
      worktree: `/w/ui-${name}`,
      needs: [],
      model: null,
      budgetUsd: 4,
    })),
  },
  'run.started': { type: 'run.started', supervisor: SOME_PROCESS },
  'run.paused': { type: 'run.paused', reason: 'rate limit', until: null },
  'run.resumed': { type: 'run.resumed' },
  'run.stopping': { type: 'run.stopping', reason: 'a person stopped it', fatal: null },
  'run.finished': { type: 'run.finished', ending: 'completed', fatal: null, reason: '' },
  'run.adopted': { type: 'run.adopted', supervisor: SOME_PROCESS, launches: false },
  'run.noted': { type: 'run.noted', note: 'The machine slept.' },
  'request.acknowledged': { type: 'request.acknowledged', request: 'r', kind: 'resume', accepted: true, detail: '' },
  'variant.preparing': { type: 'variant.preparing', variant },
  'worktree.created': {
    type: 'worktree.created',
    variant,
    path: '/w/ui-dark',
    branch: 'ui/dark',
    start: COMMIT,
    nonce: 'n',
    port: 41_000,
  },
  'setup.started': { type: 'setup.started', variant, command: 'npm ci' },
  'setup.finished': { type: 'setup.finished', variant, command: 'npm ci', exitCode: 0, durationMs: 1, detail: '' },
  'attempt.started': {
    type: 'attempt.started',
    variant,
    attempt: 1,
    kind: 'first',
    sessionId: 's',
    process: SOME_PROCESS,
    marker: 'm',
    reservedUsd: 2,
    model: 'sonnet',
    sessionCostUsd: 0,
  },
  'attempt.session': { type: 'attempt.session', variant, attempt: 1, sessionId: 's', model: 'sonnet', version: '2' },
  'attempt.activity': { type: 'attempt.activity', variant, attempt: 1, text: 'Edit src/theme/dark.css' },
  'attempt.usage': { type: 'attempt.usage', variant, attempt: 1, turns: 1, tokens: NO_TOKENS, costUsd: 0.1 },
  'attempt.denied': {
    type: 'attempt.denied',
    variant,
    attempt: 1,
    denial: { tool: 'Bash', input: 'npm install zod', count: 1, allow: null },
  },
  'attempt.retrying': { type: 'attempt.retrying', variant, attempt: 1, status: 529, error: 'overloaded', delayMs: 100 },
  'attempt.limited': { type: 'attempt.limited', variant, attempt: 1, resetsAt: '2026-01-01T00:00:00.000Z' },
  'attempt.finished': {
    type: 'attempt.finished',
    variant,
    attempt: 1,
    verdict: GOOD_VERDICT,
    exitCode: 0,
    retryAt: null,
    survivors: [],
  },
  'commit.created': { type: 'commit.created', variant, commit: COMMIT, tree: 't'.repeat(40), parked: null, heldBack: [] },
  'check.started': { type: 'check.started', variant, name: 'test' },
  'check.finished': {
    type: 'check.finished',
    variant,
    check: { name: 'test', status: 'passed', exitCode: 0, durationMs: 1, detail: '', onBase: null },
    tree: 't'.repeat(40),
    log: '/l',
  },
  'variant.finished': {
    type: 'variant.finished',
    variant,
    outcome: 'failed',
    reason: 'setup failed',
    changes: NO_CHANGES,
    heldBack: [],
    notes: [],
  },
  'variant.requeued': { type: 'variant.requeued', variant, reason: 'retry', kind: 'correction', message: 'smaller header' },
  'variant.amended': { type: 'variant.amended', variant, amendment: { budgetUsd: 4 }, seal: 'f00' },
  'ref.changed': { type: 'ref.changed', variant, ref: 'refs/heads/main', before: COMMIT, after: null },
  'merge.landed': {
    type: 'merge.landed',
    variant,
    operation: 'm',
    target: 'main',
    from: COMMIT,
    to: COMMIT,
    tip: COMMIT,
    as: 'squash',
  },
  'merge.undone': { type: 'merge.undone', variant, operation: 'm', by: 'u' },
  'prune.removed': { type: 'prune.removed', variant, operation: 'p', worktree: true, branch: true, why: 'landed on main' },
  'prune.purged': { type: 'prune.purged', variant, operation: 'p' },
  'undo.restored': { type: 'undo.restored', variant, operation: 'p', by: 'u', path: '/w/ui-dark-2', branch: 'ui/dark-2' },
};

/** Bodies as a log of one supervisor has them: numbered from 1, generation 1, a second apart. */
export function logOf(...bodies: readonly RunEventBody[]): RunEvent[] {
  return bodies.map((body, index) => eventOf(body, index + 1));
}

/** One line of a log. */
export function eventOf(body: RunEventBody, seq: number, gen = 1): RunEvent {
  return { seq, at: new Date(Date.UTC(2026, 0, 1, 12, 0, seq)).toISOString(), gen, ...body };
}

/** A whole run of one variant, of each phase's usual events. */
export const WHOLE_RUN: readonly RunEventBody[] = [
  SAMPLE_BODIES['run.created'],
  SAMPLE_BODIES['run.started'],
  SAMPLE_BODIES['variant.preparing'],
  SAMPLE_BODIES['worktree.created'],
  SAMPLE_BODIES['setup.started'],
  SAMPLE_BODIES['setup.finished'],
  SAMPLE_BODIES['attempt.started'],
  SAMPLE_BODIES['attempt.session'],
  SAMPLE_BODIES['attempt.activity'],
  SAMPLE_BODIES['attempt.usage'],
  SAMPLE_BODIES['attempt.denied'],
  SAMPLE_BODIES['attempt.finished'],
  SAMPLE_BODIES['commit.created'],
  SAMPLE_BODIES['check.started'],
  SAMPLE_BODIES['check.finished'],
  { ...SAMPLE_BODIES['variant.finished'], outcome: 'succeeded', reason: '' },
];
