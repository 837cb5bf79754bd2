import type { Cell } from './columns.ts';
import { displayWidth } from './width.ts';

/** Words of `text` in lines of at most `width` cells; a longer word keeps its own line whole. */
export function wrapWords(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && displayWidth(line) + 1 + displayWidth(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines;
}

/** Facts of a heading side by side, `gap` spaces apart; what does not fit goes on in the next line, indented. */
export function wrapFacts(facts: readonly Cell[], o: { readonly columns: number; readonly gap: number }): string {
  let text = '';
  let used = 0;
  for (const { text: fact, paint } of facts) {
    const width = displayWidth(fact);
    const fits = used + o.gap + width <= o.columns;
    if (used > 0) text += fits ? ' '.repeat(o.gap) : '\n  ';
    used = used === 0 ? width : fits ? used + o.gap + width : 2 + width;
    text += (paint ?? String)(fact);
  }
  return text;
}
