import { type JsonObject, parseObject } from '../json.ts';

/** Parsing costs about 100 MB/s: longer lines are looked at before anything is parsed. */
const PARSE_AT_ONCE = 32 * 1024;
/** A model's own message is bounded by its output limit (128,000 tokens); a longer line was not written by a model. */
const PARSE_AT_MOST = 2 * 1024 * 1024;
const HEAD = 512;
/** The last keys of a result, after its text. */
const TAIL = 16 * 1024;

/** A line of the stream, read as far as it is worth. */
export type StreamLine =
  | { readonly kind: 'message'; readonly message: JsonObject }
  /** A tool's output too long to parse: which calls it ends. */
  | { readonly kind: 'long-results'; readonly ids: readonly string[]; readonly failed: boolean }
  /** A result line that is broken or absurdly long: it says at least that the agent is done. */
  | { readonly kind: 'broken-result' }
  | { readonly kind: 'noise' };

const NOISE: StreamLine = { kind: 'noise' };

/** Reads one line. Anything is tolerated: garbage, half lines, invalid UTF-8, 50 MB. */
export function readStreamLine(line: Buffer): StreamLine {
  if (line.length === 0) return NOISE;
  if (line.length <= PARSE_AT_ONCE) return parsed(line);
  const head = line.toString('latin1', 0, HEAD);
  if (head.startsWith('{"type":"user"')) return longResults(line);
  const wanted = head.startsWith('{"type":"assistant"') || head.startsWith('{"type":"system"') || looksLikeResult(line, head);
  if (!wanted) return NOISE;
  return line.length <= PARSE_AT_MOST ? parsed(line) : looksLikeResult(line, head) ? { kind: 'broken-result' } : NOISE;
}

function parsed(line: Buffer): StreamLine {
  const text = line.toString('utf8');
  const message = parseObject(text) ?? parseObject(withoutNaN(text));
  if (message !== null) return { kind: 'message', message };
  return text.startsWith('{') && text.includes('"type":"result"') && text.trimEnd().endsWith('}')
    ? { kind: 'broken-result' }
    : NOISE;
}

/** `NaN` and `Infinity` are no JSON, but programs print them if a cost went wrong. */
function withoutNaN(text: string): string {
  return /:\s*-?(?:NaN|Infinity)\b/.test(text) ? text.replace(/:\s*-?(?:NaN|Infinity)\b/g, ':null') : '';
}

/**
 * The ids of a long user message. Searched as bytes: within a JSON string every quote is escaped, so an unescaped
 * `"tool_use_id":"` is a key.
 */
function longResults(line: Buffer): StreamLine {
  const key = '"tool_use_id":"';
  const ids: string[] = [];
  for (let at = line.indexOf(key); at !== -1 && ids.length < 64; at = line.indexOf(key, at + key.length)) {
    const from = at + key.length;
    const id = /^[\w-]+/.exec(line.toString('latin1', from, from + 100))?.[0];
    if (id !== undefined && !ids.includes(id)) ids.push(id);
  }
  return { kind: 'long-results', ids, failed: line.includes('"is_error":true') };
}

/** `type` is the first key of most messages, but one of the last of a result. */
function looksLikeResult(line: Buffer, head: string): boolean {
  if (!head.startsWith('{')) return false;
  const tail = line.subarray(Math.max(0, line.length - TAIL));
  return head.includes('"type":"result"') || tail.includes('"type":"result"');
}
