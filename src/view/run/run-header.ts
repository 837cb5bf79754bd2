import { runCost } from '../../model/run-state/run-facts.ts';
import type { RunState } from '../../model/run-state/state.ts';
import { runWorkedMs } from '../../model/run-state/worked-ms.ts';
import { cost, dollars, duration, shortCommit } from '../../text/amounts.ts';
import { oneLine } from '../../text/plain-text.ts';
import type { Screen } from '../kit/screen.ts';
import * as words from '../kit/shared-messages.ts';
import { type Paint, styleFor, symbolsFor } from '../kit/style.ts';
import { displayWidth, truncate } from '../kit/width.ts';

interface Part {
  readonly text: string;
  readonly paint: Paint;
  /** Left out in ascending order while the line is too wide. */
  readonly drop: number;
  readonly right?: boolean;
}

/** `base main@1a2b3c4`. */
export function baseText(state: { readonly base: RunState['base'] }): string {
  return words.base(`${oneLine(state.base.ref)}@${shortCommit(state.base.commit)}`);
}

function lengthOf(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + displayWidth(part.text), 0) + 2 * Math.max(0, parts.length - 1);
}

/** First line of the live view: run, variants, base, isolation; elapsed time and cost at the right edge. */
export function headerLine(state: RunState, o: Screen & { readonly now: Date }): string {
  const style = styleFor(o);
  const symbols = symbolsFor(o);
  const spent = cost(runCost(state), symbols);
  const loose = state.isolation === 'bypass';
  let parts: Part[] = [
    { text: state.id, paint: style.bold, drop: 9 },
    { text: words.variantCount(state.variants.length), paint: style.plain, drop: 2 },
    { text: baseText(state), paint: style.dim, drop: 3 },
    { text: state.isolation, paint: loose ? style.yellow : style.dim, drop: 4 },
    { text: duration(runWorkedMs(state, o.now)), paint: style.plain, drop: 6, right: true },
    { text: words.ofBudget(spent, dollars(state.totalBudgetUsd)), paint: style.plain, drop: 5, right: true },
    { text: spent, paint: style.plain, drop: 0, right: true },
  ];
  // The short cost is used only if the long one does not fit.
  const short = parts.pop();
  for (let drop = 1; drop < 9 && lengthOf(parts) > o.columns; drop += 1) {
    parts = parts.flatMap((p) => (p.drop !== drop ? [p] : drop === 5 && short !== undefined ? [{ ...short, drop: 7 }] : []));
  }
  const left = parts.filter((p) => p.right !== true);
  const right = parts.filter((p) => p.right === true);
  const space = o.columns - lengthOf(left) - lengthOf(right);
  const join = (list: readonly Part[]): string =>
    list.map((p) => p.paint(truncate(p.text, o.columns, symbols.ellipsis))).join('  ');
  return right.length === 0 ? join(left) : join(left) + ' '.repeat(Math.max(2, space)) + join(right);
}
