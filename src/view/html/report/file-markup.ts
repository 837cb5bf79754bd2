import { bytes } from '../../../text/amounts.ts';
import { visibleText } from '../../../text/plain-text.ts';
import { shellWord } from '../../../text/shell-word.ts';
import { languageOf } from '../diff/code-tokens.ts';
import { unifiedDiff } from '../diff/diff-markup.ts';
import type { FileDiff } from '../diff/patch-files.ts';
import { html, type Markup } from '../markup.ts';
import { nameMarkup } from '../visible-markup.ts';
import type { Shown } from './report-budget.ts';
import { leftOutFile } from './report-messages.ts';

/** Path, what happened to the file, and its counts. */
export function fileTitle(file: FileDiff): Markup {
  const counts =
    file.added + file.removed === 0
      ? ''
      : html` <span class="plus">+${file.added}</span> <span class="minus">−${file.removed}</span>`;
  const from = file.from === null ? '' : html` <span class="delta">from ${nameMarkup(file.from)}</span>`;
  return html`<span class="mono">${nameMarkup(file.path)}</span>${from}${counts}${file.facts.map((fact) => html` <span class="tag">${fact}</span>`)}`;
}

/** How to draw its lines: its language, null for one without colours, and whether changed words are marked. */
export const drawOptions = (shown: Shown) => ({
  language: shown.colours ? languageOf(shown.file.path) : null,
  words: shown.words,
});

/** One file of a patch. `command`: the command that shows it if it is left out, without the path. */
export function fileMarkup(shown: Shown, command: string): Markup {
  const { file, how } = shown;
  if (how === 'left-out') {
    return html`<p class="left" data-path="${visibleText(file.path)}">${fileTitle(file)}<br>${leftOutFile(bytes(file.size))} <code>${nameMarkup(`${command} -- ${shellWord(file.path)}`)}</code></p>`;
  }
  if (file.hunks.length === 0) return html`<p class="left" data-path="${visibleText(file.path)}">${fileTitle(file)}</p>`;
  return html`<details class="file" data-path="${visibleText(file.path)}"${how === 'open' ? html` open` : ''}><summary>${fileTitle(file)}</summary>${unifiedDiff(file, drawOptions(shown))}</details>`;
}
