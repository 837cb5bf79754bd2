import { type Document, isScalar, Lexer, LineCounter, type Pair, Parser, visit } from 'yaml';
import type { Problem } from '../../model/errors.ts';
import { type Place, problemAt } from './problem-at.ts';

/*
 * Things that YAML allows and a variants file must not have: too deep, too much, ambiguous. Checked before or beside `yaml`'s own errors.
 */

const MAX_DEPTH = 100;
/** `yaml` compares each key of a map with all before it. */
const MAX_KEYS = 10_000;
const MAX_TOKENS = 200_000;
export const MAX_ALIASES = 100;
export const TOO_MANY_ALIASES = 'The file repeats itself through aliases too often.';

/** Values of these keys are texts: `PORT: 012` means the characters, not the number 12. */
const TEXT_KEYS: ReadonlySet<string> = new Set(['vars', 'env', 'each']);

/**
 * The position at which the file is too deep or too large to be parsed. Judged on the token parser's stack, which does not recurse, before
 * anything is composed: composing recurses once for each level, and on 20,000 unclosed brackets `yaml` 2.9 builds a
 * regular expression so large that V8 ends the process ("RegExpCompiler Allocation failed").
 */
export function tooMuch(path: string, text: string): Problem | null {
  const lines = new LineCounter();
  const parser = new Parser(lines.addNewLine);
  const stop = (what: string): Problem => problemAt(path, what, undefined, lines.linePos(parser.offset));
  let tokens = 0;
  let keys = 0;
  for (const lexeme of new Lexer().lex(text)) {
    // Only the stack is of interest; the tokens are composed later.
    for (const _ of parser.next(lexeme));
    if (lexeme === ':') keys++;
    if (parser.stack.length > MAX_DEPTH) return stop(`Nested more than ${MAX_DEPTH} levels deep.`);
    if (keys > MAX_KEYS) return stop(`More than ${MAX_KEYS} keys.`);
    if (++tokens > MAX_TOKENS) return stop('The file has too many parts.');
  }
  return null;
}

/** Keys that would be read as something else than the file says. */
export function oddKeys(path: string, text: string, document: Document, place: Place): Problem[] {
  const problems: Problem[] = [];
  visit(document, {
    Pair(_, pair) {
      const key = pair.key;
      if (!isScalar(key)) {
        const offset = isNodeWithRange(key) ? key.range[0] : 0;
        // `who: {{name}}` is a map with a map as its key.
        const isText = /^\{+\{$/.test(text.slice(Math.max(0, offset - 1), offset + 1));
        problems.push(
          isText
            ? problemAt(
                path,
                'A text that begins with {{ must be in quotes: YAML reads it as a map.',
                undefined,
                place(offset - 1),
              )
            : problemAt(path, 'A key must be plain text.', undefined, place(offset)),
        );
        return;
      }
      const where = place(key.range?.[0] ?? 0);
      const written = key.source ?? String(key.value);
      if (written === '__proto__') {
        problems.push(problemAt(path, '"__proto__" cannot be a key.', undefined, where));
      } else if (written === '<<') {
        problems.push(
          problemAt(path, 'Merge keys ("<<") are not supported.', 'Put what variants share under "defaults".', where),
        );
      } else if (typeof key.value !== 'string' && String(key.value) !== written) {
        problems.push(
          problemAt(
            path,
            `The key ${written === '' ? 'null' : written} is read as ${String(key.value)}.`,
            'Put it in quotes.',
            where,
          ),
        );
      }
    },
  });
  return problems;
}

function isNodeWithRange(value: unknown): value is { range: [number, number, number] } {
  return typeof value === 'object' && value !== null && 'range' in value && Array.isArray(value.range);
}

/** Turns numbers and booleans below {@link TEXT_KEYS} into the characters of the file. */
export function keepTexts(document: Document): void {
  visit(document, {
    Scalar(key, node, ancestors) {
      if (key === 'key' || (typeof node.value !== 'number' && typeof node.value !== 'boolean')) return;
      const inText = ancestors.some(
        (ancestor) => isPairNode(ancestor) && isScalar(ancestor.key) && TEXT_KEYS.has(String(ancestor.key.value)),
      );
      if (inText && node.source !== undefined) node.value = node.source;
    },
  });
}

function isPairNode(value: unknown): value is Pair {
  return typeof value === 'object' && value !== null && 'key' in value && 'value' in value && !('range' in value);
}

/**
 * The first alias that cannot be followed. `yaml` counts what aliases multiply to only while it builds the data, and builds
 * a value that contains itself without complaint; resolving one walks the whole document, hence the limit on their number.
 */
export function badAlias(document: Document): { readonly what: string; readonly fix: string; readonly offset: number } | null {
  let found: { what: string; fix: string; offset: number } | null = null;
  const fix = 'Write the values out.';
  let count = 0;
  visit(document, {
    Alias(_, alias, ancestors) {
      const offset = alias.range?.[0] ?? 0;
      const target = alias.resolve(document);
      count++;
      if (target === undefined) {
        const what = `YAML reads *${alias.source} as an alias, and there is no anchor of that name before it.`;
        found = { what, fix: 'If it is a text, put it in quotes.', offset };
      } else if (ancestors.includes(target))
        found = { what: `The alias *${alias.source} is inside the value that it repeats.`, fix, offset };
      else if (count > MAX_ALIASES) found = { what: TOO_MANY_ALIASES, fix, offset };
      return found === null ? undefined : visit.BREAK;
    },
  });
  return found;
}
