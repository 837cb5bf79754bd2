import { EventEmitter } from 'node:events';
import { displayWidth } from '../../../src/view/kit/width.ts';

interface Row {
  text: string;
  /** The next row is the rest of the same line: it was broken at the edge. */
  wraps: boolean;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal reads
const TOKEN = /\u001b\[([?0-9;]*)([A-Za-z])|\r|\n|[^\u001b\r\n]/gu;

/**
 * As much of a terminal as the live view uses, with the one habit that matters: when it gets narrower or wider it breaks its
 * lines anew, as tmux, VTE, kitty, iTerm and Windows Terminal do. Counts writes and is a stream.
 */
export class VirtualTerminal extends EventEmitter {
  columns: number;
  rows: number;
  isTTY = true;
  cursorShown = true;
  writes: string[] = [];
  /** What `write` returns: false while the line is slow. */
  accepting = true;
  #lines: Row[] = [{ text: '', wraps: false }];
  #row = 0;
  #column = 0;
  /** First row of the screen; those before it have scrolled away. */
  #top = 0;

  constructor(columns: number, rows: number) {
    super();
    this.columns = columns;
    this.rows = rows;
  }

  write(text: string): boolean {
    this.writes.push(text);
    for (const match of text.matchAll(TOKEN)) this.#take(match[0], match[1] ?? '', match[2]);
    return this.accepting;
  }

  /** All there is, with what has scrolled away, without trailing blanks. */
  get text(): string {
    return this.#lines
      .map((row) => row.text.trimEnd())
      .join('\n')
      .trimEnd();
  }

  resize(columns: number, rows = this.rows): void {
    const logical: { text: string; cursor: number | null }[] = [];
    let open: { text: string; cursor: number | null } | null = null;
    this.#lines.forEach((row, i) => {
      const line: { text: string; cursor: number | null } = open ?? { text: '', cursor: null };
      if (i === this.#row) line.cursor = line.text.length + this.#column;
      line.text += row.text;
      if (row.wraps) {
        open = line;
      } else {
        logical.push(line);
        open = null;
      }
    });
    this.columns = columns;
    this.rows = rows;
    this.#lines = [];
    for (const line of logical) {
      const start = this.#lines.length;
      let text = line.text.trimEnd();
      do {
        this.#lines.push({ text: text.slice(0, columns), wraps: text.length > columns });
        text = text.slice(columns);
      } while (text !== '');
      if (line.cursor !== null) {
        this.#row = start + Math.floor(line.cursor / columns);
        this.#column = line.cursor % columns;
      }
    }
    while (this.#lines.length <= this.#row) this.#lines.push({ text: '', wraps: false });
    this.#top = Math.max(0, this.#lines.length - rows);
    this.emit('resize');
  }

  /** The screen, without trailing blanks. */
  get screen(): string {
    return this.#lines
      .slice(this.#top)
      .map((row) => row.text.trimEnd())
      .join('\n')
      .trimEnd();
  }

  #at(row: number): Row {
    const line = this.#lines[row];
    if (line === undefined) throw new Error(`no row ${row}`);
    return line;
  }

  #down(): void {
    this.#row += 1;
    if (this.#row === this.#lines.length) this.#lines.push({ text: '', wraps: false });
    this.#top = Math.max(this.#top, this.#row - this.rows + 1);
  }

  #take(token: string, parameter: string, final: string | undefined): void {
    if (final !== undefined) this.#control(parameter, final);
    else if (token === '\r') this.#column = 0;
    else if (token === '\n') this.#down();
    else this.#print(token);
  }

  #print(token: string): void {
    const width = displayWidth(token);
    if (this.#column + width > this.columns) {
      this.#at(this.#row).wraps = true;
      this.#down();
      this.#column = 0;
    }
    const line = this.#at(this.#row);
    // A wide character fills its second cell with a mark that no text has, so that columns stay indices.
    line.text =
      line.text.slice(0, this.#column).padEnd(this.#column) +
      token.padEnd(width, '\u0000') +
      line.text.slice(this.#column + width);
    this.#column += width;
  }

  #control(parameter: string, final: string): void {
    if (final === 'm' || parameter === '?2026') return;
    if (parameter === '?25') {
      this.cursorShown = final === 'h';
    } else if (final === 'A') {
      this.#row = Math.max(this.#top, this.#row - Number(parameter || 1));
    } else if (final === 'J' && parameter === '') {
      const line = this.#at(this.#row);
      this.#lines.length = this.#row + 1;
      line.text = line.text.slice(0, this.#column);
      line.wraps = false;
    } else if (final === 'K' && parameter === '2') {
      const line = this.#at(this.#row);
      line.text = '';
      line.wraps = false;
    } else {
      throw new Error(`not known: CSI ${parameter} ${final}`);
    }
  }
}
