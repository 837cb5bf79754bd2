/*
 * Text of agents, file names and patches reaches the page only through here. A text put into `html` is escaped; only what
 * `html` and `raw` made goes in as it is.
 */

/** HTML that is safe to put into the page. */
export interface Markup {
  readonly markup: string;
}

export type Part = string | number | Markup | readonly Part[];

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** `text` so that it stays text between tags and within quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

// HTML forbids them, even written as entities.
const CONTROLS = /[^\P{Cc}\t\n]/gu;

/** HTML of our own making, taken as it is. */
export function raw(markup: string): Markup {
  return { markup };
}

function joined(part: Part): string {
  if (typeof part === 'string') return escapeHtml(part.replace(CONTROLS, '\ufffd'));
  if (typeof part === 'number') return String(part);
  if ('markup' in part) return part.markup;
  // Not `join`: strings put together with `+` are copied once, when the page is written; at 14 MB each level would copy them all.
  return part.reduce<string>((text, one) => text + joined(one), '');
}

/** Template whose values are escaped unless they are markup themselves; lists are joined. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return raw(strings.reduce((text, string, i) => text + joined(parts[i - 1] ?? '') + string));
}
