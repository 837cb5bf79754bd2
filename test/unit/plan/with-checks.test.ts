import { expect, test } from 'vitest';
import type { PlannedCheck } from '../../../src/model/plan.ts';
import { checkChanges, withChecks } from '../../../src/plan/with-checks.ts';
import { aPlan, aPlanned } from '../view/a-plan.ts';

const check = (name: string, run: string, more: Partial<PlannedCheck> = {}): PlannedCheck => ({
  name,
  run,
  report: null,
  repeat: 1,
  tests: [],
  ...more,
});

const ran = aPlan({
  base: { ref: 'main', commit: 'a'.repeat(40) },
  setup: ['npm ci'],
  verify: [check('test', 'mocha'), check('types', 'tsc')],
  protect: ['test/**'],
  variants: [
    aPlanned('dark', { isolation: 'sandbox', env: { pass: [], set: { SIDE: 'left' } }, allowedTools: ['Bash(npm *)'] }),
    aPlanned('light'),
  ],
});
const now = aPlan({
  run: 'ui-2',
  base: { ref: 'main', commit: 'b'.repeat(40) },
  setup: ['npm ci', 'npm run build'],
  verify: [check('types', 'tsc'), check('test', 'npx mocha', { report: 'junit.xml', repeat: 3 })],
  protect: [],
  variants: [aPlanned('dark', { isolation: 'bypass', env: { pass: ['TOKEN'], set: {} }, allowedTools: ['Bash'] })],
  trust: { needed: true, hash: 'f'.repeat(64), approved: true, items: [] },
});

test('checks and what they depend on are the new ones, all else is as it ran', () => {
  const plan = withChecks(ran, now);
  expect(plan).toMatchObject({
    run: ran.run,
    base: ran.base,
    setup: now.setup,
    verify: now.verify,
    protect: [],
    trust: now.trust,
  });
  expect(plan.variants).toEqual([{ ...ran.variants[0], env: { pass: ['TOKEN'], set: {} } }]);
});

test('what differs is named, what is replaced as a pair', () => {
  expect(checkChanges(ran, now, ['dark']).map(({ kind, where, text }) => `${kind} ${where}: ${text}`)).toEqual([
    'removed setup: npm ci',
    'added setup: npm ci && npm run build',
    'removed verify.test: mocha',
    'added verify.test: npx mocha (report: junit.xml; repeat: 3)',
    'removed protect: test/**',
    'removed variants.dark.env: SIDE=left',
    'added variants.dark.env: TOKEN',
  ]);
  expect(checkChanges(ran, ran, ['dark', 'light'])).toEqual([]);
});

test('another order of set-up counts, for the commands build on each other', () => {
  const turned = { ...now, setup: [...now.setup].reverse() };
  expect(checkChanges(now, turned, [])).not.toEqual([]);
});
