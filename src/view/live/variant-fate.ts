import { landingOf } from '../../model/run-facts.ts';
import type { VariantState } from '../../model/state.ts';
import { oneLine } from '../../text/plain-text.ts';
import { outcomeWord } from '../kit/messages.ts';

/** How a finished variant ended and what became of it since: `succeeded`, `landed on main, removed`. */
export function fateOf(variant: VariantState): string {
  const { phase, removed } = variant;
  const landed = landingOf(variant);
  const ended = phase.kind === 'finished' ? outcomeWord(phase.outcome) : '';
  const now = landed === null ? ended : `landed on ${oneLine(landed.target)}`;
  if (removed === null) return now;
  return `${now}, ${removed.purged ? 'deleted' : 'removed'}`;
}
