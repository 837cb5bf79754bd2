import { highlighter } from './highlighter.js';

/** A stretch of one line with a colour; `kind` is a class of the page's style, empty for plain text. */
export interface CodeToken {
  readonly text: string;
  readonly kind: string;
}

/** highlight.js knows many scopes, the page nine colours; other scopes stay plain. */
const KINDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    keyword: 'k',
    built_in: 'b',
    type: 't',
    literal: 'n',
    number: 'n',
    string: 's',
    regexp: 's',
    symbol: 'n',
    comment: 'c',
    doctag: 'c',
    quote: 'c',
    meta: 'm',
    title: 'f',
    section: 'f',
    name: 'g',
    'selector-tag': 'g',
    'selector-class': 't',
    'selector-id': 't',
    'selector-attr': 't',
    'selector-pseudo': 't',
    attr: 'a',
    attribute: 'a',
    variable: 'v',
    'template-variable': 'v',
    property: 'a',
    bullet: 'k',
    link: 's',
    code: 's',
  }),
);

const FILE_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    makefile: 'makefile',
    gnumakefile: 'makefile',
    gemfile: 'ruby',
    rakefile: 'ruby',
    '.bashrc': 'bash',
    '.zshrc': 'bash',
    '.gitconfig': 'ini',
    '.npmrc': 'ini',
    '.editorconfig': 'ini',
  }),
);
// By extension alone; aliases that the library does not know.
const EXTENSIONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    mts: 'ts',
    cts: 'ts',
    htm: 'xml',
    vue: 'xml',
    svelte: 'xml',
    jsonc: 'json',
    json5: 'json',
    webmanifest: 'json',
    h: 'cpp',
  }),
);
/** A longer line is generated or minified: colours say nothing there, and some grammars take very long on it. */
const LONGEST_LINE = 1000;

/** The language of a path as highlight.js calls it; null: none known. */
export function languageOf(path: string): string | null {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const extension = name.includes('.') ? name.slice(name.lastIndexOf('.') + 1) : '';
  const language = FILE_NAMES.get(name) ?? EXTENSIONS.get(extension) ?? extension;
  return language !== '' && highlighter.getLanguage(language) !== undefined ? language : null;
}

/** `lines`, which follow each other in a file, as coloured stretches, one list for each line. */
export function codeTokens(lines: readonly string[], language: string | null): readonly (readonly CodeToken[])[] {
  const plain = (): CodeToken[][] => lines.map((text) => [{ text, kind: '' }]);
  if (language === null || lines.length === 0 || lines.some((line) => line.length > LONGEST_LINE)) return plain();
  const tokens = linesOf(highlighter.highlight(lines.join('\n'), { language, ignoreIllegals: true }).value);
  // A file's lines may hold what the library takes for line ends; then colours would slip.
  return tokens.length === lines.length ? tokens : plain();
}

const PIECES = /<span class="hljs-([^" ]+)[^"]*">|<span[^>]*>|<\/span>|\n|[^<\n]+/g;
const CHARACTERS: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#x27;': "'" };
const unescaped = (text: string): string =>
  text.includes('&') ? text.replace(/&(?:amp|lt|gt|quot|#x27);/g, (entity) => CHARACTERS[entity] ?? entity) : text;

/** Flattened: of nested scopes the innermost with a colour counts, which halves the elements on the page. */
function linesOf(value: string): CodeToken[][] {
  const result: CodeToken[][] = [];
  let line: { text: string; kind: string }[] = [];
  const open: string[] = [''];
  for (const [piece, scope] of value.matchAll(PIECES)) {
    if (piece === '\n') {
      result.push(line);
      line = [];
    } else if (piece === '</span>') {
      open.pop();
    } else if (piece.startsWith('<span')) {
      open.push(KINDS.get(scope ?? '') ?? open.at(-1) ?? '');
    } else {
      const kind = open.at(-1) ?? '';
      const last = line.at(-1);
      if (last?.kind === kind) last.text += unescaped(piece);
      else line.push({ text: unescaped(piece), kind });
    }
  }
  result.push(line);
  return result;
}
