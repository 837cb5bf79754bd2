import type { Paint } from './style.ts';
import { displayWidth, truncate } from './width.ts';

export interface Cell {
  readonly text: string;
  readonly paint?: Paint;
}

export interface Column {
  readonly cells: readonly Cell[];
  /** Spaces before it. */
  readonly gap: number;
  readonly align?: 'left' | 'right';
  /** Dropped in ascending order while the lines are too wide; absent: never. */
  readonly drop?: number;
  /** May shrink to this many cells before anything is dropped. */
  readonly min?: number;
  /** Takes the remaining width, so that the following columns are at the right edge. */
  readonly fill?: boolean;
}

interface Measured extends Column {
  readonly wanted: number;
  readonly least: number;
}

function measure(column: Column): Measured {
  const wanted = column.cells.reduce((most, cell) => Math.max(most, displayWidth(cell.text)), 0);
  return { ...column, wanted, least: Math.min(wanted, column.min ?? wanted) };
}

/** Without the columns that do not fit, those with the lowest `drop` first. */
function dropped(columns: readonly Measured[], width: number): readonly Measured[] {
  let kept = columns;
  for (;;) {
    const needed = kept.reduce((sum, c) => sum + c.gap + c.least, 0);
    const next = Math.min(...kept.map((c) => c.drop ?? Number.POSITIVE_INFINITY));
    if (needed <= width || !Number.isFinite(next)) return kept;
    kept = kept.filter((c) => c.drop !== next);
  }
}

/** Cells that the columns take when all that may be dropped is, and nothing is shrunk. */
export function neededWidth(columns: readonly Column[]): number {
  const kept = columns.map(measure).filter(({ wanted, drop }) => wanted > 0 && drop === undefined);
  return kept.reduce((sum, { gap, wanted }) => sum + gap + wanted, 0);
}

function widths(columns: readonly Measured[], width: number): number[] {
  let spare = width - columns.reduce((sum, c) => sum + c.gap + c.least, 0);
  const result = columns.map((c) => {
    const more = Math.max(0, Math.min(c.wanted - c.least, spare));
    spare -= more;
    return c.least + more;
  });
  const filler = columns.findIndex((c) => c.fill === true);
  if (filler >= 0 && spare > 0) result[filler] = (result[filler] ?? 0) + spare;
  return result;
}

/**
 * Lines of aligned columns, none wider than `width` cells. Columns that are empty in all lines take no room.
 * Trailing spaces are left out.
 */
export function layOut(columns: readonly Column[], o: { readonly width: number; readonly ellipsis: string }): string[] {
  const kept = dropped(
    columns.map(measure).filter((c) => c.wanted > 0),
    o.width,
  );
  const room = widths(kept, o.width);
  const lines = Math.max(0, ...columns.map((c) => c.cells.length));
  return Array.from({ length: lines }, (_, line) => {
    let text = '';
    let used = 0;
    let pending = 0;
    kept.forEach((column, i) => {
      const cell = column.cells[line] ?? { text: '' };
      const allowed = Math.max(0, Math.min(room[i] ?? 0, o.width - used - pending - column.gap));
      const shown = truncate(cell.text, allowed, o.ellipsis);
      const rest = allowed - displayWidth(shown);
      if (shown === '') {
        pending += column.gap + rest;
        return;
      }
      const before = pending + column.gap + (column.align === 'right' ? rest : 0);
      text += ' '.repeat(before) + (cell.paint ?? String)(shown);
      used += before + displayWidth(shown);
      pending = column.align === 'right' ? 0 : rest;
    });
    return text;
  });
}
