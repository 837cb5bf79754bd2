import { expect, test } from 'vitest';
import { NO_CHANGES, NO_TOKENS } from '../../../../src/model/outcome.ts';
import type { RunEvent, RunEventBody } from '../../../../src/model/run-state/events.ts';
import { plainLine } from '../../../../src/view/live/plain-line.ts';
import { aRun, at, aVariant, aVerdict, COMMIT, check, ended, finishedRun, OTHER, running } from '../a-run.ts';

const process = { pid: 1, startTime: '1', bootId: 'b' };
const event = (body: RunEventBody): RunEvent => ({ seq: 1, at: at(0), gen: 1, ...body });
const line = (body: RunEventBody, state = finishedRun): string | null =>
  plainLine(event(body), state, { unicode: true, utcOffsetMinutes: 0 });

const told: readonly [RunEventBody, string][] = [
  [
    {
      type: 'run.created',
      run: 'ui',
      planHash: 'h',
      base: { ref: 'main', commit: COMMIT },
      target: 'main',
      isolation: 'guarded',
      concurrency: 3,
      totalBudgetUsd: 8,
      variants: [{ name: 'dark', branch: 'ui/dark', worktree: '/w', needs: [], model: null, budgetUsd: 2 }],
    },
    'ui: 1 variant, base main@1a2b3c4, guarded, at most $8.00',
  ],
  [{ type: 'run.paused', reason: 'Rate limit reached.', until: at(1800) }, 'ui: paused: Rate limit reached. Continues at 12:30.'],
  [{ type: 'run.resumed' }, 'ui: continues'],
  [{ type: 'run.stopping', reason: 'You asked for it.', fatal: null }, 'ui: stops: You asked for it.'],
  [{ type: 'run.finished', ending: 'completed', fatal: null, reason: '' }, 'ui: done'],
  [{ type: 'run.adopted', supervisor: process, launches: true }, 'ui: a new supervisor took over'],
  [{ type: 'variant.preparing', variant: 'dark' }, 'dark: preparing'],
  [
    { type: 'setup.finished', variant: 'dark', command: 'npm ci', exitCode: 1, durationMs: 1, detail: 'ENOTFOUND' },
    'dark: setup failed: npm ci: ENOTFOUND',
  ],
  [
    {
      type: 'attempt.started',
      variant: 'dark',
      attempt: 2,
      kind: 'correction',
      sessionId: 's',
      process,
      marker: 'm',
      reservedUsd: 1,
      model: 'sonnet',
      sessionCostUsd: 0,
    },
    'dark: starting attempt 2 (with your correction) with sonnet',
  ],
  [{ type: 'attempt.limited', variant: 'dark', attempt: 1, resetsAt: at(1800) }, 'dark: rate limit, continues at 12:30'],
  [
    {
      type: 'attempt.finished',
      variant: 'dark',
      attempt: 1,
      verdict: aVerdict({ outcome: 'failed', reason: 'Overloaded.' }),
      exitCode: 1,
      retryAt: at(60),
      survivors: [],
    },
    'dark: retrying at 12:01: Overloaded.',
  ],
  [
    { type: 'check.finished', variant: 'light', check: check('test', 'failed', '2 of 48 fail'), tree: 't', log: '/l' },
    'light: check test failed: 2 of 48 fail',
  ],
  [
    { type: 'check.finished', variant: null, check: check('test', 'passed', 'ok'), tree: 't', log: '/l' },
    'ui (base): check test passed',
  ],
  [
    {
      type: 'variant.finished',
      variant: 'dark',
      outcome: 'succeeded',
      reason: '',
      changes: { files: 3, insertions: 120, deletions: 14, commits: 1 },
      heldBack: [],
      notes: [],
    },
    'dark: succeeded, 3 files +120 −14, ≈$0.41, 6m10s',
  ],
  [{ type: 'variant.requeued', variant: 'dark', reason: 'retry', kind: 'continue', message: null }, 'dark: queued again (retry)'],
  [
    { type: 'ref.changed', variant: 'dark', ref: 'refs/heads/main', before: COMMIT, after: OTHER },
    'dark: refs/heads/main changed during the attempt',
  ],
  [
    { type: 'request.acknowledged', request: 'r', kind: 'retry', accepted: false, detail: 'dark still runs.' },
    'ui: retry refused: dark still runs.',
  ],
];

test.each(told)('tells %j', (body, expected) => {
  expect(line(body)).toBe(expected);
});

const silent: readonly RunEventBody[] = [
  { type: 'run.started', supervisor: process },
  { type: 'attempt.activity', variant: 'dark', attempt: 1, text: 'Edit a' },
  { type: 'attempt.usage', variant: 'dark', attempt: 1, turns: 1, tokens: NO_TOKENS, costUsd: 1 },
  { type: 'attempt.session', variant: 'dark', attempt: 1, sessionId: 's', model: null, version: null },
  { type: 'check.started', variant: 'dark', name: 'test' },
  { type: 'commit.created', variant: 'dark', commit: COMMIT, tree: 't', parked: null, heldBack: [] },
  { type: 'attempt.finished', variant: 'dark', attempt: 1, verdict: aVerdict(), exitCode: 0, retryAt: null, survivors: [] },
  { type: 'request.acknowledged', request: 'r', kind: 'stop', accepted: true, detail: '' },
];

test.each(silent)('says nothing of %j', (body) => {
  expect(line(body)).toBeNull();
});

test('a successor says that it starts nothing new only where something is left to start', () => {
  const adopted: RunEventBody = { type: 'run.adopted', supervisor: process, launches: false };
  expect(line(adopted)).toBeNull();
  const held = { launches: false, supervisor: process };
  const rest = aVariant('light', { phase: { kind: 'queued' } });
  expect(line(adopted, aRun([ended('dark'), rest], held))).toContain('copse resume ui');
  // Continued: queued, or begun by the time that this is read.
  const again = { ...rest, requested: { kind: 'correction', message: 'smaller' } } as const;
  expect(line(adopted, aRun([ended('dark'), again], held))).toBeNull();
  expect(line(adopted, aRun([ended('dark'), running('light', '')], held))).toBeNull();
});

test('is one line without commands to the terminal, whatever an agent said', () => {
  const text = line({
    type: 'variant.finished',
    variant: 'dark',
    outcome: 'failed',
    reason: 'a\u001b]0;t\u0007\nb',
    changes: NO_CHANGES,
    heldBack: [],
    notes: [],
  });
  expect(text).toBe('dark: failed: a b, ≈$0.41, 6m10s');
});

test('an event of a newer version is skipped', () => {
  // @ts-expect-error: not known here
  expect(line({ type: 'metric.measured', variant: 'dark' }, aRun([ended('dark')]))).toBeNull();
});
