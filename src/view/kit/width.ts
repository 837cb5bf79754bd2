/*
 * Width of text in terminal cells. string-width would do it, but its Intl.Segmenter costs 27 ms at every start; here the
 * segmenter is made only when a text has something that needs it.
 */

// Printable ASCII, Latin, common punctuation, arrows, mathematics, box drawing, braille and our own marks: one cell each.
// Wide ones among them (U+231A…, U+25FD, emoji) and everything that combines are outside these ranges.
const ONE_CELL_EACH =
  /^[\x20-\x7e\xa0-\xac\xae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u22ff\u2500-\u25fc\u2713-\u2718\u2800-\u28ff]*$/;
const ASCII = /^[\x20-\x7e]*$/;
const EMOJI = /\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|[#*0-9]\ufe0f?\u20e3/u;
const INVISIBLE = /^[\p{M}\p{Cf}\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]+$/u;

/** Wide and fullwidth blocks of Unicode's EastAsianWidth.txt; emoji are tested by their own property. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff],
  [0x1aff0, 0x1b2ff],
  [0x1f200, 0x1f2ff],
  [0x20000, 0x3fffd],
];

let segmenter: Intl.Segmenter | null = null;

function graphemes(text: string): string[] {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), (part) => part.segment);
}

function graphemeWidth(grapheme: string): number {
  if (INVISIBLE.test(grapheme)) return 0;
  if (EMOJI.test(grapheme)) return 2;
  const code = grapheme.codePointAt(0) ?? 0;
  return WIDE.some(([first, last]) => code >= first && code <= last) ? 2 : 1;
}

/** Cells that `text` takes in a terminal. It must hold no escape sequences and no newlines. */
export function displayWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  if (ONE_CELL_EACH.test(text)) return text.length;
  let width = 0;
  for (const grapheme of graphemes(text)) width += graphemeWidth(grapheme);
  return width;
}

/** `text` cut to at most `width` cells; a cut text ends in `ellipsis`. A wide character is never halved. */
export function truncate(text: string, width: number, ellipsis: string): string {
  if (width <= 0) return '';
  if (displayWidth(text) <= width) return text;
  const mark = ellipsis.slice(0, width);
  const room = width - mark.length;
  if (ONE_CELL_EACH.test(text)) return text.slice(0, room).trimEnd() + mark;
  let kept = '';
  let used = 0;
  for (const grapheme of graphemes(text)) {
    const next = used + graphemeWidth(grapheme);
    if (next > room) break;
    kept += grapheme;
    used = next;
  }
  return kept.trimEnd() + mark;
}

/** `text` followed by spaces up to `width` cells; longer text stays. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/** `text` after as many spaces as fill `width` cells; longer text stays. */
export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text;
}
