/**
 * A diff for a terminal: text in it cannot control the terminal, and git's own colours stay.
 *
 * A file can hold the very bytes of a colour, so git is told to use others: a colour of 24 bits by chance for each slot, which no
 * file can know. Those are replaced by the person's own; everything else that a terminal would not show as itself is written out.
 */
import { randomInt } from 'node:crypto';
import { StringDecoder } from 'node:string_decoder';
import type { Git } from '../git/spawn/git-in.ts';
import { visibleText } from '../text/plain-text.ts';

/** git's slots and what it takes for each if nothing is configured (git-config(1), color.diff). */
const SLOTS: Readonly<Record<string, string>> = {
  context: '',
  meta: '\u001b[1m',
  frag: '\u001b[36m',
  func: '',
  old: '\u001b[31m',
  new: '\u001b[32m',
  whitespace: '\u001b[41m',
};

export interface DiffColours {
  /** Arguments that make git use colours that cannot be guessed. */
  readonly args: readonly string[];
  /** The replacement of each of those. */
  readonly shown: ReadonlyMap<string, string>;
}

/** Colours by chance, and the person's for them. */
export async function diffColours(git: Git): Promise<DiffColours> {
  const { text } = await git.run(['config', '--name-only', '--get-regexp', '^color\\.diff\\.'], { ok: [0, 1] });
  const chosen = new Set(text.toLowerCase().split('\n'));
  const args: string[] = [];
  const shown = new Map<string, string>();
  const taken = new Set<number>();
  for (const [slot, usual] of Object.entries(SLOTS)) {
    const key = `color.diff.${slot}`;
    const own = chosen.has(key) ? (await git.run(['config', '--get-color', key])).stdout.toString('latin1') : usual;
    let colour = randomInt(1 << 24);
    while (taken.has(colour)) colour = randomInt(1 << 24);
    taken.add(colour);
    args.push('-c', `${key}=#${colour.toString(16).padStart(6, '0')}`);
    shown.set(`\u001b[38;2;${colour >> 16};${(colour >> 8) & 255};${colour & 255}m`, own);
  }
  return { args: [...args, '-c', 'diff.colorMoved=no'], shown };
}

/** git's end of a colour, also with what erases the rest of the line behind it. It gives a file nothing: it only ends a colour. */
const RESET = '\u001b[m';

/** As long as any of git's own sequences: the part of an unfinished line that is kept back. */
const LONGEST = 64;
const LARGEST = 1024 * 1024;

// biome-ignore lint/suspicious/noControlCharactersInRegex: git's own sequences begin with one
const PARTS = /(\u001b\[[0-9;]*m|\t|\r(?=(?:\u001b\[m)?\n))/;

/** Makes pieces of a diff safe, in their order. `end` gives what was kept back. */
export class SafeDiff {
  readonly #decoder = new StringDecoder('utf8');
  readonly #shown: ReadonlyMap<string, string>;
  #rest = '';

  constructor(shown: ReadonlyMap<string, string>) {
    this.#shown = new Map([...shown, [RESET, RESET]]);
  }

  next(piece: Buffer): string {
    const text = this.#rest + this.#decoder.write(piece);
    const line = text.lastIndexOf('\n') + 1;
    // A line without an end in sight is not kept whole; no sequence of git's is cut.
    const end = line > 0 || text.length < LARGEST ? line : text.length - LONGEST;
    this.#rest = text.slice(end);
    return this.#safe(text.slice(0, end));
  }

  end(): string {
    return this.#safe(this.#rest + this.#decoder.end());
  }

  #safe(text: string): string {
    return text
      .split(PARTS)
      .map((part) => this.#part(part))
      .join('');
  }

  #part(part: string): string {
    // The end of a line as Windows writes it shows nothing.
    if (part === '\r') return '';
    return part === '\t' ? part : (this.#shown.get(part) ?? visibleText(part));
  }
}
