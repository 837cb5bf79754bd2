import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Document, Node, Pair } from 'yaml';
import { isAlias, isMap, isScalar, isSeq, Lexer, LineCounter, Parser, parseDocument, visit } from 'yaml';
import type { Position, Problem } from '../model/errors.ts';

/** Key path within a document; numbers are places in a list. */
export type KeyPath = readonly (string | number)[];

/** A file that was read whole: its data, and where each part of it stands. */
export interface DataDocument {
  readonly path: string;
  /** Plain data; null where the file says nothing (only comments). */
  readonly value: unknown;
  /** Of the value at `at`, or of the nearest parent that exists. */
  position(at: KeyPath): Position;
  /** Of the key that names `at`, or of the nearest parent that exists. */
  keyPosition(at: KeyPath): Position;
  /** Keys of the map at `at` in the file's order, which a JavaScript object does not keep for `10` and `2`. */
  keys(at: KeyPath): readonly string[];
}

export type ReadDocument =
  | { readonly ok: true; readonly document: DataDocument }
  | { readonly ok: false; readonly missing: boolean; readonly problems: readonly Problem[] };

const MAX_BYTES = 1024 * 1024;
const MAX_DEPTH = 100;
const MAX_ALIASES = 100;
/** A hostile file can be wrong 300,000 times. */
const MAX_REPORTED = 50;

/** Texts stand below these keys: `PORT: 012` means the characters, not the number 12. */
const TEXT_KEYS: ReadonlySet<string> = new Set(['vars', 'env', 'each']);

/** Reads a YAML or JSON file (JSON is YAML). Nothing in it is executed, whatever it holds. */
export async function readDocument(path: string): Promise<ReadDocument> {
  const read = await readText(path);
  return read.ok ? parseText(path, read.text) : { ok: false, missing: read.missing, problems: [read.problem] };
}

/** The text of a file that somebody else may have made: regular, UTF-8, at most 1 MB. */
export async function readText(
  path: string,
): Promise<
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly missing: boolean; readonly problem: Problem }
> {
  const bytes = await readCapped(path);
  const refuse = (what: string, fix?: string) => ({ ok: false, missing: bytes === null, problem: at(path, what, fix) }) as const;
  if (bytes === null) return refuse('There is no such file.');
  if (typeof bytes === 'string') return refuse(bytes);
  if (bytes.includes(0)) return refuse('The file holds a NUL byte: it is not text.');
  try {
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    // The decoder's own error says nothing that a person could use.
    return refuse('The file is not UTF-8 text.', 'Save it as UTF-8.');
  }
}

/** {@link readDocument} for text that is already there. */
export function parseText(path: string, text: string): ReadDocument {
  const deep = tooDeep(text);
  if (deep !== null)
    return { ok: false, missing: false, problems: [at(path, `Nested more than ${MAX_DEPTH} levels deep.`, undefined, deep)] };
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, strict: true });
  const place = (offset: number): { line: number; col: number } => lines.linePos(offset);
  const problems: Problem[] = [...document.errors, ...document.warnings]
    .slice(0, MAX_REPORTED)
    .map((error) => at(path, sentence(error.code, error.message), adviceFor(error.code), place(error.pos[0])));
  if (problems.length > 0) return { ok: false, missing: false, problems };
  problems.push(...oddKeys(path, document, place));
  keepTexts(document);
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    // `yaml` throws a ReferenceError both for too many aliases and for one without an anchor.
    if (!(error instanceof ReferenceError)) throw error;
    const what = error.message.startsWith('Excessive')
      ? 'The file repeats itself through aliases too often.'
      : `${error.message}.`;
    return {
      ok: false,
      missing: false,
      problems: [...problems, at(path, what, 'Write the values out.', firstAlias(document, place))],
    };
  }
  if (problems.length > 0) return { ok: false, missing: false, problems };
  return { ok: true, document: withPositions(path, value, document, place) };
}

async function readCapped(path: string): Promise<Buffer | string | null> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    // O_NONBLOCK: opening a FIFO that nobody writes to would wait for ever.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    if (code === 'EACCES' || code === 'EPERM') return 'The file cannot be read: permission denied.';
    if (code === 'ELOOP') return 'The file is a symbolic link that leads to itself.';
    if (code === 'ENAMETOOLONG') return 'The path is too long.';
    throw error;
  }
  try {
    const stat = await file.stat();
    if (stat.isDirectory()) return 'This is a directory, not a file.';
    if (!stat.isFile()) return 'This is not a regular file.';
    if (stat.size > MAX_BYTES) return `The file is larger than ${MAX_BYTES / 1024 / 1024} MB.`;
    const bytes = await file.readFile();
    // It may have grown since.
    return bytes.length > MAX_BYTES ? `The file is larger than ${MAX_BYTES / 1024 / 1024} MB.` : bytes;
  } finally {
    await file.close();
  }
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/**
 * Where nesting passes the limit. Judged on the token parser's stack, which does not recurse, before anything is
 * composed: composing recurses once for each level, and on 20,000 unclosed brackets `yaml` 2.9 builds a regular
 * expression so large that V8 ends the process ("RegExpCompiler Allocation failed").
 */
function tooDeep(text: string): { line: number; col: number } | null {
  const lines = new LineCounter();
  const parser = new Parser(lines.addNewLine);
  for (const lexeme of new Lexer().lex(text)) {
    // Only the stack is of interest; the tokens are composed later.
    for (const _ of parser.next(lexeme));
    if (parser.stack.length > MAX_DEPTH) return lines.linePos(parser.offset);
  }
  return null;
}

function at(path: string, what: string, fix?: string, place?: { line: number; col: number }): Problem {
  return {
    what,
    position: { file: path, line: place?.line ?? 1, column: place?.col ?? 1 },
    ...(fix === undefined ? {} : { fix }),
  };
}

function sentence(code: string, message: string): string {
  switch (code) {
    case 'DUPLICATE_KEY':
      return 'This key stands twice in the same map.';
    case 'MULTIPLE_DOCS':
      return 'The file holds several documents.';
    case 'TAB_AS_INDENT':
      return 'A tab indents here; YAML takes spaces only.';
    case 'TAG_RESOLVE_FAILED':
      return `${firstLine(message)}: tags have no meaning here.`;
    default:
      return `Not YAML: ${lowerFirst(firstLine(message))}.`;
  }
}

function adviceFor(code: string): string | undefined {
  switch (code) {
    case 'DUPLICATE_KEY':
      return 'Keep one of them.';
    case 'MULTIPLE_DOCS':
      return 'Keep what stands before the second "---".';
    case 'TAB_AS_INDENT':
      return 'Indent with spaces.';
    default:
      return undefined;
  }
}

const firstLine = (text: string): string => (text.split('\n')[0] ?? '').replace(/[.:]$/, '');
const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

type Place = (offset: number) => { line: number; col: number };

/** Keys that would arrive as something else than what stands in the file. */
function oddKeys(path: string, document: Document, place: Place): Problem[] {
  const problems: Problem[] = [];
  visit(document, {
    Pair(_, pair) {
      const key = pair.key;
      if (!isScalar(key)) {
        problems.push(at(path, 'A key must be plain text.', undefined, place(isNodeWithRange(key) ? key.range[0] : 0)));
        return;
      }
      const where = place(key.range?.[0] ?? 0);
      const written = key.source ?? String(key.value);
      if (written === '__proto__') {
        problems.push(at(path, '"__proto__" cannot be a key.', undefined, where));
      } else if (written === '<<') {
        problems.push(at(path, 'Merge keys ("<<") have no meaning here.', 'Put what variants share under "defaults".', where));
      } else if (typeof key.value !== 'string' && String(key.value) !== written) {
        problems.push(
          at(path, `The key ${written === '' ? 'null' : written} is read as ${String(key.value)}.`, 'Put it in quotes.', where),
        );
      }
    },
  });
  return problems;
}

function isNodeWithRange(value: unknown): value is { range: [number, number, number] } {
  return typeof value === 'object' && value !== null && 'range' in value && Array.isArray(value.range);
}

/** Turns numbers and booleans below {@link TEXT_KEYS} into the characters that stand in the file. */
function keepTexts(document: Document): void {
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

function firstAlias(document: Document, place: Place): { line: number; col: number } {
  let found = { line: 1, col: 1 };
  visit(document, {
    Alias(_, node) {
      found = place(node.range?.[0] ?? 0);
      return visit.BREAK;
    },
  });
  return found;
}

function withPositions(path: string, value: unknown, document: Document, place: Place): DataDocument {
  const resolve = (node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node);
  /** Offsets of key and value along `at`, as far as it exists. */
  const walk = (keyPath: KeyPath): { key: number; value: number; node: unknown; whole: boolean } => {
    let node: unknown = document.contents;
    const start = rangeStart(node) ?? 0;
    let found = { key: start, value: start };
    for (const step of keyPath) {
      const within = resolve(node);
      if (isMap(within)) {
        const pair = within.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
        if (pair === undefined) return { ...found, node: within, whole: false };
        const key = rangeStart(pair.key) ?? found.key;
        found = { key, value: rangeStart(pair.value) ?? key };
        node = pair.value;
      } else if (isSeq(within)) {
        const item = within.items[Number(step)];
        if (item === undefined) return { ...found, node: within, whole: false };
        const offset = rangeStart(item) ?? found.value;
        found = { key: offset, value: offset };
        node = item;
      } else {
        return { ...found, node: within, whole: false };
      }
    }
    return { ...found, node: resolve(node), whole: true };
  };
  const positionOf = (offset: number): Position => {
    const { line, col } = place(offset);
    return { file: path, line, column: col };
  };
  return {
    path,
    value,
    position: (keyPath) => positionOf(walk(keyPath).value),
    keyPosition: (keyPath) => positionOf(walk(keyPath).key),
    keys: (keyPath) => {
      const { node, whole } = walk(keyPath);
      return whole && isMap(node) ? node.items.flatMap((item) => (isScalar(item.key) ? [String(item.key.value)] : [])) : [];
    },
  };
}

function rangeStart(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
