import { ISOLATIONS, type Isolation } from '../model/outcome.ts';
import type { Limits } from '../model/plan.ts';
import type { SettingSource, Settings, Sourced, SourcedSettings } from '../model/settings.ts';
import type { VariantDeclaration, VariantOptions, VariantsFile } from '../model/variants-file.ts';
import { LIMIT_KEYS, SHARED_KEYS, type SharedKey } from './shared-options.ts';
import { toEnvironment } from './variants/load-variants-file.ts';

/** A value for one variant with its source; `variant` and `defaults` are places in the variants file. */
export interface EffectiveValue<T> {
  readonly value: T;
  readonly source: SettingSource | 'variant' | 'defaults';
  readonly file: string | null;
}

type EffectiveShared = { readonly [K in SharedKey]: EffectiveValue<Settings[K]> };

/** The effective options of one variant: flag > variant > defaults > variants file > repository > person > built in. */
export interface EffectiveOptions extends EffectiveShared {
  readonly fallbackModel: EffectiveValue<string | null>;
  readonly agent: EffectiveValue<string | null>;
  readonly runner: EffectiveValue<NonNullable<VariantOptions['runner']>>;
  readonly allowedTools: EffectiveValue<readonly string[]>;
  /** Everything that anybody forbids. */
  readonly disallowedTools: EffectiveValue<readonly string[]>;
  readonly mcp: EffectiveValue<Readonly<Record<string, unknown>> | null>;
  /** Of settings, defaults and variant together; the nearer one wins for an equal name. */
  readonly env: EffectiveValue<NonNullable<VariantOptions['env']>>;
  readonly vars: Readonly<Record<string, string>>;
  readonly expect: EffectiveValue<'changes' | 'answer'>;
  readonly branch: EffectiveValue<string>;
}

export function effectiveOptions(settings: SourcedSettings, file: VariantsFile, variant: VariantDeclaration): EffectiveOptions {
  const said = <K extends keyof VariantOptions>(key: K): EffectiveValue<Exclude<VariantOptions[K], undefined>> | null => {
    for (const [source, options] of [
      ['variant', variant],
      ['defaults', file.defaults],
    ] as const) {
      const value = options[key];
      if (value !== undefined) return { value: value as Exclude<VariantOptions[K], undefined>, source, file: file.path };
    }
    return null;
  };
  const own = <K extends keyof VariantOptions, D>(key: K, value: D): EffectiveValue<Exclude<VariantOptions[K], undefined> | D> =>
    said(key) ?? { value, source: 'built in', file: null };
  const over = <T>(setting: Sourced<T>, value: EffectiveValue<T> | null): EffectiveValue<T> =>
    setting.source === 'flag' ? setting : (value ?? setting);
  const shared = Object.fromEntries(
    SHARED_KEYS.map((key): [string, EffectiveValue<unknown>] => [key, over<unknown>(settings[key], said(key))]),
  ) as unknown as EffectiveShared;
  return {
    ...shared,
    fallbackModel: own('fallbackModel', null),
    agent: own('agent', null),
    runner: own('runner', 'claude' as const),
    isolation: tighter(settings.isolation, said('isolation')),
    allowedTools: over(settings.allowedTools, said('allowedTools')),
    disallowedTools: forbidden(settings, file, variant),
    mcp: own('mcp', null),
    env: environmentOf(settings, file, variant),
    vars: { ...file.defaults.vars, ...variant.vars },
    expect: own('expect', 'changes' as const),
    branch: over(
      settings.branch,
      variant.branch === undefined ? null : { value: variant.branch, source: 'variant', file: file.path },
    ),
  };
}

/** The limits of a variant's attempts. */
export function limitsOf(effective: EffectiveOptions): Limits {
  return Object.fromEntries(LIMIT_KEYS.map((key) => [key, effective[key].value])) as unknown as Limits;
}

/** Settings overridden by the top level of the variants file, as `plan` and `config` use them. */
export function withVariantsFile(settings: SourcedSettings, file: VariantsFile): SourcedSettings {
  const over = <K extends keyof Settings>(key: K, value: Settings[K] | undefined): Sourced<Settings[K]> =>
    value === undefined || settings[key].source === 'flag'
      ? (settings[key] as Sourced<Settings[K]>)
      : { value, source: 'variants file', file: file.path };
  return {
    ...settings,
    base: over('base', file.base),
    target: over('target', file.target),
    concurrency: over('concurrency', file.concurrency),
    commandTimeoutMs: over('commandTimeoutMs', file.commandTimeoutMs),
    copy: over('copy', file.copy),
    setup: over('setup', file.setup),
    disposable: over('disposable', file.disposable),
  };
}

/** The file may only tighten, unless copse itself made it from flags. */
function tighter(setting: Sourced<Isolation>, said: EffectiveValue<Isolation> | null): EffectiveValue<Isolation> {
  if (said === null || setting.source === 'flag') return setting;
  return ISOLATIONS.indexOf(said.value) < ISOLATIONS.indexOf(setting.value) ? said : setting;
}

function forbidden(
  settings: SourcedSettings,
  file: VariantsFile,
  variant: VariantDeclaration,
): EffectiveValue<readonly string[]> {
  const own = variant.disallowedTools ?? file.defaults.disallowedTools ?? [];
  if (own.length === 0) return settings.disallowedTools;
  const source = variant.disallowedTools === undefined ? 'defaults' : 'variant';
  return { value: [...new Set([...settings.disallowedTools.value, ...own])], source, file: file.path };
}

function environmentOf(settings: SourcedSettings, file: VariantsFile, variant: VariantDeclaration): EffectiveOptions['env'] {
  const layers = [toEnvironment([...settings.env.value]), file.defaults.env, variant.env];
  const source = variant.env !== undefined ? 'variant' : file.defaults.env !== undefined ? 'defaults' : settings.env.source;
  const values = new Map<string, string | null>();
  for (const layer of layers) {
    for (const name of layer?.pass ?? []) values.set(name, null);
    for (const [name, value] of Object.entries(layer?.set ?? {})) values.set(name, value);
  }
  const entries = [...values];
  return {
    value: {
      pass: entries.flatMap(([name, value]) => (value === null ? [name] : [])),
      set: Object.fromEntries(entries.flatMap(([name, value]) => (value === null ? [] : [[name, value]]))),
    },
    source,
    file: source === 'variant' || source === 'defaults' ? file.path : settings.env.file,
  };
}
