import type { Plan, PlannedVariant } from '../../../src/model/plan.ts';
import { COMMIT } from './a-run.ts';

export function aPlanned(name: string, parts: Partial<PlannedVariant> = {}): PlannedVariant {
  return {
    name,
    branch: `ui/${name}`,
    worktree: `/home/me/app.worktrees/ui-${name}`,
    prompt: `Rework the UI theme of this app.\n\nAs ${name} as can be.`,
    preamble: 'Work only in this directory.\nNobody answers questions.\n\nDo not commit. End with a summary.\n',
    needs: [],
    expect: 'changes',
    runner: { kind: 'claude', model: 'sonnet', fallbackModel: null, effort: null, agent: null },
    isolation: 'guarded',
    allowedTools: [],
    disallowedTools: [],
    mcp: null,
    env: { pass: [], set: {} },
    limits: { timeoutMs: 45 * 60_000, idleTimeoutMs: 600_000, budgetUsd: 2, maxTurns: null, retries: 2 },
    ...parts,
  };
}

/** The plan of DESIGN's variants file. */
export function aPlan(parts: Partial<Plan> = {}): Plan {
  return {
    schema: 1,
    run: 'ui',
    name: 'ui',
    hash: 'f'.repeat(64),
    file: '/home/me/app/variants.yaml',
    repository: { commonDir: '/home/me/app/.git', root: '/home/me/app' },
    base: { ref: 'main', commit: COMMIT },
    target: 'main',
    isolation: 'guarded',
    concurrency: 3,
    totalBudgetUsd: 8,
    copy: { entries: ['.env', 'node_modules'], bytes: 700e6, files: 20_000 },
    setup: ['npm ci --prefer-offline'],
    protect: [],
    metrics: [],
    judge: null,
    serve: { run: 'npm run dev -- --port $PORT', ready: { kind: 'path', path: '/' }, timeoutMs: 120_000, env: {} },
    verify: [
      { name: 'test', run: 'npm test', report: null, repeat: 1, tests: [] },
      { name: 'types', run: 'npx tsc --noEmit', report: null, repeat: 1, tests: [] },
    ],
    teardown: ['dropdb --if-exists "app_$COPSE_VARIANT"'],
    commandTimeoutMs: 600_000,
    disposable: ['node_modules'],
    commit: { message: null, allow: [] },
    trust: {
      needed: true,
      hash: `${'c0ffee'.repeat(10)}c0ff`,
      approved: false,
      items: [
        { kind: 'setup', where: 'setup', text: 'npm ci --prefer-offline' },
        { kind: 'verify', where: 'verify.test', text: 'npm test' },
        { kind: 'verify', where: 'verify.types', text: 'npx tsc --noEmit' },
        { kind: 'teardown', where: 'teardown', text: 'dropdb --if-exists "app_$COPSE_VARIANT"' },
        { kind: 'copy', where: 'copy', text: '.env' },
        { kind: 'allowedTools', where: 'variants.dark.allowedTools', text: 'Bash(npm run *)' },
      ],
    },
    notUsed: ['.claude/settings.json (3 hooks)', '.mcp.json (playwright)'],
    disk: { freeBytes: 41e9, trackedBytes: 80e6, reflinks: false },
    warnings: ['2 files of your checkout are not committed and not in the base: src/a.ts, src/b.ts.'],
    variants: [
      aPlanned('dark', { allowedTools: ['Bash(npm run *)'] }),
      aPlanned('light'),
      aPlanned('adaptive', {
        runner: { kind: 'claude', model: 'opus', fallbackModel: null, effort: 'high', agent: null },
        limits: { timeoutMs: 45 * 60_000, idleTimeoutMs: 600_000, budgetUsd: 4, maxTurns: null, retries: 2 },
      }),
      aPlanned('docs', { prompt: 'Document the theme.', needs: ['adaptive'] }),
    ],
    ...parts,
  };
}
