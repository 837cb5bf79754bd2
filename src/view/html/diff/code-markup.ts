import { visibleHtml } from '../visible-markup.ts';
import type { Range } from './changed-words.ts';
import type { CodeToken } from './code-tokens.ts';

const wrap = (text: string, kind: string): string =>
  kind === '' || text.trim() === '' ? visibleHtml(text) : `<i class=${kind}>${visibleHtml(text)}</i>`;

/** One line of code as HTML: colours as `<i class=…>`, changed words as `<mark>` around them. */
export function codeHtml(tokens: readonly CodeToken[], changed: readonly Range[]): string {
  if (changed.length === 0) return tokens.map(({ text, kind }) => wrap(text, kind)).join('');
  const parts: string[] = [];
  let place = 0;
  let next = 0;
  let marked = false;
  for (const { text, kind } of tokens) {
    let from = 0;
    while (from < text.length) {
      const range = changed[next];
      const edge = range === undefined ? Number.POSITIVE_INFINITY : marked ? range[1] : range[0];
      const to = Math.min(text.length, from + Math.max(0, edge - place));
      if (to > from) parts.push(wrap(text.slice(from, to), kind));
      place += to - from;
      from = to;
      if (place === edge) {
        parts.push(marked ? '</mark>' : '<mark>');
        if (marked) next += 1;
        marked = !marked;
      }
    }
  }
  if (marked) parts.push('</mark>');
  return parts.join('');
}
