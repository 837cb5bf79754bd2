import type { VariantName } from '../../model/ids.ts';
import type { RunReport } from '../../repository/read-runs.ts';

/** Whether there is anything to stop: an unfinished variant among the named (none named: all), or a supervisor that still works. */
export function stopTargets({ state, alive }: RunReport, names: readonly VariantName[]): boolean {
  const meant = names.length === 0 ? state.variants : state.variants.filter((variant) => names.includes(variant.name));
  if (meant.some((variant) => variant.phase.kind !== 'finished')) return true;
  return names.length === 0 && alive && state.phase.kind !== 'finished';
}
