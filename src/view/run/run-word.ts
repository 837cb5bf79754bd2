import type { RunDecision } from '../../model/decision.ts';
import type { RunState } from '../../model/run-state/state.ts';

/** A run with what only the machine can tell about it. */
export interface StatusRun {
  readonly state: RunState;
  /** Whether its supervisor lives. */
  readonly alive: boolean;
  /** Absent: not asked for. */
  readonly decision?: RunDecision;
}

export type RunWord = 'running' | 'paused' | 'stopping' | 'finished' | 'interrupted';

/** Unfinished and without a supervisor. */
export function isInterrupted(run: StatusRun): boolean {
  return run.state.phase.kind !== 'finished' && !run.alive;
}

/** State of a run in one word, for people and JSON. */
export function runWord(run: StatusRun): RunWord {
  const { kind } = run.state.phase;
  if (isInterrupted(run)) return 'interrupted';
  return kind === 'created' ? 'running' : kind;
}
