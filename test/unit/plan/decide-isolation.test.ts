import { describe, expect, it } from 'vitest';
import { effectiveOptions } from '../../../src/config/effective.ts';
import type { Isolation } from '../../../src/model/outcome.ts';
import type { SettingSource, SourcedSettings } from '../../../src/model/settings.ts';
import type { VariantDeclaration, VariantOptions } from '../../../src/model/variants-file.ts';
import { decideIsolation, loosest } from '../../../src/plan/decide-isolation.ts';
import { sampleFile, sampleSettings, sampleVariant } from '../../fixtures/plan-input.ts';

it('finds the loosest', () => {
  expect(loosest(['sandbox', 'guarded'])).toBe('guarded');
  expect(loosest(['bypass', 'sandbox'])).toBe('bypass');
  expect(loosest(['sandbox'])).toBe('sandbox');
});

function decide(o: {
  variant?: Partial<VariantDeclaration>;
  defaults?: VariantOptions;
  settings?: SourcedSettings;
  extraTools?: readonly string[];
  path?: string | null;
}) {
  const variant = sampleVariant('dark', o.variant ?? {});
  const file = sampleFile({ variants: [variant], defaults: o.defaults ?? {}, ...(o.path === undefined ? {} : { path: o.path }) });
  const effective = effectiveOptions(o.settings ?? sampleSettings(), file, variant);
  return decideIsolation({ file, variant, effective, extraTools: o.extraTools ?? [] });
}

it.each<[Isolation, SettingSource, Isolation | undefined, Isolation, number]>([
  // setting, source, variant → isolation, warnings
  ['guarded', 'built in', undefined, 'guarded', 0],
  ['guarded', 'built in', 'sandbox', 'sandbox', 0],
  ['guarded', 'built in', 'bypass', 'guarded', 1],
  ['bypass', 'person', undefined, 'bypass', 0],
  ['bypass', 'person', 'guarded', 'guarded', 0],
  ['bypass', 'person', 'bypass', 'bypass', 0],
  ['sandbox', 'person', 'guarded', 'sandbox', 1],
  ['sandbox', 'repository', undefined, 'sandbox', 0],
  ['bypass', 'flag', 'sandbox', 'bypass', 0],
  ['guarded', 'flag', 'sandbox', 'guarded', 0],
])('%s by %s and variant %s give %s', (setting, source, variant, isolation, warnings) => {
  const settings = sampleSettings({ isolation: setting }, source);
  const decided = decide({ settings, variant: variant === undefined ? {} : { isolation: variant } });
  expect(decided).toMatchObject({ isolation, problems: [] });
  expect(decided.warnings).toHaveLength(warnings);
});

describe('a bare Bash in allowedTools', () => {
  const tools = { allowedTools: ['Read', 'Bash(*)'] };

  it.each([
    ['a variant', { variant: tools }],
    ['defaults', { defaults: tools }],
    ["the repository's settings", { settings: sampleSettings(tools, 'repository') }],
  ])('is refused from %s', (_by, o) => {
    const decided = decide(o);
    expect(decided.problems.map((problem) => problem.what)).toEqual([expect.stringContaining('Bash(*) in allowedTools')]);
    expect(decided.isolation).toBe('bypass');
  });

  it.each([
    ['a flag', { extraTools: ['Bash'] }],
    ["the person's settings", { settings: sampleSettings(tools, 'person') }],
    ['a file made from flags', { variant: tools, path: null }],
  ])('counts as bypass from %s', (_by, o) => {
    expect(decide(o)).toMatchObject({
      isolation: 'bypass',
      problems: [],
      warnings: [expect.stringContaining('counts as bypass')],
    });
  });

  it.each(['sandbox', 'bypass'] as const)('adds nothing to %s', (isolation) => {
    const decided = decide({ variant: tools, settings: sampleSettings({ isolation }, 'flag') });
    expect(decided).toMatchObject({ isolation, problems: [], warnings: [] });
  });
});

it('lets allowed tools take the place of weaker ones, and denied ones add up', () => {
  const decided = decide({
    variant: { allowedTools: ['Bash(npm test)'], disallowedTools: ['WebFetch'] },
    defaults: { allowedTools: ['Bash(make)'], disallowedTools: ['Edit'] },
    settings: sampleSettings({ allowedTools: ['Bash(ls)'], disallowedTools: ['WebSearch'] }),
    extraTools: ['Bash(cargo test)'],
  });
  expect(decided.allowedTools).toEqual(['Bash(npm test)', 'Bash(cargo test)']);
  expect([...decided.disallowedTools].sort()).toEqual(['Edit', 'WebFetch', 'WebSearch']);
});
