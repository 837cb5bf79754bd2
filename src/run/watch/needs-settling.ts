import type { RunReport } from '../../repository/read-runs.ts';

/** Whether a dead supervisor left something that another has to settle: a live attempt, or one that ended unseen. */
export function needsSettling({ state, alive }: RunReport): boolean {
  if (alive || state.phase.kind === 'finished') return false;
  return (
    state.variants.some(({ phase }) => phase.kind !== 'queued' && phase.kind !== 'finished') ||
    state.phase.kind === 'stopping' ||
    state.variants.every(({ phase }) => phase.kind === 'finished')
  );
}
