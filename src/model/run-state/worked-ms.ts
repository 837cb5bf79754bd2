import type { RunState, VariantState } from './state.ts';

interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Milliseconds that a variant took up to its end, or to `now` if given, without the pauses between its corrections: else the most corrected
 * variant would look like the quickest, or the one that was corrected a day later like the slowest.
 */
export function workedMs(variant: VariantState, now: Date | null): number {
  return spansOf(variant, now).reduce((sum, { from, to }) => sum + Math.max(0, to - from), 0);
}

export interface Times {
  /** From its start to its end, as {@link workedMs}. */
  readonly durationMs: number;
  /** Of that the agent's own work, all attempts. */
  readonly agentMs: number;
  readonly setupMs: number;
  readonly checksMs: number;
  /** The rest: waiting for the base, for another try, for git. */
  readonly waitingMs: number;
}

/** How a variant's time was spent, up to its end or to `now`. */
export function timesOf(variant: VariantState, now: Date | null): Times {
  const durationMs = workedMs(variant, now);
  const agentMs = variant.attempts.reduce((sum, { startedAt, finishedAt }) => {
    const from = Date.parse(startedAt);
    const to = finishedAt === null ? (now?.getTime() ?? from) : Date.parse(finishedAt);
    return sum + Math.max(0, to - from);
  }, 0);
  const { setupMs, checksMs } = variant;
  return { durationMs, agentMs, setupMs, checksMs, waitingMs: Math.max(0, durationMs - agentMs - setupMs - checksMs) };
}

/**
 * Milliseconds from a run's creation to its end, or to `now`, or else to the last thing known, without the pauses in which nothing was
 * under way: a correction a day later does not make it a run of a day.
 */
export function runWorkedMs(run: RunState, now: Date | null): number {
  const created = Date.parse(run.createdAt);
  const spans = run.variants.flatMap((variant) => spansOf(variant, now)).sort((a, b) => a.from - b.from);
  const known = spans.reduce((latest, { to }) => Math.max(latest, to), created);
  const end = run.phase.kind === 'finished' ? Date.parse(run.phase.at) : (now?.getTime() ?? known);
  let pauses = 0;
  let until = spans[0]?.from ?? created;
  for (const { from, to } of spans) {
    pauses += Math.max(0, from - until);
    until = Math.max(until, to);
  }
  return Math.max(0, end - created - pauses);
}

/** Its rounds. A correction counts from its own start, those before it by what the agent worked. */
function spansOf({ phase, startedAt, attempts }: VariantState, now: Date | null): Span[] {
  const before = attempts
    .filter((attempt) => startedAt === null || attempt.startedAt < startedAt)
    .flatMap(({ startedAt: from, finishedAt: to }) => (to === null ? [] : [{ from: Date.parse(from), to: Date.parse(to) }]));
  if (startedAt === null) return before;
  const from = Date.parse(startedAt);
  return [...before, { from, to: phase.kind === 'finished' ? Date.parse(phase.at) : (now?.getTime() ?? from) }];
}
