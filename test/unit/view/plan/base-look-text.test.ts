import { expect, test } from 'vitest';
import type { CheckResult } from '../../../../src/model/evidence/check.ts';
import type { Plan } from '../../../../src/model/plan.ts';
import type { BaseLook, LookedCheck } from '../../../../src/model/reports/base-look.ts';
import { baseLookText } from '../../../../src/view/plan/base-look-text.ts';
import { planJson } from '../../../../src/view/plan/plan-json.ts';
import { aPlan } from '../a-plan.ts';

function looked(name: string, result: Partial<CheckResult>, more: Partial<LookedCheck> = {}): LookedCheck {
  return {
    planned: { name, run: `run ${name}`, report: null, repeat: 1, tests: [] },
    result: { name, status: 'passed', exitCode: 0, durationMs: 2_400, detail: '', onBase: null, ...result },
    known: false,
    missing: null,
    watches: false,
    log: `/app/.git/copse/v1/cache/checks/1f/${name}.log`,
    ...more,
  };
}

const plan: Plan = aPlan();
const show = (look: BaseLook, columns: number, unicode = true): string =>
  `${baseLookText(plan, look, { columns, rows: 40, colour: false, unicode, startCommand: 'copse run' })}\n`;

const ALL: BaseLook = {
  failure: '',
  checks: [
    looked('types', {}, { known: true }),
    looked('test', {
      status: 'failed',
      exitCode: 1,
      durationMs: 71_000,
      detail: 'parse keeps order: expected [1, 2] to equal [2, 1]',
    }),
    looked('e2e', { status: 'timed-out', exitCode: null, durationMs: 1_800_000, detail: 'waiting for http://localhost:3000' }),
    looked('demo', { status: 'could-not-run', exitCode: 127, durationMs: 20, detail: './demo.sh: not found' }),
    looked(
      'lint',
      { status: 'could-not-run', exitCode: 127, durationMs: 20, detail: 'eslint: not found' },
      { missing: 'eslint' },
    ),
    looked('fuzz', { status: 'could-not-run', exitCode: 137, durationMs: 9_000, detail: 'ended by SIGKILL' }),
  ],
};

test.each([60, 100])('all ends of a check, %i columns wide', async (columns) => {
  await expect(show(ALL, columns)).toMatchFileSnapshot(`../screens/plan-check-${columns}.txt`);
});

test('without Unicode nothing else is shown', () => {
  expect(show(ALL, 80, false)).toMatch(/^[ -~\n]*$/);
});

test('a set-up that fails is the one thing said', () => {
  const nothing = { status: 'could-not-run', exitCode: null, durationMs: 0, detail: 'Set-up failed: npm ci: no lock' } as const;
  const text = show({ failure: 'Set-up failed: npm ci: no lock', checks: [looked('test', nothing)] }, 100);
  expect(text.match(/npm ci: no lock/g)).toHaveLength(1);
  expect(text).not.toContain('Start:');
  expect(text).not.toContain('Output:');
});

test('what checks print cannot reach a terminal', () => {
  const hostile = 'a\u001b]52;c;eA==\u0007\u001b[2Jb';
  const look = {
    failure: hostile,
    checks: [looked(hostile, { status: 'failed', exitCode: 1, detail: hostile }, { missing: hostile })],
  };
  for (const control of ['\u001b', '\u0007']) expect(show(look, 100)).not.toContain(control);
  expect(JSON.stringify(planJson(plan, [], () => [], { look }).baseChecks?.checks[0]?.detail)).not.toContain('\\u001b');
});
