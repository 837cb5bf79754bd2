import type { Evidence } from '../../../model/reports/evidence.ts';
import { oneLine } from '../../../text/plain-text.ts';
import { shellWord } from '../../../text/shell-word.ts';
import { byRank } from '../../compare/compare-facts.ts';
import { sideBySide } from '../diff/diff-markup.ts';
import { html, type Markup } from '../markup.ts';
import { nameMarkup } from '../visible-markup.ts';
import { drawOptions, fileMarkup, fileTitle } from './file-markup.ts';
import type { Shown } from './report-budget.ts';
import * as page from './report-messages.ts';
import type { IdOf } from './report-overview.ts';

/** A pair, and its diff from `a` to `b`. */
export interface ShownPair {
  readonly a: string;
  readonly b: string;
  readonly files: readonly Shown[];
}

/** More pairs would make the page too large: of the rest the script puts the two diffs beside each other. */
const MOST_PAIRS = 6;

/** Pairs worth a line-by-line diff, the best-ranked first: all of up to four variants, else the first against the next ones. */
export function pairsToShow(evidence: Evidence): { readonly a: string; readonly b: string }[] {
  const labels = byRank(evidence)
    .filter(({ variant }) => variant.tip !== null && variant.changes.files > 0)
    .map(({ variant }) => variant.label);
  const all = labels.flatMap((a, i) => labels.slice(i + 1).map((b) => ({ a, b })));
  return all.length <= MOST_PAIRS ? all : all.slice(0, MOST_PAIRS);
}

function pairFile(shown: Shown, pair: ShownPair): Markup {
  const { file, how } = shown;
  if (how === 'left-out' || file.hunks.length === 0)
    return fileMarkup(shown, `copse diff ${shellWord(pair.a)} ${shellWord(pair.b)}`);
  const heads = {
    caption: html`<span class="sr">${nameMarkup(file.path)} in both</span>`,
    before: nameMarkup(pair.a),
    after: nameMarkup(pair.b),
  };
  return html`<details class="file" open><summary>${fileTitle(file)}</summary>${sideBySide(file, heads, drawOptions(shown))}</details>`;
}

/** Two variants beside each other: those prepared can be read without script, with it any two can be chosen. */
export function pairsSection(evidence: Evidence, pairs: readonly ShownPair[], idOf: IdOf): Markup {
  const labels = byRank(evidence).map(({ variant }) => variant.label);
  if (labels.length < 2) return html``;
  const [first] = pairs;
  const options = (chosen: string | undefined): Markup =>
    html`${labels.map((label) => html`<option value="${idOf(label)}"${label === chosen ? html` selected` : ''}>${oneLine(label)}</option>`)}`;
  const details = pairs.map(
    (pair, i) =>
      html`<details class="pair" data-a="${idOf(pair.a)}" data-b="${idOf(pair.b)}"${i === 0 ? html` open` : ''}><summary>${nameMarkup(pair.a)} <span class="minus">(−)</span> and ${nameMarkup(pair.b)} <span class="plus">(+)</span></summary>${pair.files.length === 0 ? html`<p class="none">${page.equal}</p>` : pair.files.map((shown) => pairFile(shown, pair))}</details>`,
  );
  return html`<section id="pairs" aria-labelledby="pairs-title"><h2 id="pairs-title">${page.pairs}</h2><p class="legend">${pairs.length === 0 ? page.noPairs : page.pairsLead}</p><div class="tools" hidden><label>Left<select id="left">${options(first?.a ?? labels[0])}</select></label><label>Right<select id="right">${options(first?.b ?? labels[1])}</select></label><button id="swap" type="button">Swap</button></div>${details}<div id="pair"></div></section>`;
}
