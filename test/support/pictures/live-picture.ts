import { displayWidth } from '../../../src/view/kit/width.ts';

/** Colours of a terminal, and of the window around it. */
export interface Theme {
  readonly background: string;
  readonly border: string;
  readonly text: string;
  readonly dim: string;
  readonly red: string;
  readonly green: string;
  readonly yellow: string;
  readonly cyan: string;
}

const CELL = 8.4;
const LINE = 21;
const MARGIN = 20;
const BAR = 38;
/** How long a frame is shown, and the last one before it all begins again. */
const FRAME_S = 0.45;
const LAST_S = 4;

const COLOURS: Readonly<Record<number, keyof Theme>> = { 31: 'red', 32: 'green', 33: 'yellow', 36: 'cyan' };

interface Span {
  readonly column: number;
  readonly text: string;
  readonly class: string;
}

/**
 * Frames of a terminal as an SVG that plays them. Each piece of text has its own place and length, so that columns line up in whatever
 * monospaced font the reader has. Readers who prefer no motion see the last frame.
 */
export function livePicture(
  frames: readonly (readonly string[])[],
  o: { readonly columns: number; readonly title: string; readonly theme: Theme },
): string {
  const { theme } = o;
  const rows = Math.max(...frames.map((lines) => lines.length));
  const width = Math.round(o.columns * CELL + 2 * MARGIN);
  const height = BAR + rows * LINE + MARGIN;
  const total = (frames.length - 1) * FRAME_S + LAST_S;
  const dots = [0, 1, 2].map((n) => `<circle cx="${MARGIN + 6 + n * 20}" cy="${BAR / 2}" r="6" fill="${theme.border}"/>`);
  const shown = frames.map((lines, n) => {
    const last = n === frames.length - 1;
    const texts = lines.flatMap((line, row) => spansOf(line).map((span) => textOf(span, BAR + (row + 0.75) * LINE)));
    return `<g class="${last ? 'last' : 'frame'}" style="animation-delay:${(n * FRAME_S).toFixed(2)}s">${texts.join('')}</g>`;
  });
  const part = (seconds: number): string => `${((100 * seconds) / total).toFixed(3)}%`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<style>
text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:${theme.text};white-space:pre}
.b{font-weight:600}.d{fill:${theme.dim}}${Object.values(COLOURS)
    .map((name) => `.${name}{fill:${theme[name]}}`)
    .join('')}
.frame,.last{visibility:hidden;animation:frame ${total}s step-end infinite}
.last{animation-name:last}
@keyframes frame{0%{visibility:visible}${part(FRAME_S)}{visibility:hidden}}
@keyframes last{0%{visibility:visible}${part(LAST_S)}{visibility:hidden}}
@media (prefers-reduced-motion:reduce){.frame,.last{animation:none}.last{visibility:visible}}
</style>
<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="10" fill="${theme.background}" stroke="${theme.border}"/>
${dots.join('')}<text x="${width / 2}" y="${BAR / 2 + 5}" text-anchor="middle" class="d">${escaped(o.title)}</text>
${shown.join('\n')}
</svg>
`;
}

/** Pieces of a line without blanks at their edges, by the escape sequences between them. */
function spansOf(line: string): readonly Span[] {
  const spans: Span[] = [];
  let column = 0;
  let weight = '';
  let colour = '';
  for (const [n, part] of line.split('\u001b[').entries()) {
    const [, code, piece = ''] = /^(\d+)m(.*)$/.exec(part) ?? [];
    if (n > 0 && code !== undefined) {
      const sgr = Number(code);
      if (sgr === 1) weight = 'b';
      else if (sgr === 2) weight = 'd';
      else if (sgr === 22) weight = '';
      else colour = COLOURS[sgr] ?? '';
    }
    // Two blanks or more are a gap between columns.
    for (const cell of (n === 0 ? part : piece).split(/( {2,})/)) {
      const text = cell.trim();
      const before = cell.length - cell.trimStart().length;
      if (text !== '') spans.push({ column: column + before, text, class: [weight, colour].filter(Boolean).join(' ') });
      column += displayWidth(cell);
    }
  }
  return spans;
}

function textOf(span: Span, y: number): string {
  const x = (MARGIN + span.column * CELL).toFixed(1);
  const length = (displayWidth(span.text) * CELL).toFixed(1);
  const style = span.class === '' ? '' : ` class="${span.class}"`;
  return `<text x="${x}" y="${y}" textLength="${length}"${style}>${escaped(span.text)}</text>`;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
