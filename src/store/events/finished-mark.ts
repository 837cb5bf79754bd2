import type { Instant } from '../../model/ids.ts';
import type { RunState } from '../../model/run-state/state.ts';

/** The beginning of a snapshot of a finished run: when it was created, and how long the log was then. */
export interface FinishedMark {
  readonly at: Instant;
  readonly offset: number;
}

/**
 * At the beginning of `run.json`, so that a look at a thousand runs reads a few bytes of each. It counts only while the log is as long
 * as it says: a retry, a merge or a prune writes on.
 */
export function finishedMark(state: RunState, offset: number): { readonly finished?: FinishedMark } {
  return state.phase.kind === 'finished' && offset > 0 ? { finished: { at: state.createdAt, offset } } : {};
}

/** From the first bytes of a snapshot; null: it has none. */
export function readFinished(beginning: string): FinishedMark | null {
  const found = /^\{"schema":1,"finished":\{"at":"([^"\\]+)","offset":(\d+)\},/.exec(beginning);
  return found?.[1] === undefined ? null : { at: found[1], offset: Number(found[2]) };
}
