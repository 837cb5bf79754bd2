import { variantTotals } from '../../model/run-state/run-facts.ts';
import type { RunState, VariantState } from '../../model/run-state/state.ts';
import { cost, tokenCount } from '../../text/amounts.ts';
import { changeWords, newTokens } from '../kit/change-words.ts';
import { type Cell, type Column, layOut } from '../kit/columns.ts';
import type { Screen } from '../kit/screen.ts';
import * as words from '../kit/shared-messages.ts';
import { styleFor, symbolsFor } from '../kit/style.ts';
import { isActive } from '../kit/variant-facts.ts';
import { displayWidth, truncate } from '../kit/width.ts';
import { activityText, type Moment } from './activity-text.ts';
import { type WorkState, workMark, workState } from './work-mark.ts';

/** Longer names are cut, so that one of them does not take the activity's room. */
const NAME_CELLS = 24;
/** Narrower than this an activity means nothing; columns are dropped first. */
const ACTIVITY_CELLS = 18;
/** How a variant ended is said whole before its turns and tokens are: nothing comes after it that would say it again. */
const ENDING_CELLS = 48;

/** The contents of one row: in the live view from the variant's task, elsewhere from its state. */
export interface LiveRow {
  readonly variant: VariantState;
  readonly work: WorkState;
  readonly activity: string;
}

export function rowsOf(state: RunState, moment: Moment): readonly LiveRow[] {
  return state.variants.map((variant) => ({
    variant,
    work: workState(variant),
    activity: activityText(variant, state, moment),
  }));
}

/**
 * One line per variant: mark, name, activity, turns, tokens, cost, changes. Narrower screens lose tokens, turns, the
 * file count, the lines and the cost, in this order. `stale`: their last state may be out of date.
 */
export function variantRows(
  rows: readonly LiveRow[],
  o: Screen & { readonly frame: number | null; readonly stale?: boolean },
): string[] {
  const variants = rows.map(({ variant }) => variant);
  const style = styleFor(o);
  const symbols = symbolsFor(o);
  const totals = variants.map(variantTotals);
  const changes = variants.map((v) => changeWords(v.changes, symbols));
  const nameRoom = Math.min(NAME_CELLS, Math.max(4, Math.floor(o.columns / 3)));
  const activities = rows.map(({ activity }) => activity);
  const endings = activities.map((text, i) =>
    o.frame === null && variants[i]?.phase.kind === 'finished' ? displayWidth(text) : 0,
  );
  const amount = (texts: readonly string[]): Cell[] => texts.map((text) => ({ text, paint: style.dim }));
  const columns: Column[] = [
    {
      gap: 2,
      cells: rows.map(({ variant, work }) =>
        o.stale === true && isActive(variant)
          ? { text: symbols.warning, paint: style.yellow }
          : workMark(work, o.frame, symbols, style),
      ),
    },
    { gap: 1, cells: variants.map((v) => ({ text: truncate(v.name, nameRoom, symbols.ellipsis), paint: style.bold })) },
    {
      gap: 2,
      min: Math.min(ENDING_CELLS, Math.max(ACTIVITY_CELLS, ...endings)),
      fill: true,
      cells: activities.map((text) => ({ text })),
    },
    { gap: 2, drop: 2, align: 'right', cells: amount(totals.map((t) => (t.turns === 0 ? '' : words.turns(t.turns)))) },
    {
      gap: 3,
      drop: 1,
      align: 'right',
      cells: amount(totals.map((t) => (newTokens(t.tokens) === 0 ? '' : tokenCount(newTokens(t.tokens))))),
    },
    { gap: 2, drop: 5, align: 'right', cells: totals.map((t) => ({ text: t.costUsd === 0 ? '' : cost(t.costUsd, symbols) })) },
    { gap: 3, drop: 3, align: 'left', cells: amount(changes.map((c) => c.files)) },
    { gap: 1, drop: 4, align: 'right', cells: changes.map((c) => ({ text: c.added, paint: style.green })) },
    { gap: 1, drop: 4, align: 'right', cells: changes.map((c) => ({ text: c.removed, paint: style.red })) },
  ];
  return layOut(columns, { width: o.columns, ellipsis: symbols.ellipsis });
}
