import type { Amendment } from '../../model/amendment.ts';
import { dollars } from '../../text/amounts.ts';
import { formatDuration } from '../../text/duration.ts';
import { visibleText } from '../../text/plain-text.ts';

/** What a person changed of a variant's plan, in one line. */
export function amendmentWords({ allowedTools, budgetUsd, timeoutMs, maxTurns, model }: Amendment): string {
  return [
    ...(allowedTools === undefined ? [] : [`also allowed ${allowedTools.map(visibleText).join(', ')}`]),
    ...(budgetUsd === undefined ? [] : [`may cost ${dollars(budgetUsd)}`]),
    ...(timeoutMs === undefined ? [] : [`time limit ${formatDuration(timeoutMs)}`]),
    ...(maxTurns === undefined ? [] : [`at most ${maxTurns} turns`]),
    ...(model === undefined ? [] : [`model ${visibleText(model)}`]),
  ].join('; ');
}
