import { INVISIBLE, visibleText } from '../../text/plain-text.ts';
import { escapeHtml, type Markup, raw } from './markup.ts';

// Not the global one itself: `test` would move its place.
const HIDDEN = new RegExp(INVISIBLE, 'u');

/**
 * `text` escaped, with characters that would hide or reorder their neighbours written out and marked. A bidirectional override in
 * a diff shows other code than a compiler reads (CVE-2021-42574). Tabs and newlines stay.
 */
export function visibleHtml(text: string): string {
  const escaped = escapeHtml(text);
  if (!HIDDEN.test(escaped)) return escaped;
  return escaped.replace(INVISIBLE, (character) => {
    if (character === '\n' || character === '\t') return character;
    return `<span class="hid">${character === '\r' ? '␍' : visibleText(character)}</span>`;
  });
}

/** A name in one line: as {@link visibleHtml}, newlines and tabs written out, set apart from the direction of what surrounds it. */
export function nameMarkup(name: string): Markup {
  const shown = visibleHtml(name)
    .replaceAll('\n', '<span class="hid">\\n</span>')
    .replaceAll('\t', '<span class="hid">\\t</span>');
  return raw(`<bdi>${shown}</bdi>`);
}
