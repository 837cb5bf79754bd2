import type { Settings, Sourced, SourcedSettings } from '../model/settings.ts';
import type { PlanFlags } from './plan-flags.ts';

const KEYS = [
  'target',
  'isolation',
  'concurrency',
  'model',
  'effort',
  'budgetUsd',
  'timeoutMs',
  'idleTimeoutMs',
  'maxTurns',
  'retries',
] as const satisfies readonly (keyof PlanFlags & keyof Settings)[];

/** Settings with the flags of a plan on top, as if they had been loaded with them. */
export function withFlags(settings: SourcedSettings, flags: PlanFlags): SourcedSettings {
  const said = KEYS.flatMap((key): [string, Sourced<unknown>][] =>
    flags[key] === undefined ? [] : [[key, { value: flags[key], source: 'flag', file: null }]],
  );
  return { ...settings, ...Object.fromEntries(said) };
}
