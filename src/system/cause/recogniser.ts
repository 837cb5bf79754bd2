/** The form in which one kind of tool states why it failed. */
export interface Recogniser {
  /** For people who read the table. */
  readonly tool: string;
  /** The line from which the cause is read. */
  readonly mark: RegExp;
  /** Of several marked lines the last counts; default: the first. */
  readonly last?: true;
  /** The cause; null: this line states none, the next one may. Default: the first group, else the whole line. */
  readonly cause?: (found: Found) => string | null;
}

export interface Found {
  readonly match: RegExpExecArray;
  readonly lines: readonly string[];
  /** Index of the marked line. */
  readonly at: number;
}

export function recognise(table: readonly Recogniser[], lines: readonly string[]): string | null {
  for (const { mark, last, cause } of table) {
    for (let n = 0; n < lines.length; n += 1) {
      const at = last === true ? lines.length - 1 - n : n;
      const match = mark.exec(lines[at] ?? '');
      if (match === null) continue;
      const said = cause === undefined ? (match[1] ?? match[0]) : cause({ match, lines, at });
      if (said !== null && said.trim() !== '') return said;
    }
  }
  return null;
}

/** The first line after the marked one that fits, at most `within` lines on; null: none. */
export function after({ lines, at }: Found, fits: RegExp, within: number): RegExpExecArray | null {
  for (let below = at + 1; below <= Math.min(at + within, lines.length - 1); below += 1) {
    const match = fits.exec(lines[below] ?? '');
    if (match !== null) return match;
  }
  return null;
}

/** The last line before the marked one that fits, at most `within` lines back; null: none. */
export function before({ lines, at }: Found, fits: RegExp, within: number): RegExpExecArray | null {
  for (let above = at - 1; above >= Math.max(0, at - within); above -= 1) {
    const match = fits.exec(lines[above] ?? '');
    if (match !== null) return match;
  }
  return null;
}

const FRAME = /^\s*at .+|^\s*\d+ \||^[\s│|>]*\^+\s*$/;

/** The message that begins at a line or, if that is empty, at the next one. One that ends with a colon includes what it announces. */
export function message(lines: readonly string[], from: number): string {
  const start = lines.findIndex((line, at) => at >= from && line.trim() !== '');
  if (start === -1) return '';
  const first = (lines[start] ?? '').trim();
  if (!first.endsWith(':')) return plainMessage(first);
  const rest = lines.slice(start + 1, start + 5).filter((line) => line.trim() !== '' && !FRAME.test(line));
  return plainMessage(`${first} ${(rest[0] ?? '').trim()}`);
}

/** Without what says only that it is an error or an assertion; `TypeError: ` and others say more and stay. */
export function plainMessage(text: string): string {
  const plain = text
    .replace(/^(?:Uncaught )?(?:Assertion)?Error(?: \[\w+\])?: (?=.)/, '')
    .replace(/^(?:fatal|(?:fatal )?error): (?=.)/i, '')
    .replace(/ \/\/ (?:Object\.is|deep) equality$/, '');
  return plain.trim();
}

/** `name: message`, or the one that there is. */
export function named(name: string, said: string): string {
  return said === '' ? name : name === '' ? said : `${name}: ${said}`;
}
