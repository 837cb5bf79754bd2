/** Wraps a text in a colour, or returns it unchanged if there is none. */
export type Paint = (text: string) => string;

export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly cyan: Paint;
  readonly plain: Paint;
}

const plain: Paint = (text) => text;
const paint =
  (open: number, close: number): Paint =>
  (text) =>
    text === '' ? '' : `\u001b[${open}m${text}\u001b[${close}m`;

const COLOURED: Style = {
  bold: paint(1, 22),
  dim: paint(2, 22),
  red: paint(31, 39),
  green: paint(32, 39),
  yellow: paint(33, 39),
  cyan: paint(36, 39),
  plain,
};
const COLOURLESS: Style = { bold: plain, dim: plain, red: plain, green: plain, yellow: plain, cyan: plain, plain };

/** Paints that leave a text as it is if there is no colour. */
export function styleFor(screen: { readonly colour: boolean }): Style {
  return screen.colour ? COLOURED : COLOURLESS;
}

/** copse's own marks; each one before a name is one cell wide. */
export interface Symbols {
  readonly success: string;
  readonly failure: string;
  readonly waiting: string;
  readonly stopped: string;
  readonly skipped: string;
  readonly warning: string;
  readonly tool: string;
  readonly spinner: readonly string[];
  readonly ellipsis: string;
  readonly dot: string;
  readonly about: string;
  readonly minus: string;
  readonly times: string;
  readonly arrow: string;
}

const UNICODE: Symbols = {
  success: '✔',
  failure: '✘',
  waiting: '◷',
  stopped: '■',
  skipped: '○',
  warning: '!',
  tool: '›',
  spinner: ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'],
  ellipsis: '…',
  dot: '·',
  about: '≈',
  minus: '−',
  times: '×',
  arrow: '→',
};
const ASCII: Symbols = {
  success: '+',
  failure: 'x',
  waiting: '.',
  stopped: '#',
  skipped: '-',
  warning: '!',
  tool: '>',
  spinner: ['|', '/', '-', '\\'],
  ellipsis: '...',
  dot: '|',
  about: '~',
  minus: '-',
  times: 'x',
  arrow: '->',
};

/** ASCII if there is no Unicode. */
export function symbolsFor(screen: { readonly unicode: boolean }): Symbols {
  return screen.unicode ? UNICODE : ASCII;
}

const MARKS: Readonly<Record<string, string>> = {
  '≈': ASCII.about,
  '−': ASCII.minus,
  '…': ASCII.ellipsis,
  '“': '"',
  '”': '"',
  '’': "'",
};

/** A sentence with the marks of this screen. Reasons are worded where they are found, without a screen. */
export function withMarksOf(screen: { readonly unicode: boolean }, sentence: string): string {
  return screen.unicode ? sentence : sentence.replace(/[≈−…“”’]/g, (mark) => MARKS[mark] ?? mark);
}
