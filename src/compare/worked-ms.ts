import type { VariantState } from '../model/state.ts';

/**
 * Milliseconds that a variant took up to its end, or to `now`. A correction counts from its own start, so what the agent worked in
 * the rounds before is added: else the most corrected variant would look like the quickest.
 */
export function workedMs({ phase, startedAt, attempts }: VariantState, now: Date): number {
  const ended = phase.kind === 'finished' ? Date.parse(phase.at) : now.getTime();
  const thisRound = startedAt === null ? 0 : Math.max(0, ended - Date.parse(startedAt));
  return attempts
    .filter((attempt) => startedAt === null || attempt.startedAt < startedAt)
    .reduce((sum, { startedAt: from, finishedAt: to }) => sum + (to === null ? 0 : Date.parse(to) - Date.parse(from)), thisRound);
}
