import { EXIT, type ExitCode } from '../model/exit-code.ts';
import type { RunState, VariantState } from '../model/state.ts';
import { newlyFailing } from './schedule.ts';

/** How a run that nobody works on any more ended, as an exit code. */
export function exitOf(state: RunState): ExitCode {
  if (state.phase.kind === 'finished' && state.phase.fatal !== null) return EXIT.agent;
  return state.variants.every(isGood) ? EXIT.ok : EXIT.failed;
}

/** `succeeded` or `no-changes`, and no check newly fails. */
export function isGood(variant: VariantState): boolean {
  if (variant.phase.kind !== 'finished') return false;
  const { outcome } = variant.phase;
  return (outcome === 'succeeded' || outcome === 'no-changes') && newlyFailing(variant) === null;
}
