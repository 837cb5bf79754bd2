import type { RunDecision } from '../../model/decision.ts';
import { resultLine, tallyLine } from '../../model/decision-words.ts';
import { oneLine } from '../../text/plain-text.ts';
import { shellWord } from '../../text/shell-word.ts';
import type { Screen } from '../kit/screen.ts';
import { wrapWords } from '../kit/wrap.ts';

/** What is decided about a run, with the reason and the next command. Ends without a line break. */
export function decisionText(run: string, decision: RunDecision, o: Screen & { readonly merge: boolean }): string {
  const { chosen, why, tally } = decision;
  const name = chosen === null ? '' : oneLine(chosen);
  if (chosen === null) return [resultLine(decision) || `Nothing is chosen in ${oneLine(run)}. ${tallyLine(tally)}.`].join('\n');
  return [
    resultLine({ ...decision, chosen: name }),
    ...(why === '' ? [] : wrapWords(oneLine(why), o.columns - 2).map((line) => `  ${line}`)),
    ...(o.merge ? [`Merge it: copse merge ${shellWord(`${run}/${name}`)}`] : []),
  ].join('\n');
}
