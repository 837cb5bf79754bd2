import { expect, it } from 'vitest';
import { makePlan } from '../../../../src/plan/make-plan.ts';
import { plannedArgv } from '../../../../src/survey/planned-argv.ts';
import { planJson } from '../../../../src/view/plan/plan-json.ts';
import { sampleFacts, sampleFile, sampleSettings, sampleVariant } from '../../../fixtures/plan-input.ts';

it('has every key that scripts were promised', () => {
  const file = sampleFile({
    variants: [
      sampleVariant('dark', { model: 'opus' }),
      sampleVariant('lint', { runner: { kind: 'command', command: ['./lint', '--fix'] } }),
    ],
  });
  const { plan, problems } = makePlan({ file, settings: sampleSettings(), facts: sampleFacts(), flags: {} });
  const json = planJson(plan, [...problems, { what: 'x', variant: 'dark', fix: 'y' }], (variant) =>
    plannedArgv(variant, plan?.verify ?? []),
  );
  expect(json).toMatchObject({
    schema: 1,
    name: 'ui',
    run: 'ui',
    base: { ref: 'main' },
    target: 'main',
    isolation: 'guarded',
    concurrency: 3,
    totalBudgetUsd: 10,
    trust: { needed: true, approved: false },
    problems: [{ variant: 'dark', what: 'x', fix: 'y', why: null, path: null, position: null }],
    variants: [
      { name: 'dark', branch: 'ui/dark', model: 'opus', needs: [], limits: { budgetUsd: 5 } },
      { name: 'lint', model: null, argv: ['./lint', '--fix'] },
    ],
  });
  expect(json.hash).toMatch(/^[0-9a-f]{64}$/);
  expect(json.variants[0]?.argv.slice(0, 5)).toEqual(['claude', '-p', '--output-format', 'stream-json', '--verbose']);
  expect(json.variants[0]?.argv).toContain('<session id>');
});

it('leaves no key out where there is no plan', () => {
  const json = planJson(null, [{ what: 'x' }], () => []);
  expect(json).toMatchObject({
    schema: 1,
    name: null,
    hash: null,
    trust: null,
    variants: [],
    problems: [{ variant: null, what: 'x', fix: null }],
  });
});
