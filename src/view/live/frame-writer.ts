import { displayWidth } from '../kit/width.ts';

/** The required parts of a terminal stream. */
export interface FrameStream {
  write(text: string): boolean;
  on?(event: 'resize' | 'drain', listener: () => void): unknown;
  off?(event: 'resize' | 'drain', listener: () => void): unknown;
}

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export const HIDE_CURSOR = '\u001b[?25l';
export const SHOW_CURSOR = '\u001b[?25h';
// Synchronised output: terminals that know it show the frame at once, others ignore it.
const BEGIN = '\u001b[?2026h';
const END = '\u001b[?2026l';
const CLEAR_LINE = '\u001b[2K';
const CLEAR_BELOW = '\u001b[J';
// biome-ignore lint/suspicious/noControlCharactersInRegex: our own colours
const COLOURS = /\u001b\[[0-9;]*m/g;

/**
 * Rewrites a block of lines in place. Invariant: the cursor is in column 0 of the line below the block, so that a killed
 * process leaves the prompt in a sane place.
 *
 * A terminal that gets narrower breaks the lines again (tmux, VTE, kitty, iTerm, Windows Terminal): the block then takes
 * more rows than it has lines, and clearing by lines leaves ghosts. So rows are counted at the present width. Where they do not
 * fit on the screen any more, the top of the block has scrolled away and comes back when the terminal gets wider: from then on
 * a resize clears the screen up to its top.
 */
export class FrameWriter {
  readonly #stream: FrameStream;
  /** Widths of the lines on the screen, and their text. */
  #drawn: readonly number[] = [];
  #text = '';
  #size: Size = { columns: 0, rows: 0 };
  #spilled = false;

  constructor(stream: FrameStream) {
    this.#stream = stream;
  }

  /** Sequence that leads from below the block to its first column, everything cleared. */
  #wipe(size: Size): string {
    if (this.#drawn.length === 0) return '\r';
    const columns = Math.max(1, size.columns);
    const rows = this.#drawn.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
    if (rows >= size.rows) this.#spilled = true;
    // Going up stops at the top of the screen by itself.
    return `\r\u001b[${this.#spilled ? Math.max(1, size.rows) : rows}A${CLEAR_BELOW}`;
  }

  /** Draws `lines` over the block on the screen; writes nothing when nothing changed. False: the stream is full. */
  draw(lines: readonly string[], size: Size): boolean {
    const text = lines.map((line) => `${line}\n`).join('');
    const resized = size.columns !== this.#size.columns || size.rows !== this.#size.rows;
    if (text === this.#text && !resized) return true;
    // Same width: overwriting line by line flickers less than clearing all of it first.
    const up = this.#drawn.length === 0 ? '\r' : `\r\u001b[${this.#drawn.length}A`;
    const start = resized ? this.#wipe(size) : up;
    const body = lines.map((line) => `${CLEAR_LINE}${line}\r\n`).join('');
    this.#drawn = lines.map((line) => displayWidth(line.replace(COLOURS, '')));
    this.#text = text;
    this.#size = size;
    return this.#stream.write(BEGIN + start + body + CLEAR_BELOW + END);
  }

  /** Removes the block and writes `text` in its place; the next frame is drawn below it. */
  replaceWith(text: string, size: Size): void {
    const resized = size.columns !== this.#size.columns || size.rows !== this.#size.rows;
    const up = this.#drawn.length === 0 ? '\r' : `\r\u001b[${this.#drawn.length}A${CLEAR_BELOW}`;
    this.#stream.write((resized ? this.#wipe(size) : up) + text);
    this.forget();
  }

  /** Leaves the block as it is: the next frame is drawn below it. */
  forget(): void {
    this.#drawn = [];
    this.#text = '';
    this.#spilled = false;
  }

  write(sequence: string): void {
    this.#stream.write(sequence);
  }
}
