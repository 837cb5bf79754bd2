import type { Cell } from './columns.ts';
import { displayWidth } from './width.ts';

/** A command that a text ends in: broken over two lines it could not be pasted. */
const COMMAND_AT_END = /(?<=: )(?:copse|git|cd|mv) \S.*$/;

/** Words of `text` in lines of at most `width` cells; a longer word keeps its own line whole, as a command at the end does. */
export function wrapWords(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  const at = text.search(COMMAND_AT_END);
  const words = at < 0 ? text.split(' ') : [...text.slice(0, at).trimEnd().split(' '), text.slice(at)];
  for (const word of words) {
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

/** Lines of `text` that are wider than `width` broken between words; the continuation is below the words of a list item or indentation. */
export function wrapLines(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => {
    if (displayWidth(line) <= width) return [line];
    const lead = /^ *(?:[-*] |[0-9]+\. )?/.exec(line)?.[0] ?? '';
    const room = Math.max(8, width - lead.length);
    return wrapWords(line.slice(lead.length), room).map((part, i) => (i === 0 ? lead : ' '.repeat(lead.length)) + part);
  });
}

/** Facts of a heading side by side, `gap` spaces apart; the rest continues on the next line, indented. */
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
