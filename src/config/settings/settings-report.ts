import type { CopyRule, SourcedSettings } from '../../model/settings.ts';
import type { VariantsFile } from '../../model/variants-file.ts';
import { formatDuration } from '../../text/duration.ts';
import { type EffectiveValue, effectiveOptions, withVariantsFile } from '../effective.ts';
import { writtenRule } from '../variants/fields.ts';

/** One effective value and its source. */
export interface ReportedSetting {
  /** As people write it in the files: `timeout`, not `timeoutMs`. */
  readonly key: string;
  /** As people write it: a duration is text again. */
  readonly value: unknown;
  readonly source: EffectiveValue<unknown>['source'];
  readonly file: string | null;
}

/** A variant's own value. */
export interface ReportedOverride extends ReportedSetting {
  readonly variant: string;
}

/** Every effective setting; with a variants file, what it and its `defaults` say laid over. */
export function reportSettings(settings: SourcedSettings, file: VariantsFile | null): readonly ReportedSetting[] {
  if (file === null) return Object.entries(settings).map(([key, value]) => reported(key, value));
  const shared = { ...withVariantsFile(settings, file), ...optionsOf(settings, file, { name: '' }) };
  return Object.entries(shared).map(([key, value]) => reported(key, value));
}

/** Differing values of single variants, in the file's order. */
export function reportOverrides(settings: SourcedSettings, file: VariantsFile): readonly ReportedOverride[] {
  return file.variants.flatMap((variant) =>
    Object.entries(optionsOf(settings, file, variant))
      .filter(([, value]) => value.source === 'variant')
      .map(([key, value]) => ({ variant: variant.name, ...reported(key, value) })),
  );
}

function optionsOf(
  settings: SourcedSettings,
  file: VariantsFile,
  variant: VariantsFile['variants'][number],
): Readonly<Record<string, EffectiveValue<unknown>>> {
  // Variables are no setting: they fill prompts.
  const { vars: _, env, ...options } = effectiveOptions(settings, file, variant);
  return { ...options, env: { ...env, value: environmentList(env.value) } };
}

function environmentList(env: {
  readonly pass: readonly string[];
  readonly set: Readonly<Record<string, string>>;
}): readonly string[] {
  return [...env.pass, ...Object.entries(env.set).map(([name, value]) => `${name}=${value}`)];
}

function reported(key: string, { value, source, file }: EffectiveValue<unknown>): ReportedSetting {
  return key.endsWith('Ms') && typeof value === 'number'
    ? { key: key.slice(0, -'Ms'.length), value: formatDuration(value), source, file }
    : { key, value: isRules(key, value) ? value.map(writtenRule) : value, source, file };
}

function isRules(key: string, value: unknown): value is readonly CopyRule[] {
  return key === 'copy' && Array.isArray(value);
}
