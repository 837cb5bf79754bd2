import { type Markup, raw } from '../markup.ts';
import { type DrawnLine, type DrawOptions, drawnLines, linePairs } from './hunk-lines.ts';
import type { FileDiff } from './patch-files.ts';

const ELEMENTS = { same: 'span', added: 'ins', removed: 'del' } as const;
// All of it ASCII, so that a patch in ASCII takes one byte a character.
const SIGNS = { same: ' ', added: '+', removed: '-' } as const;
const NO_NEWLINE = '<span class="hid">no newline at the end</span>';

const BIG = 400;

function digits(file: FileDiff): number {
  const last = file.hunks.at(-1)?.at(-1);
  return String(Math.max(last?.before ?? 0, last?.after ?? 0, 1)).length;
}

const numberText = (n: number | null, width: number): string => (n === null ? '' : String(n)).padStart(width);
const gap = (at: number | null): string => `&ctdot; line ${at ?? 1}`;
const endOf = (line: DrawnLine): string => (line.noNewline ? NO_NEWLINE : '');

/**
 * A file's hunks one below the other. One element a line, its numbers and sign as an attribute that the style draws: five elements
 * a line, as tables have, take a browser seconds at 5 MB, and what is copied from the page is code alone.
 */
export function unifiedDiff(file: FileDiff, o: DrawOptions): Markup {
  const width = digits(file);
  const text = file.hunks.map((hunk, at) => {
    const lines = drawnLines(hunk, o).map((line) => {
      const element = ELEMENTS[line.kind];
      const numbers = `${numberText(line.before, width)} ${numberText(line.after, width)} ${SIGNS[line.kind]}`;
      return `<${element} data-n="${numbers}">${line.code}${endOf(line)}\n</${element}>`;
    });
    const first = hunk[0];
    const begin =
      at === 0 && (first?.after ?? first?.before) === 1 ? '' : `<b>${gap(first?.after ?? first?.before ?? null)}\n</b>`;
    return begin + lines.join('');
  });
  // Off the screen, a long file is not laid out; a short one would only make the scroll bar jump.
  const big = file.hunks.reduce((sum, hunk) => sum + hunk.length, 0) > BIG ? ' big' : '';
  return raw(`<pre class="diff w${Math.min(width, 7)}${big}">${text.join('')}</pre>`);
}

function cell(line: DrawnLine | null, side: 'before' | 'after', width: number): string {
  if (line === null) return '<td class=e>';
  const kind = line.kind === 'same' ? '' : line.kind === 'added' ? ' class=a' : ' class=d';
  return `<td${kind} data-n="${numberText(line[side], width)} ${SIGNS[line.kind]}">${line.code}${endOf(line)}`;
}

/** A file's two sides beside each other, `heads` above them. A screen too narrow for two columns shows them one below the other. */
export function sideBySide(
  file: FileDiff,
  heads: { readonly caption: Markup; readonly before: Markup; readonly after: Markup },
  o: DrawOptions,
): Markup {
  const width = digits(file);
  const rows = file.hunks.map((hunk) => {
    const first = hunk[0];
    const begin =
      (first?.before ?? first?.after) === 1
        ? ''
        : `<tr class=g><th colspan=2 scope=colgroup>${gap(first?.before ?? first?.after ?? null)}`;
    const lines = linePairs(hunk, o).map(({ before, after }) => {
      const kind = before !== null && before === after ? ' class=s' : '';
      return `<tr${kind}>${cell(before, 'before', width)}${cell(after, 'after', width)}`;
    });
    return begin + lines.join('');
  });
  const head = `<thead><tr><th scope=col>${heads.before.markup}<th scope=col>${heads.after.markup}`;
  return raw(
    `<table class="split w${Math.min(width, 7)}"><caption>${heads.caption.markup}</caption>${head}<tbody>${rows.join('')}</table>`,
  );
}
