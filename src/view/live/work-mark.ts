import type { ListrTaskState } from 'listr2';
import { isGood } from '../../model/run-state/run-facts.ts';
import type { VariantState } from '../../model/run-state/state.ts';
import type { Paint, Style, Symbols } from '../kit/style.ts';

/** How a variant's work is going, in listr2's words for a task. */
export type WorkState = `${ListrTaskState}`;

/** `PAUSED`: it continues by itself or can be continued later, after a transient failure or a limit. */
export function workState(variant: VariantState): WorkState {
  const { phase } = variant;
  if (phase.kind === 'queued') return 'WAITING';
  if (phase.kind === 'retrying') return 'PAUSED';
  if (phase.kind !== 'finished') return 'STARTED';
  if (isGood(variant)) return 'COMPLETED';
  switch (phase.outcome) {
    case 'skipped':
      return 'SKIPPED';
    case 'stopped':
      return 'CANCELLED';
    case 'limited':
      return 'PAUSED';
    default:
      return 'FAILED';
  }
}

export interface Mark {
  readonly text: string;
  readonly paint: Paint;
}

/** The mark before a variant's name. `frame` turns the spinner; null: a still mark for texts that stay. */
export function workMark(work: WorkState, frame: number | null, symbols: Symbols, style: Style): Mark {
  switch (work) {
    case 'WAITING':
    case 'PAUSED':
      return { text: symbols.waiting, paint: style.yellow };
    case 'COMPLETED':
      return { text: symbols.success, paint: style.green };
    case 'SKIPPED':
      return { text: symbols.skipped, paint: style.dim };
    case 'CANCELLED':
      return { text: symbols.stopped, paint: style.yellow };
    case 'FAILED':
      return { text: symbols.failure, paint: style.red };
    default:
      return { text: symbols.spinner[(frame ?? 1) % symbols.spinner.length] ?? symbols.tool, paint: style.cyan };
  }
}
