import type { OverlapEvidence } from '../../../model/reports/evidence.ts';
import { count } from '../../../text/amounts.ts';
import { oneLine } from '../../../text/plain-text.ts';
import { truncate } from '../../kit/width.ts';
import { html, type Markup } from '../markup.ts';

const CELL = 38;
const TOP = 26;
const LETTERS = 22;

/** Touching cells; the numbers say it as well, so that colour is not needed. */
function cell(pair: OverlapEvidence | undefined, a: string, b: string, x: number, y: number): Markup {
  const conflicts = pair?.conflicts.length ?? 0;
  const files = pair?.files.length ?? 0;
  const kind = conflicts > 0 ? 'clash' : files > 0 ? 'touch' : 'apart';
  const words =
    conflicts > 0
      ? `${count(conflicts, 'conflict')}, ${count(files, 'shared file')}`
      : files > 0
        ? `${count(files, 'shared file')}, no conflict`
        : 'nothing shared';
  const text = conflicts > 0 ? `${conflicts}!` : files > 0 ? String(files) : '·';
  return html`<g class="cell ${kind}"><title>${a} and ${b}: ${words}</title><rect x="${x + 1}" y="${y + 1}" width="${CELL - 2}" height="${CELL - 2}" rx="5"/><text x="${x + CELL / 2}" y="${y + CELL / 2 + 5}" text-anchor="middle">${text}</text></g>`;
}

/**
 * Which variants touch the same files, and which conflict, as a picture: the lower half of the square of all pairs, rows and
 * columns by number. A table beside it has the same for those who do not see it.
 */
export function overlapMatrix(labels: readonly string[], overlap: readonly OverlapEvidence[]): Markup {
  const names = labels.map(oneLine);
  const shown = names.map((name) => truncate(name, LETTERS, '…'));
  // 8 pixels a character at 13 pixels, and the number before it.
  const left = 8 * Math.max(...shown.map((name) => name.length)) + 40;
  const of = (a: string, b: string): OverlapEvidence | undefined =>
    overlap.find((pair) => (pair.a === a && pair.b === b) || (pair.a === b && pair.b === a));
  const width = left + CELL * names.length + 2;
  const height = TOP + CELL * names.length + 2;
  const rows = labels.map((label, row) => {
    const y = TOP + row * CELL;
    return html`<text class="name" x="${left - 10}" y="${y + CELL / 2 + 5}" text-anchor="end">${shown[row] ?? ''}  ${row + 1}</text>${labels
      .slice(0, row)
      .map((other, column) =>
        cell(of(label, other), names[column] ?? '', names[row] ?? '', left + column * CELL, y),
      )}<g class="cell self"><rect x="${left + row * CELL + 1}" y="${y + 1}" width="${CELL - 2}" height="${CELL - 2}" rx="5"/></g>`;
  });
  const heads = labels.map(
    (_, i) => html`<text class="name" x="${left + i * CELL + CELL / 2}" y="${TOP - 9}" text-anchor="middle">${i + 1}</text>`,
  );
  return html`<svg class="matrix" role="img" aria-labelledby="matrix-title matrix-text" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"><title id="matrix-title">Overlap of the variants</title><desc id="matrix-text">The following table has the same content.</desc>${heads}${rows}</svg>`;
}
