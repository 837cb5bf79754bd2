/** Evidence to draw. */
import type { TestFacts } from '../../../src/model/evidence/check.ts';
import { NO_TOKENS } from '../../../src/model/outcome.ts';
import type {
  CheckEvidence,
  Evidence,
  FileChange,
  MetricEvidence,
  VariantEvidence,
} from '../../../src/model/reports/evidence.ts';
import { evidenceOf } from '../../support/evidence.ts';
import { COMMIT, CREATED, OTHER } from './a-run.ts';

export function checkOf(name: string, parts: Partial<CheckEvidence> = {}): CheckEvidence {
  return {
    name,
    status: 'passed',
    exitCode: 0,
    durationMs: 4_200,
    detail: '',
    onBase: 'passed',
    changedFiles: [],
    ...parts,
  };
}

export function metricWith(name: string, value: number | null, parts: Partial<MetricEvidence> = {}): MetricEvidence {
  return {
    name,
    value,
    unit: 'kB',
    goal: 'min',
    onBase: 42,
    delta: value === null ? null : value - 42,
    spread: 0,
    tolerance: 0,
    best: false,
    failure: '',
    ...parts,
  };
}

export function fileOf(path: string, parts: Partial<FileChange> = {}): FileChange {
  return {
    path,
    from: null,
    status: 'modified',
    insertions: 10,
    deletions: 2,
    binary: false,
    modes: null,
    submodule: null,
    ...parts,
  };
}

export function anEvidence(variants: readonly VariantEvidence[], parts: Partial<Evidence> = {}): Evidence {
  return {
    at: CREATED,
    runs: ['ui'],
    base: { ref: 'main', commit: COMMIT },
    differingBases: [],
    target: { branch: 'main', commit: COMMIT, behindRemote: null },
    task: 'Rework the UI theme of this app.',
    isolation: 'guarded',
    variants,
    overlap: [],
    agreement: [],
    ranking: variants.map(({ label }, i) => ({ label, rank: i + 1, reasons: [] })),
    judge: null,
    decision: { voting: 'open', chosen: null, why: '', at: null, changed: false },
    stopped: false,
    checksFrom: null,
    notes: [],
    ...parts,
  };
}

const tokens = (input: number) => ({ ...NO_TOKENS, input, output: Math.round(input / 8), cacheRead: input * 9 });

/** Three variants as a usual run leaves them. */
export const usual = anEvidence(
  [
    evidenceOf('dark', {
      changes: { files: 3, insertions: 120, deletions: 14, commits: 2 },
      files: [fileOf('src/theme/dark.css', { status: 'added' }), fileOf('src/theme/index.ts'), fileOf('README.md')],
      checks: [checkOf('test'), checkOf('types')],
      metrics: [
        metricWith('bundle', 38.25, { best: true }),
        metricWith('start', 0.31, { unit: 's', onBase: 0.32, delta: -0.01, spread: 0.02, best: true }),
      ],
      costUsd: 0.41,
      durationMs: 370_000,
      turns: 12,
      tokens: tokens(41_000),
      model: 'claude-sonnet-4-5',
      summary: 'Adds a dark theme and a toggle.\n\n- `dark.css` holds the colours\n- the toggle remembers its state',
    }),
    evidenceOf('light', {
      changes: { files: 2, insertions: 80, deletions: 10, commits: 1 },
      files: [fileOf('src/theme/light.css', { status: 'added' }), fileOf('src/theme/index.ts')],
      checks: [checkOf('test', { status: 'failed', exitCode: 1, detail: '2 of 48 fail (theme.spec.ts)' }), checkOf('types')],
      metrics: [
        metricWith('bundle', 44),
        metricWith('start', 0.33, { unit: 's', onBase: 0.32, delta: 0.01, spread: 0.02, best: true }),
      ],
      merges: { clean: false, conflicts: ['src/theme/index.ts'] },
      costUsd: 0.33,
      durationMs: 348_000,
      turns: 9,
      tokens: tokens(30_000),
      model: 'claude-sonnet-4-5',
      summary: 'Reworks the light theme.',
    }),
    evidenceOf('adaptive', {
      changes: { files: 5, insertions: 210, deletions: 31, commits: 3 },
      files: [fileOf('src/theme/index.ts'), fileOf('src/app.ts'), fileOf('test/theme.spec.ts', { status: 'deleted' })],
      checks: [checkOf('test', { changedFiles: ['test/theme.test.js'] }), checkOf('types')],
      metrics: [
        metricWith('bundle', null, { failure: 'it printed no number' }),
        metricWith('start', 0.5, { unit: 's', onBase: 0.32, delta: 0.18 }),
      ],
      costUsd: 0.63,
      durationMs: 841_000,
      turns: 21,
      tokens: tokens(120_000),
      model: 'claude-opus-4-1',
      uncommitted: ['notes.txt'],
      summary: 'Follows the system.',
    }),
  ],
  {
    overlap: [
      { a: 'dark', b: 'light', files: ['src/theme/index.ts'], conflicts: ['src/theme/index.ts'] },
      { a: 'dark', b: 'adaptive', files: ['src/theme/index.ts'], conflicts: [] },
      { a: 'light', b: 'adaptive', files: ['src/theme/index.ts'], conflicts: ['src/theme/index.ts'] },
    ],
    agreement: [
      {
        path: 'src/theme/index.ts',
        variants: ['dark', 'light', 'adaptive'],
        line: 3,
        count: 1,
        removed: ["import './old.css';"],
        added: ["import './base.css';"],
      },
    ],
    ranking: [
      {
        label: 'dark',
        rank: 1,
        reasons: ['all 2 checks pass', 'bundle 38.25 kB, 3.75 kB better than the base', '134 lines changed', '≈$0.41'],
      },
      { label: 'adaptive', rank: 2, reasons: ['changed what test runs', 'no bundle', '241 lines changed', '≈$0.63'] },
      {
        label: 'light',
        rank: 3,
        reasons: [
          'test fails',
          'bundle 44 kB, 2 kB worse than the base',
          'smallest change, 90 lines changed',
          'cheapest, ≈$0.33',
        ],
      },
    ],
  },
);

const names = (...list: string[]) => ({ count: list.length, names: list });
const NO_TESTS = names();
const tests = (parts: Partial<TestFacts>): TestFacts => ({
  passed: 9,
  failed: 0,
  skipped: 0,
  fixed: NO_TESTS,
  broke: NO_TESTS,
  stillFails: NO_TESTS,
  gone: NO_TESTS,
  silenced: NO_TESTS,
  flaky: NO_TESTS,
  ...parts,
});
const bench = (value: number, best: boolean) =>
  metricWith('bench', value, { unit: 'ms', onBase: 14.8, delta: value - 14.8, best });

/** A bug that the tests of the base already show. */
export const bugFix = anEvidence(
  [
    evidenceOf('honest', {
      changes: { files: 1, insertions: 4, deletions: 2, commits: 1 },
      checks: [checkOf('test', { onBase: 'failed', tests: tests({ fixed: names('a', 'b', 'c') }) }), checkOf('types')],
      metrics: [bench(12.1, false)],
      costUsd: 0.05,
      agentMs: 41_000,
    }),
    evidenceOf('table', {
      changes: { files: 2, insertions: 31, deletions: 5, commits: 1 },
      checks: [
        checkOf('test', {
          status: 'failed',
          exitCode: 1,
          detail: '1 of 12 fails',
          onBase: 'failed',
          tests: tests({ failed: 1, fixed: names('a', 'b', 'c'), broke: names('parse keeps order') }),
        }),
        checkOf('types', { changedFiles: ['tsconfig.json'] }),
      ],
      metrics: [bench(9.8, true)],
      costUsd: 0.09,
      agentMs: 58_000,
    }),
    evidenceOf('cheat', {
      changes: { files: 1, insertions: 0, deletions: 9, commits: 1 },
      checks: [
        checkOf('test', {
          status: 'failed',
          exitCode: 1,
          detail: '3 of 12 fail',
          onBase: 'failed',
          own: 'passed',
          changedFiles: ['test/parse.test.js'],
        }),
        checkOf('types'),
      ],
      metrics: [bench(14.8, false)],
      costUsd: 0.02,
      agentMs: 12_000,
    }),
    evidenceOf('hang', {
      checks: [
        checkOf('test', { status: 'timed-out', exitCode: null, detail: 'no end after 10m', onBase: 'failed' }),
        checkOf('types', { status: 'could-not-run', exitCode: 127, detail: 'tsc: not found' }),
      ],
      costUsd: 0.04,
      agentMs: 30_000,
    }),
  ],
  {
    ranking: [
      { label: 'honest', rank: 1, reasons: ['fixes 3 tests of test'] },
      { label: 'cheat', rank: 2, reasons: ['test still fails with the tests as they were, and passes only with its own'] },
      { label: 'hang', rank: 3, reasons: [] },
      { label: 'table', rank: 4, reasons: [] },
    ],
  },
);

/** Whatever may have to be said. */
export const hard = anEvidence(
  [
    evidenceOf('ui/a-variant-with-quite-a-long-name', {
      checks: [
        checkOf('test', { status: 'timed-out', exitCode: null, detail: 'no end after 10m' }),
        checkOf('lint', { status: 'failed', detail: '3 problems', onBase: 'failed' }),
      ],
      notes: ['Its branch was deleted; this is its last known commit.'],
      costUsd: 1.2,
      durationMs: 4_000_000,
    }),
    evidenceOf('ui/idle', {
      outcome: 'no-changes',
      changes: { files: 0, insertions: 0, deletions: 0, commits: 0 },
      costUsd: 0.02,
    }),
    evidenceOf('ui-2/running', {
      phase: 'running',
      outcome: null,
      tip: null,
      merges: null,
      checks: [],
      costUsd: 0,
      durationMs: 0,
    }),
    evidenceOf('ui-2/lost', {
      outcome: 'lost',
      reason: 'It ended without a trace.',
      uncommitted: null,
      merges: null,
      notes: ['Its worktree is missing.'],
    }),
    evidenceOf('ui-2/tied', { checks: [checkOf('test')] }),
    evidenceOf('ui-2/tied-too', { checks: [checkOf('test')] }),
  ],
  {
    runs: ['ui', 'ui-2'],
    differingBases: ['ui-2'],
    target: { branch: 'main', commit: OTHER, behindRemote: { remote: 'origin/main', commits: 3 } },
    isolation: 'bypass',
    overlap: [
      { a: 'ui-2/tied', b: 'ui-2/tied-too', files: ['a', 'b', 'c', 'd', 'e', 'f'], conflicts: ['a', 'b', 'c', 'd', 'e', 'f'] },
      { a: 'ui/a-variant-with-quite-a-long-name', b: 'ui-2/tied', files: ['a', 'b'], conflicts: [] },
    ],
    ranking: [
      { label: 'ui-2/tied', rank: 1, reasons: [] },
      { label: 'ui-2/tied-too', rank: 1, reasons: [] },
      { label: 'ui/idle', rank: 3, reasons: ['no-changes'] },
      { label: 'ui/a-variant-with-quite-a-long-name', rank: 4, reasons: ['test fails', '12 lines changed'] },
      { label: 'ui-2/lost', rank: 5, reasons: ['lost'] },
      { label: 'ui-2/running', rank: 6, reasons: ['not finished'] },
    ],
    judge: {
      model: 'claude-opus-4-1',
      costUsd: 0.12,
      rounds: [
        {
          order: ['ui-2/tied', 'ui-2/tied-too'],
          scores: [
            {
              label: 'ui-2/tied',
              scores: { correctness: 7, clarity: 8 },
              reasons: 'Small and clear.',
              risks: 'No test for the fallback.',
            },
            { label: 'ui-2/tied-too', scores: { correctness: 9, clarity: 8 }, reasons: 'Handles the fallback.', risks: '' },
          ],
        },
        {
          order: ['ui-2/tied-too', 'ui-2/tied'],
          scores: [
            { label: 'ui-2/tied', scores: { correctness: 9, clarity: 9 }, reasons: 'Fine.', risks: '' },
            { label: 'ui-2/tied-too', scores: { correctness: 8, clarity: 8 }, reasons: 'Good.', risks: '' },
          ],
        },
      ],
      disagreements: ['ui-2/tied'],
      leftOut: ['package-lock.json of ui-2/tied'],
      failure: '',
    },
    notes: ['The checks of the base could not run.'],
  },
);
