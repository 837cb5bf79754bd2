import { describe, expect, it } from 'vitest';
import type { Isolation } from '../../../src/model/outcome.ts';
import type { SettingSource } from '../../../src/model/settings.ts';
import { decideIsolation, loosest } from '../../../src/plan/decide-isolation.ts';
import { sampleSettings, sampleVariant } from '../../fixtures/plan-input.ts';

it('finds the loosest', () => {
  expect(loosest(['sandbox', 'guarded'])).toBe('guarded');
  expect(loosest(['bypass', 'sandbox'])).toBe('bypass');
  expect(loosest(['sandbox'])).toBe('sandbox');
});

describe('isolation', () => {
  it.each<[Isolation, SettingSource, Isolation | undefined, Isolation | undefined, Isolation, number]>([
    // setting, source, variant, flag → isolation, problems
    ['guarded', 'built in', undefined, undefined, 'guarded', 0],
    ['guarded', 'built in', 'sandbox', undefined, 'sandbox', 0],
    ['guarded', 'built in', 'bypass', undefined, 'guarded', 1],
    ['bypass', 'person', undefined, undefined, 'bypass', 0],
    ['bypass', 'person', 'guarded', undefined, 'guarded', 0],
    ['bypass', 'person', 'bypass', undefined, 'bypass', 0],
    ['sandbox', 'person', 'guarded', undefined, 'sandbox', 1],
    ['sandbox', 'repository', undefined, undefined, 'sandbox', 0],
    ['bypass', 'repository', undefined, undefined, 'guarded', 1],
    ['guarded', 'built in', 'sandbox', 'bypass', 'bypass', 0],
    ['sandbox', 'person', 'sandbox', 'guarded', 'guarded', 0],
    ['bypass', 'flag', 'sandbox', undefined, 'bypass', 0],
  ])('%s by %s, variant %s, flag %s gives %s', (setting, source, variant, flag, isolation, problems) => {
    const decided = decideIsolation({
      variant: sampleVariant('dark', variant === undefined ? {} : { isolation: variant }),
      defaults: {},
      settings: sampleSettings({ isolation: setting }, source),
      flags: flag === undefined ? {} : { isolation: flag },
    });
    expect(decided.isolation).toBe(isolation);
    expect(decided.problems).toHaveLength(problems);
  });
});

describe('a bare Bash in allowedTools', () => {
  it('is refused from a file of the repository', () => {
    for (const source of ['variant', 'defaults', 'setting'] as const) {
      const tools = { allowedTools: ['Read', 'Bash(*)'] };
      const decided = decideIsolation({
        variant: sampleVariant('dark', source === 'variant' ? tools : {}),
        defaults: source === 'defaults' ? tools : {},
        settings: source === 'setting' ? sampleSettings(tools, 'repository') : sampleSettings(),
        flags: {},
      });
      expect(decided.problems.map((problem) => problem.what)).toEqual([expect.stringContaining('Bash(*) in allowedTools')]);
      expect(decided.isolation).toBe('bypass');
    }
  });

  it('counts as bypass from the person', () => {
    const decided = decideIsolation({
      variant: sampleVariant('dark'),
      defaults: {},
      settings: sampleSettings(),
      flags: { allowedTools: ['Bash'] },
    });
    expect(decided).toMatchObject({ isolation: 'bypass', problems: [], warnings: [expect.stringContaining('counts as bypass')] });
  });

  it('adds nothing to a sandbox or to bypass', () => {
    for (const isolation of ['sandbox', 'bypass'] as const) {
      const decided = decideIsolation({
        variant: sampleVariant('dark', { allowedTools: ['Bash'] }),
        defaults: {},
        settings: sampleSettings(),
        flags: { isolation },
      });
      expect(decided).toMatchObject({ isolation, problems: [], warnings: [] });
    }
  });
});

it('lets allowed tools take the place of weaker ones, and denied ones add up', () => {
  const decided = decideIsolation({
    variant: sampleVariant('dark', { allowedTools: ['Bash(npm test)'], disallowedTools: ['WebFetch'] }),
    defaults: { allowedTools: ['Bash(make)'], disallowedTools: ['Edit'] },
    settings: sampleSettings({ allowedTools: ['Bash(ls)'], disallowedTools: ['WebSearch'] }),
    flags: { allowedTools: ['Bash(cargo test)'] },
  });
  expect(decided.allowedTools).toEqual(['Bash(npm test)', 'Bash(cargo test)']);
  expect(decided.disallowedTools).toEqual(['WebSearch', 'Edit', 'WebFetch']);
});
