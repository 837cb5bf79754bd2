import type { YAMLError } from 'yaml';
import { Lexer } from 'yaml';

/** The errors of a text that is not YAML, in words for people who do not know scalars and nodes. */
export interface YamlFault {
  readonly what: string;
  readonly fix: string | undefined;
  readonly offset: number;
}

type Found = Pick<YAMLError, 'code' | 'message' | 'pos'>;

/** The errors of `yaml`, the first of each line: the others of a line come of it. */
export function yamlFaults(text: string, errors: readonly Found[]): YamlFault[] {
  const lines = new Set<number>();
  return errors.flatMap((error) => {
    // A text that continues on the next line is two errors at the same place.
    const twin = errors.find(({ code, pos }) => code === 'MULTILINE_IMPLICIT_KEY' && pos[0] === error.pos[0]);
    const fault = twin === undefined ? faultOf(text, error) : { ...ONTO_NEXT_LINE, offset: error.pos[0] };
    const line = text.lastIndexOf('\n', fault.offset - 1);
    if (lines.has(line)) return [];
    lines.add(line);
    return [fault];
  });
}

const ONTO_NEXT_LINE = {
  what: 'This text continues on the next line, which looks like a key.',
  fix: 'Indent the keys alike, or put the text in quotes.',
};

function faultOf(text: string, { code, message, pos }: Found): YamlFault {
  const [offset] = pos;
  const say = (what: string, fix?: string, at = offset): YamlFault => ({ what, fix, offset: at });
  switch (code) {
    case 'DUPLICATE_KEY':
      return say('Duplicate key in the same map.', 'Keep one of them.');
    case 'MULTIPLE_DOCS':
      return say('The file contains several documents.', 'Keep the part before the second "---".');
    case 'TAB_AS_INDENT':
      return say('A tab is used for indentation; YAML allows only spaces.', 'Indent with spaces.');
    case 'TAG_RESOLVE_FAILED':
      return say(`${firstLine(message)}: tags are not supported.`, 'If it is a text, put it in quotes.');
    case 'BAD_SCALAR_START':
      return say(`A text cannot begin with ${text.charAt(offset)} in YAML.`, quote(text, offset));
    case 'BLOCK_AS_IMPLICIT_KEY':
      if (isQuote(text.charAt(offset))) return say(AFTER_QUOTE, OTHER_QUOTES);
      if (!/:(?: |$)/.test(lineFrom(text, offset).trimEnd())) return say(`Not YAML: ${lowerFirst(firstLine(message))}.`);
      return say('This text contains ": ", which YAML reads as another key.', quote(text, offset));
    case 'MISSING_CHAR':
    case 'UNEXPECTED_TOKEN':
      return unexpected(text, message, offset);
    default:
      return say(`Not YAML: ${lowerFirst(firstLine(message))}.`);
  }
}

const AFTER_QUOTE = 'There is more text after the closing quote.';
const OTHER_QUOTES = 'Put the whole text in the other kind of quotes.';

function unexpected(text: string, message: string, offset: number): YamlFault {
  const quoted = quotedBefore(text, offset);
  if (/^Missing closing .quote/.test(message) && quoted !== null)
    return { what: 'This quote is never closed.', fix: 'Close it, or remove it.', offset: quoted.offset };
  if (/scalar at node end/.test(message)) {
    if (quoted !== null && text.slice(quoted.end, offset).trim() === '') {
      const lines = quoted.source.split('\n').length - 1;
      return lines === 0
        ? { what: AFTER_QUOTE, fix: OTHER_QUOTES, offset }
        : {
            what: `This quote is closed ${lines} line${lines === 1 ? '' : 's'} below, and more text follows there.`,
            fix: 'Close it where its text ends.',
            offset: quoted.offset,
          };
    }
    const brace = bracketBefore(text, offset);
    if (brace !== null) {
      const what = `A text that begins with ${text.charAt(brace)} must be in quotes: YAML reads it as a ${text.charAt(brace) === '{' ? 'map' : 'list'}.`;
      return { what, fix: quote(text, brace), offset: brace };
    }
  }
  if (/block-seq-ind/.test(message))
    return {
      what: 'A list cannot begin on the line of its key.',
      fix: 'Begin it on the next line, or put the text in quotes.',
      offset,
    };
  if (/^[|>]/.test(text.slice(0, offset).trimEnd().slice(-1)))
    return { what: 'Nothing may follow the | or > of a long text on its line.', fix: 'Begin the text on the next line.', offset };
  return { what: `Not YAML: ${lowerFirst(firstLine(message))}.`, fix: undefined, offset };
}

/** `Put it in quotes: '…'` with the rest of the line from `offset`, if that is short enough to show. */
function quote(text: string, offset: number): string {
  const rest = lineFrom(text, offset).trim();
  return rest.length > 60 ? 'Put the text in quotes.' : `Put the text in quotes: '${rest.replaceAll("'", "''")}'`;
}

function lineFrom(text: string, offset: number): string {
  return text.slice(offset).split('\n', 1)[0] ?? '';
}

/** The last quoted text that begins before `offset`, as the lexer sees it. */
function quotedBefore(text: string, offset: number): { offset: number; end: number; source: string } | null {
  let at = 0;
  let last: { offset: number; end: number; source: string } | null = null;
  for (const lexeme of new Lexer().lex(text)) {
    // Marks of the lexer's own (document, scalar, flow error) are no characters of the text.
    if (MARKS.has(lexeme)) continue;
    if (at >= offset) break;
    if (isQuote(lexeme.charAt(0))) last = { offset: at, end: at + lexeme.length, source: lexeme };
    at += lexeme.length;
  }
  return last;
}

/** Where the value that ends in a bracket right before `offset` begins on its line; null: it does not begin with one. */
function bracketBefore(text: string, offset: number): number | null {
  if (!/[}\]]$/.test(text.slice(0, offset).trimEnd())) return null;
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const value = /^\s*(?:- +)?(?:[^:{[]*: +)?(?=[{[])/.exec(text.slice(start, offset));
  return value === null ? null : start + value[0].length;
}

const MARKS: ReadonlySet<string> = new Set(['\u0002', '\u0018', '\u001f']);

const isQuote = (character: string): boolean => character === '"' || character === "'";
const firstLine = (text: string): string => (text.split('\n')[0] ?? '').replace(/[.:]$/, '');
const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
