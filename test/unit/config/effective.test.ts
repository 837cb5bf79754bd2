import { expect, it } from 'vitest';
import { effectiveOptions, withVariantsFile } from '../../../src/config/effective.ts';
import { reportOverrides, reportSettings } from '../../../src/config/settings/settings-report.ts';
import { sampleSettings } from '../../fixtures/plan-input.ts';
import { variantsFile } from '../../support/variants-problems.ts';

const file = await variantsFile(`
name: ui
prompt: x
base: dev
concurrency: 2
defaults: { model: sonnet, timeout: 1h, env: [A, "B=file"], disallowedTools: [WebFetch] }
variants: { dark: { model: opus, env: [B] }, light: x }
`);
const [dark = { name: '' }, light = { name: '' }] = file.variants;

it('goes flag > variant > defaults > repository > person > built in', () => {
  expect(effectiveOptions(sampleSettings({ model: 'haiku' }, 'flag'), file, dark).model).toMatchObject({
    value: 'haiku',
    source: 'flag',
  });
  expect(effectiveOptions(sampleSettings({ model: 'haiku' }, 'person'), file, dark).model).toMatchObject({
    value: 'opus',
    source: 'variant',
  });
  expect(effectiveOptions(sampleSettings({ model: 'haiku' }, 'repository'), file, light).model).toMatchObject({
    value: 'sonnet',
    source: 'defaults',
    file: file.path,
  });
  expect(effectiveOptions(sampleSettings({ retries: 7 }, 'person'), file, light).retries).toMatchObject({
    value: 7,
    source: 'person',
  });
  expect(effectiveOptions(sampleSettings(), file, light).budgetUsd).toMatchObject({ value: 5, source: 'built in' });
});

it('lets the top of the variants file win over the settings, a flag over it', () => {
  expect(withVariantsFile(sampleSettings({ base: 'main' }, 'repository'), file).base).toMatchObject({
    value: 'dev',
    source: 'variants file',
  });
  expect(withVariantsFile(sampleSettings({ concurrency: 9 }, 'flag'), file).concurrency).toMatchObject({
    value: 9,
    source: 'flag',
  });
});

it('puts environments together, the nearer one first', () => {
  const { env } = effectiveOptions(sampleSettings({ env: ['C', 'A=person'] }), file, dark);
  expect(env.value).toEqual({ pass: ['C', 'A', 'B'], set: {} });
  expect(effectiveOptions(sampleSettings({ env: ['C=1'] }), file, light).env.value).toEqual({
    pass: ['A'],
    set: { C: '1', B: 'file' },
  });
});

it('keeps forbidden what anybody forbids', () => {
  expect(effectiveOptions(sampleSettings({ disallowedTools: ['Agent'] }), file, light).disallowedTools.value).toEqual([
    'Agent',
    'WebFetch',
  ]);
});

it('lets the file tighten isolation only', async () => {
  const tight = await variantsFile('name: a\nprompt: x\nvariants: { s: { isolation: sandbox }, g: { isolation: guarded } }\n');
  const [sandbox = { name: '' }, guarded = { name: '' }] = tight.variants;
  const isolation = (setting: 'sandbox' | 'guarded' | 'bypass', variant: typeof sandbox, source: 'person' | 'flag' = 'person') =>
    effectiveOptions(sampleSettings({ isolation: setting }, source), tight, variant).isolation.value;
  expect(isolation('guarded', sandbox)).toBe('sandbox');
  expect(isolation('bypass', guarded)).toBe('guarded');
  expect(isolation('sandbox', guarded)).toBe('sandbox');
  expect(isolation('bypass', sandbox, 'flag')).toBe('bypass');
});

it('reports values as people write them', () => {
  const settings = reportSettings(sampleSettings(), file);
  expect(settings.find(({ key }) => key === 'timeout')).toMatchObject({ value: '1h', source: 'defaults' });
  expect(settings.find(({ key }) => key === 'env')).toMatchObject({ value: ['A', 'B=file'] });
  expect(reportOverrides(sampleSettings(), file).map(({ variant, key, value }) => [variant, key, value])).toEqual([
    ['dark', 'model', 'opus'],
    ['dark', 'env', ['A', 'B']],
  ]);
});
