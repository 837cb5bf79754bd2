import { expect, test } from 'vitest';
import type { CheckResult } from '../../../../src/model/evidence/check.ts';
import { mergeable, NOTHING_MOVED, needsOf, retryHelps } from '../../../../src/model/run-state/run-choice.ts';
import type { VariantState } from '../../../../src/model/run-state/state.ts';
import { aRun, at, check, ended } from '../../view/a-run.ts';

const changes = [1, 10, 2] as const;
const names = (variants: readonly VariantState[]): string[] => variants.map(({ name }) => name);
const landed = { operation: 'o', target: 'main', tip: 't', commit: 'c', as: 'squash', at: at(900) } as const;
const could = (name: string): CheckResult => ({ ...check(name, 'failed'), status: 'could-not-run', onBase: 'could-not-run' });

test('what can be merged comes in the order of the ranking, and what nothing speaks for is left out', () => {
  const state = aRun([
    ended('red', { changes }, { checks: [check('test', 'failed')] }),
    ended('dear', { changes, costUsd: 3 }, { checks: [check('test', 'passed')] }),
    ended('cheap', { changes, costUsd: 0.1 }, { checks: [check('test', 'passed')] }),
    ended('fixes', { changes, costUsd: 9 }, { checks: [check('test', 'passed', '', 'failed')] }),
    ended('hollow', { changes }, { checks: [{ ...check('test', 'failed', '', 'failed'), own: 'passed' }] }),
    ended('unknown', { changes }, { checks: [could('test')] }),
    ended('nothing', {}, { checks: [check('test', 'passed')] }),
    ended('away', { changes }, { removed: { operation: 'o', worktree: true, branch: true, purged: false, at: at(900) } }),
  ]);
  expect(names(mergeable(state, NOTHING_MOVED))).toEqual(['fixes', 'cheap', 'dear']);
  const now = { gone: new Set(['fixes']), contained: new Set<string>(), conflicting: new Set(['cheap']), isOlder: false };
  expect(names(mergeable(state, now))).toEqual(['dear']);
});

test('what is worse by its checks than what was merged is no choice any more; its equal is', () => {
  const best = ended('best', { changes }, { checks: [check('test', 'passed', '', 'failed')], landed });
  const worse = ended('worse', { changes }, { checks: [check('test', 'failed', '', 'failed')] });
  const equal = ended('equal', { changes }, { checks: [check('test', 'passed', '', 'failed')] });
  expect(names(mergeable(aRun([best, worse, equal]), NOTHING_MOVED))).toEqual(['equal']);
});

test('needs come before, unless they are merged, and a need that is not to be had keeps it', () => {
  const [base, middle] = [ended('base', { changes }), ended('middle', { changes }, { needs: ['base'] })];
  const top = ended('top', { changes }, { needs: ['middle'] });
  expect(needsOf(top, aRun([base, middle, top]), NOTHING_MOVED)).toEqual(['base', 'middle']);
  expect(needsOf(top, aRun([{ ...base, landed }, middle, top]), NOTHING_MOVED)).toEqual(['middle']);
  expect(needsOf(top, aRun([base, middle, top]), { ...NOTHING_MOVED, gone: new Set(['base']) })).toBeNull();
});

test.each<[string, boolean | null, Parameters<typeof ended>[1], Partial<VariantState>]>([
  ['one that succeeded', null, {}, {}],
  ['one that failed', true, { outcome: 'failed' }, {}],
  ['one that breaks a check', true, {}, { checks: [check('test', 'failed')] }],
  ['denied calls', false, { outcome: 'blocked' }, {}],
  ['a check that runs nowhere', false, {}, { checks: [could('test')] }],
  ['checks that a stop left out', false, {}, { checks: [{ ...check('test', 'failed'), status: 'skipped' }] }],
  ['no money left', false, { outcome: 'failed', costUsd: 2 }, {}],
  ['a need that failed', false, { outcome: 'skipped' }, {}],
])('whether a retry helps: %s', (_, helps, how, parts) => {
  const variant = ended('a', how, parts);
  expect(retryHelps(variant, aRun([variant]))).toBe(helps);
});

test('a retry does not help a run that ended for a missing login', () => {
  const variant = ended('a', { outcome: 'failed' });
  const phase = { kind: 'finished', ending: 'fatal', fatal: 'not-logged-in', reason: '', at: at(60) } as const;
  expect(retryHelps(variant, aRun([variant], { phase }))).toBe(false);
});
