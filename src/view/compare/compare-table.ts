import type { Evidence } from '../../model/reports/evidence.ts';
import { oneLine } from '../../text/plain-text.ts';
import { type Cell, type Column, layOut, neededWidth } from '../kit/columns.ts';
import type { Screen } from '../kit/screen.ts';
import { type Paint, type Style, type Symbols, styleFor, symbolsFor } from '../kit/style.ts';
import { truncate } from '../kit/width.ts';
import { type CompareColumn, compareColumns, type Tone } from './compare-columns.ts';
import { byRank, type Mark, markOf } from './compare-facts.ts';
import * as say from './compare-messages.ts';

/** Behind a value that no other variant's beats. */
export const BEST = '*';

function markCell(mark: Mark, symbols: Symbols, style: Style): Cell {
  switch (mark) {
    case 'good':
      return { text: symbols.success, paint: style.green };
    case 'bad':
      return { text: symbols.failure, paint: style.red };
    case 'open':
      return { text: symbols.waiting, paint: style.dim };
  }
}

function paintOf(tone: Tone | undefined, style: Style): Paint {
  switch (tone) {
    case 'good':
    case 'added':
      return style.green;
    case 'bad':
    case 'removed':
      return style.red;
    case 'weak':
      return style.yellow;
    case 'plain':
    case undefined:
      return style.plain;
  }
}

/**
 * A line of heads and one for each variant, the best-ranked first, within `o.columns`. The columns that matter least are dropped first; never
 * outcome, checks and merges. If a column for each check does not fit, one counts them.
 */
export function compareTable(evidence: Evidence, o: Screen): string[] {
  const each = drawn(evidence, o, 'each');
  const fits = neededWidth(each) <= o.columns;
  return layOut(fits ? each : drawn(evidence, o, 'count'), { width: o.columns, ellipsis: symbolsFor(o).ellipsis });
}

function drawn(evidence: Evidence, o: Screen, checks: 'each' | 'count'): readonly Column[] {
  const style = styleFor(o);
  const symbols = symbolsFor(o);
  const rows = byRank(evidence);
  const names = Math.min(28, Math.max(8, Math.floor(o.columns / 4)));
  const head = { text: '' };
  const name = (label: string): Cell => ({ text: truncate(oneLine(label), names, symbols.ellipsis), paint: style.bold });
  return [
    { gap: 2, align: 'right', cells: [head, ...rows.map(({ rank }) => ({ text: rank === null ? '' : String(rank) }))] },
    { gap: 1, cells: [head, ...rows.map(({ variant }) => markCell(markOf(variant), symbols, style))] },
    {
      gap: 1,
      min: 8,
      cells: [{ text: say.heads.variant, paint: style.dim }, ...rows.map(({ variant }) => name(variant.label))],
    },
    ...compareColumns(evidence, symbols, { checks }).flatMap((column) =>
      partsOf(
        column,
        rows.map(({ variant }) => variant.label),
        o,
      ),
    ),
  ];
}

/** Below this nothing else is left to drop. */
const NARROW = 50;

/** A column with the ones beside its values: marks and notes are columns of their own, so that numbers stay below each other. */
function partsOf(
  { head, cells, align, gap = 2, drop, noteDrop = 4, min }: CompareColumn,
  labels: readonly string[],
  o: Screen,
): Column[] {
  const style = styleFor(o);
  const shrinks = min !== undefined && o.columns < NARROW;
  const all = labels.map((label) => cells.get(label) ?? { text: '' });
  const look = drop === undefined ? {} : { drop };
  const part = (title: string, texts: readonly Cell[], rest: Omit<Column, 'cells'>): Column[] =>
    texts.every(({ text }) => text === '') ? [] : [{ ...look, ...rest, cells: [{ text: title, paint: style.dim }, ...texts] }];
  return [
    ...part(
      head,
      all.map(({ text, tone, best }) => ({ text, paint: best === true ? style.bold : paintOf(tone, style) })),
      { gap, align, ...(shrinks ? { min } : {}) },
    ),
    ...part(
      '',
      all.map(({ best, text }) => ({ text: best === true && text !== '' ? BEST : '', paint: style.bold })),
      { gap: 0 },
    ),
    ...part(
      '',
      all.map(({ note = '' }) => ({ text: note, paint: style.dim })),
      { gap: 1, align, drop: noteDrop },
    ),
  ];
}
