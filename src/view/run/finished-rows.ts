import { standingOf } from '../../model/evidence/check.ts';
import { checkLine } from '../../model/evidence/check-words.ts';
import { isGood, variantTotals } from '../../model/run-state/run-facts.ts';
import type { RunState, VariantState } from '../../model/run-state/state.ts';
import { workedMs } from '../../model/run-state/worked-ms.ts';
import { cost, duration } from '../../text/amounts.ts';
import { oneLine } from '../../text/plain-text.ts';
import { changeWords } from '../kit/change-words.ts';
import { type Cell, layOut } from '../kit/columns.ts';
import type { Screen } from '../kit/screen.ts';
import { checksPassed, outcomeWord } from '../kit/shared-messages.ts';
import { type Paint, styleFor, symbolsFor } from '../kit/style.ts';
import { displayWidth, truncate } from '../kit/width.ts';
import { wrapWords } from '../kit/wrap.ts';
import { activityText } from '../live/activity-text.ts';
import { workMark, workState } from '../live/work-mark.ts';

const NAME_CELLS = 24;

/** `checks 2/2` if the outcome is the usual one, else the outcome. */
function resultText(variant: VariantState, state: RunState): string {
  const { phase, checks } = variant;
  if (phase.kind !== 'finished') return activityText(variant, state, { now: new Date(state.createdAt) });
  const passed = checksPassed(checks.filter((c) => c.status === 'passed').length, checks.length);
  if (phase.outcome === 'succeeded') return checks.length === 0 ? outcomeWord(phase.outcome) : passed;
  return outcomeWord(phase.outcome);
}

/** Facts that the user needs beyond the row: failing checks, the reason, notes. */
function detailsOf(variant: VariantState): string[] {
  const { phase } = variant;
  if (phase.kind !== 'finished') return [];
  const failing = variant.checks.flatMap((check) => (standingOf(check) === 'fixed' ? [] : oneLine(checkLine(check)) || []));
  const reason = oneLine(phase.reason);
  return [...(reason === '' || phase.outcome === 'succeeded' ? [] : [reason]), ...failing, ...variant.notes.map(oneLine)];
}

/**
 * One line per variant: mark, name, checks or outcome, changes, cost, duration; below it what needs saying, indented to the
 * name's right. Details are wrapped to the width, never cut: they are what the person needs.
 */
export function finishedRows(
  variants: readonly VariantState[],
  state: RunState,
  o: Screen & { readonly details: boolean },
): string[] {
  const style = styleFor(o);
  const symbols = symbolsFor(o);
  const names = variants.map((v) =>
    truncate(v.name, Math.min(NAME_CELLS, Math.max(4, Math.floor(o.columns / 3))), symbols.ellipsis),
  );
  const changes = variants.map((v) => changeWords(v.changes, symbols));
  const cells = (texts: readonly string[], paint?: Paint): Cell[] =>
    texts.map((text) => (paint === undefined ? { text } : { text, paint }));
  const lines = layOut(
    [
      { gap: 2, cells: variants.map((v) => workMark(workState(v), null, symbols, style)) },
      { gap: 1, cells: cells(names, style.bold) },
      {
        gap: 2,
        min: 10,
        cells: variants.map((v) => ({ text: resultText(v, state), paint: isGood(v) ? style.plain : style.red })),
      },
      { gap: 3, drop: 2, align: 'left', cells: cells(changes.map((c) => c.files)) },
      {
        gap: 1,
        drop: 3,
        align: 'right',
        cells: cells(
          changes.map((c) => c.added),
          style.green,
        ),
      },
      {
        gap: 1,
        drop: 3,
        align: 'right',
        cells: cells(
          changes.map((c) => c.removed),
          style.red,
        ),
      },
      {
        gap: 3,
        drop: 4,
        align: 'right',
        cells: cells(variants.map(variantTotals).map((t) => (t.costUsd === 0 ? '' : cost(t.costUsd, symbols)))),
      },
      {
        gap: 3,
        drop: 1,
        align: 'right',
        cells: cells(
          variants.map((v) => (v.startedAt === null || v.phase.kind !== 'finished' ? '' : duration(workedMs(v, null)))),
          style.dim,
        ),
      },
    ],
    { width: o.columns, ellipsis: symbols.ellipsis },
  );
  if (!o.details) return lines;
  const indent = Math.min(4 + Math.max(0, ...names.map(displayWidth)) + 2, Math.floor(o.columns / 2));
  return variants.flatMap((variant, i) => [
    lines[i] ?? '',
    ...detailsOf(variant).flatMap((text) =>
      wrapWords(text, o.columns - indent).map((line) => ' '.repeat(indent) + style.dim(line)),
    ),
  ]);
}
