import type { Plan } from '../../src/model/plan.ts';

/** A plan that asks for nothing beyond its variants, with what a test wants different. */
export function barePlan(
  parts: Partial<Plan> & Pick<Plan, 'run' | 'repository' | 'base' | 'target' | 'concurrency' | 'totalBudgetUsd' | 'variants'>,
): Plan {
  return {
    schema: 1,
    name: parts.run,
    hash: '',
    file: null,
    isolation: 'guarded',
    copy: { entries: [], bytes: 0, files: 0 },
    setup: [],
    verify: [],
    protect: [],
    metrics: [],
    judge: null,
    serve: null,
    teardown: [],
    commandTimeoutMs: 60_000,
    disposable: [],
    commit: { message: null, allow: [] },
    trust: { needed: false, hash: '', approved: true, items: [] },
    notUsed: [],
    disk: { freeBytes: 1e9, trackedBytes: 1e3 },
    warnings: [],
    ...parts,
  };
}
