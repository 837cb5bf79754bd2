/** Runs to draw, built from little. Times are minutes after the run's creation. */
import type { AttemptVerdict } from '../../../src/model/attempt.ts';
import type { Outcome, Tokens } from '../../../src/model/outcome.ts';
import { NO_CHANGES, NO_TOKENS } from '../../../src/model/outcome.ts';
import type { AttemptState, RunState, VariantState } from '../../../src/model/run-state/state.ts';
import type { Screen } from '../../../src/view/kit/screen.ts';
import { verdict } from '../../support/verdict.ts';

export const CREATED = '2025-03-04T12:00:00.000Z';
export const COMMIT = '1a2b3c4d5e6f708192a3b4c5d6e7f80910111213';
export const OTHER = '9f8e7d6c5b4a39281706f5e4d3c2b1a098765432';

export const at = (seconds: number): string => new Date(Date.parse(CREATED) + seconds * 1000).toISOString();

export function screen(columns: number, more: Partial<Screen> = {}): Screen {
  return { columns, rows: 24, colour: false, unicode: true, utcOffsetMinutes: 0, ...more };
}

export const tokens = (input: number): Tokens => ({ ...NO_TOKENS, input, cacheRead: input * 10 });

export function anAttempt(parts: Partial<AttemptState> = {}): AttemptState {
  return {
    attempt: 1,
    kind: 'first',
    sessionId: '6f1d2c3b-0000-4000-8000-000000000001',
    process: { pid: 4711, startTime: '1', bootId: 'b' },
    marker: 'm',
    reservedUsd: 2,
    sessionCostUsd: 0,
    startedAt: CREATED,
    finishedAt: null,
    model: 'sonnet',
    activity: '',
    turns: 0,
    tokens: NO_TOKENS,
    costUsd: 0,
    denials: [],
    limitedUntil: null,
    verdict: null,
    exitCode: null,
    ...parts,
  };
}

export function aVerdict(parts: Partial<AttemptVerdict> = {}): AttemptVerdict {
  return verdict({
    sessionId: '6f1d2c3b-0000-4000-8000-000000000001',
    model: 'sonnet',
    turns: 0,
    costUsd: 0,
    summary: '',
    ...parts,
  });
}

export function aVariant(name: string, parts: Partial<VariantState> = {}): VariantState {
  return {
    name,
    branch: `ui/${name}`,
    worktree: `/home/me/app.worktrees/ui-${name}`,
    needs: [],
    model: 'sonnet',
    budgetUsd: 2,
    phase: { kind: 'queued' },
    created: null,
    requested: null,
    attempts: [],
    startedAt: null,
    setupMs: 0,
    checksMs: 0,
    commit: null,
    changes: NO_CHANGES,
    heldBack: [],
    checks: [],
    notes: [],
    landed: null,
    landedBefore: [],
    removed: null,
    removedBefore: [],
    ...parts,
  };
}

export function running(name: string, activity: string, parts: Partial<AttemptState> = {}): VariantState {
  return aVariant(name, {
    phase: { kind: 'running', attempt: 1 },
    startedAt: CREATED,
    attempts: [anAttempt({ activity, ...parts })],
  });
}

export interface Ended {
  readonly outcome?: Outcome;
  readonly reason?: string;
  readonly seconds?: number;
  readonly costUsd?: number;
  readonly turns?: number;
  readonly newTokens?: number;
  readonly changes?: readonly [files: number, insertions: number, deletions: number];
}

export function ended(name: string, o: Ended = {}, parts: Partial<VariantState> = {}): VariantState {
  const [files, insertions, deletions] = o.changes ?? [0, 0, 0];
  const verdict = aVerdict({ turns: o.turns ?? 0, tokens: tokens(o.newTokens ?? 0), costUsd: o.costUsd ?? 0 });
  return aVariant(name, {
    phase: { kind: 'finished', outcome: o.outcome ?? 'succeeded', reason: o.reason ?? '', at: at(o.seconds ?? 60) },
    startedAt: CREATED,
    attempts: [anAttempt({ verdict, finishedAt: at(o.seconds ?? 60) })],
    changes: { files, insertions, deletions, commits: files === 0 ? 0 : 1 },
    ...parts,
  });
}

export const check = (
  name: string,
  status: 'passed' | 'failed' | 'timed-out',
  detail = '',
  onBase: 'passed' | 'failed' | null = 'passed',
) => ({
  name,
  status,
  exitCode: status === 'passed' ? 0 : 1,
  durationMs: 1000,
  detail,
  onBase,
});

export function aRun(variants: readonly VariantState[], parts: Partial<RunState> = {}): RunState {
  return {
    schema: 1,
    id: 'ui',
    planHash: 'h',
    base: { ref: 'main', commit: COMMIT },
    target: 'main',
    isolation: 'guarded',
    concurrency: 3,
    totalBudgetUsd: 8,
    createdAt: CREATED,
    phase: { kind: 'running' },
    supervisor: { pid: 4242, startTime: '1', bootId: 'b' },
    generation: 1,
    launches: true,
    lastSeq: 1,
    variants,
    baseChecks: [],
    refChanges: [],
    notes: [],
    ...parts,
  };
}

/** The run of DESIGN's first screen. */
export const liveRun = aRun([
  running('dark', 'Edit src/theme/dark.css', { turns: 12, tokens: tokens(41_000), costUsd: 0.18 }),
  ended('light', { turns: 9, newTokens: 30_000, costUsd: 0.11, changes: [2, 80, 10] }),
  aVariant('docs', { needs: ['adaptive'] }),
  running('adaptive', 'Bash npm test', { turns: 7, tokens: tokens(22_300), costUsd: 0.13 }),
]);

/** The run of DESIGN's second screen. */
export const finishedRun = aRun(
  [
    ended(
      'dark',
      { seconds: 370, costUsd: 0.41, changes: [3, 120, 14] },
      { checks: [check('test', 'passed'), check('types', 'passed')] },
    ),
    ended(
      'light',
      { seconds: 348, costUsd: 0.33, changes: [2, 80, 10] },
      {
        checks: [check('test', 'failed', '2 of 48 fail (theme.spec.ts)'), check('types', 'passed')],
        attempts: [
          anAttempt({
            denials: [{ tool: 'Bash', input: 'npm install zod', count: 1, allow: 'Bash(npm install *)' }],
            verdict: aVerdict({ costUsd: 0.33 }),
          }),
        ],
      },
    ),
    ended(
      'adaptive',
      { seconds: 841, costUsd: 0.63, changes: [5, 210, 31] },
      { checks: [check('test', 'passed'), check('types', 'passed')] },
    ),
  ],
  { phase: { kind: 'finished', ending: 'completed', fatal: null, reason: '', at: at(842) } },
);

export const ALL_VERBS: ReadonlySet<string> = new Set([
  'run',
  'plan',
  'init',
  'tour',
  'status',
  'attach',
  'logs',
  'retry',
  'resume',
  'exec',
  'compare',
  'merge',
  'prune',
]);

/** 20 variants: 4 working, 10 done, 1 failed, 5 queued. */
export const manyRun = aRun(
  Array.from({ length: 20 }, (_, i) => {
    const name = `variant-${String(i + 1).padStart(2, '0')}`;
    if (i < 10)
      return ended(name, { turns: 10 + i, newTokens: 30_000 + i * 500, costUsd: 0.1 + i / 100, changes: [i + 1, 10 * i, i] });
    if (i === 10) return ended(name, { outcome: 'timed-out', reason: 'No end after 45m.', costUsd: 0.9 });
    if (i < 15)
      return running(name, `Edit src/components/panel-${i}/index.tsx`, { turns: i, tokens: tokens(1000 * i), costUsd: 0.02 * i });
    return aVariant(name);
  }),
  { totalBudgetUsd: 40 },
);
