import { expect, it } from 'vitest';
import { chooseVariants } from '../../../src/plan/choose-variants.ts';
import { sampleFile, sampleVariant } from '../../fixtures/plan-input.ts';

const file = sampleFile({
  variants: [
    sampleVariant('api', { needs: ['docs'] }),
    sampleVariant('docs', { needs: ['adaptive'] }),
    sampleVariant('adaptive'),
    sampleVariant('dark'),
  ],
});

it('takes all without names', () => {
  expect(chooseVariants(file, [])).toMatchObject({ variants: file.variants, problems: [], warnings: [] });
});

it('brings along what is needed, says so, and keeps the order of the file', () => {
  const chosen = chooseVariants(file, ['dark', 'api']);
  expect(chosen.variants.map((variant) => variant.name)).toEqual(['api', 'docs', 'adaptive', 'dark']);
  expect(chosen.warnings).toEqual(['api needs docs: docs runs too.', 'docs needs adaptive: adaptive runs too.']);
});

it('takes one alone', () => {
  expect(chooseVariants(file, ['adaptive', 'adaptive']).variants.map((variant) => variant.name)).toEqual(['adaptive']);
});

it('names unknown variants and needs', () => {
  const broken = sampleFile({ variants: [sampleVariant('dark', { needs: ['missing'] })] });
  expect(chooseVariants(broken, ['drak']).problems.map((problem) => problem.what)).toEqual([
    'There is no variant drak.',
    'Variant dark needs missing, which does not exist.',
  ]);
});

it('names a cycle', () => {
  const cyclic = sampleFile({
    variants: [sampleVariant('z', { needs: ['a'] }), sampleVariant('a', { needs: ['b'] }), sampleVariant('b', { needs: ['a'] })],
  });
  expect(chooseVariants(cyclic, []).problems.map((problem) => problem.what)).toEqual([
    'These variants wait for each other: a → b → a.',
  ]);
});
