import { isWeak, standingOf } from '../../../model/evidence/check.ts';
import { standingWord, testsLine } from '../../../model/evidence/check-words.ts';
import type { CheckEvidence, Evidence, VariantEvidence } from '../../../model/reports/evidence.ts';
import { duration } from '../../../text/amounts.ts';
import { oneLine, plainText } from '../../../text/plain-text.ts';
import { shellWord } from '../../../text/shell-word.ts';
import { type CompareColumn, compareColumns } from '../../compare/compare-columns.ts';
import { byRank, remarksOf, voteText } from '../../compare/compare-facts.ts';
import * as say from '../../compare/compare-messages.ts';
import { html, type Markup, raw } from '../markup.ts';
import { nameMarkup } from '../visible-markup.ts';
import { fileMarkup } from './file-markup.ts';
import type { Shown } from './report-budget.ts';
import * as page from './report-messages.ts';
import { cellMarkup, type IdOf, outcomeTag, symbols, warnings } from './report-overview.ts';

/** The output of a check on one variant. */
export interface CheckOutput {
  readonly label: string;
  readonly check: string;
  readonly text: string;
}

/** The end of an output has the reason of a failure. */
const OUTPUT_CHARACTERS = 20_000;

function outputMarkup(text: string, name: string, id: string, open: boolean): Markup {
  const whole = plainText(text).trimEnd();
  const cut = whole.length - OUTPUT_CHARACTERS;
  const shown = cut > 0 ? `${page.cutOutput(cut)}${whole.slice(cut)}` : whole;
  if (shown === '') return html``;
  return html`<details${open ? html` open` : ''}><summary id="${id}">${page.output(name)}</summary><pre class="out" tabindex="0" role="group" aria-labelledby="${id}">${shown}</pre></details>`;
}

const KINDS = { broke: 'bad', unknown: 'bad', 'still-fails': 'warn', passed: 'good', fixed: 'good' } as const;

function checkMarkup(check: CheckEvidence, output: string, id: string): Markup {
  const standing = standingOf(check);
  const good = standing === 'passed' || standing === 'fixed';
  const mark = good ? symbols.success : check.status === 'skipped' ? symbols.skipped : symbols.failure;
  const kind = check.status === 'skipped' ? 'open' : KINDS[standing];
  const weak = isWeak(check) ? html` <span class="tag warn">${say.weak}</span>` : '';
  const tests = oneLine(testsLine(check));
  const why = [tests, good ? '' : oneLine(check.detail)].filter((text) => text !== '').join('; ');
  return html`<li><span class="tag ${kind}">${mark} ${standingWord(check) || page.passed}</span> <strong>${oneLine(check.name)}</strong> <span class="delta">${duration(check.durationMs)}</span>${weak}${why === '' ? '' : html` <span>${why}</span>`}${outputMarkup(output, oneLine(check.name), id, !good && output.length < 4_000)}</li>`;
}

/** The facts of the table, and those that only its own section has room for. Checks have their own list. */
function factsOf(v: VariantEvidence, columns: readonly CompareColumn[]): Markup {
  const facts = columns
    .filter(({ id }) => id !== 'outcome' && id !== 'checks' && !id.startsWith('check:'))
    .map(({ head, cells }) => [head, cells.get(v.label) ?? { text: '' }] as const)
    .filter(([, { text }]) => text !== '')
    .map(([head, cell]) => html`<div><dt>${head}</dt><dd>${cellMarkup(cell)}</dd></div>`);
  return html`<dl class="facts">${facts}<div><dt>branch</dt><dd>${nameMarkup(v.branch)}</dd></div></dl>`;
}

function votesMarkup({ votes }: VariantEvidence): Markup {
  if (votes.length === 0) return html``;
  const items = votes.map(
    ({ note, name, changed, blind }) =>
      html`<li>${note === '' && name === '' ? page.noNote : voteText({ note: note === '' ? page.noNote : note, name })}${changed ? html` <span class="tag warn">${page.voteChanged}</span>` : ''}${blind ? html` <span class="tag">${page.votedBlind}</span>` : ''}`,
  );
  return html`<h4>${page.votes(votes.length)}</h4><ul>${items}</ul>`;
}

function variantMarkup(
  v: VariantEvidence,
  columns: readonly CompareColumn[],
  files: readonly Shown[],
  outputs: readonly CheckOutput[],
  id: string,
): Markup {
  const said = plainText(v.summary).trim();
  const long = said.length > 3_000;
  // They have their own section.
  const remarks = remarksOf({ ...v, votes: [] });
  const listed = v.files.filter(({ path }) => files.length === 0 && path !== '');
  return html`<article class="variant" id="${id}" data-label="${oneLine(v.label)}" aria-labelledby="${id}-name">
<div class="title"><h3 id="${id}-name">${nameMarkup(v.label)}</h3>${outcomeTag(v)}</div>${factsOf(v, columns)}${warnings(remarks)}
<h4 id="${id}-said">${page.summary}</h4>${said === '' ? html`<p class="open">${page.noSummary}</p>` : long ? html`<div class="said cut" tabindex="0" role="group" aria-labelledby="${id}-said">${said}</div>` : html`<div class="said">${said}</div>`}
${v.checks.length === 0 ? '' : html`<h4>${page.checks}</h4><ul class="checks">${v.checks.map((check, i) => checkMarkup(check, outputs.find((one) => one.label === v.label && one.check === check.name)?.text ?? '', `${id}-c${i}`))}</ul>`}
${votesMarkup(v)}<h4>${page.changes}</h4>${files.length > 0 ? files.map((shown) => fileMarkup(shown, `copse diff ${shellWord(v.label)}`)) : listed.length > 0 ? html`<ul>${listed.map(({ path }) => html`<li class="mono">${nameMarkup(path)}`)}</ul>` : html`<p class="open">${page.noChanges}</p>`}
</article>`;
}

/** All variants, the best-ranked first, each with summary, checks and diff; each is a part. */
export function* variantsSection(
  evidence: Evidence,
  o: { readonly files: ReadonlyMap<string, readonly Shown[]>; readonly outputs: readonly CheckOutput[]; readonly idOf: IdOf },
): Generator<Markup> {
  yield raw(
    `<section id="variants" aria-labelledby="variants-title"><h2 id="variants-title">${page.variants}</h2><div class="tools" hidden><label>Show files whose path contains<input id="filter" type="search" autocomplete="off" spellcheck="false"></label><button id="unfold" type="button">Open all files</button><button id="fold" type="button">Close all files</button><span id="found" class="legend" role="status"></span></div>`,
  );
  const columns = compareColumns(evidence, symbols);
  for (const { variant } of byRank(evidence)) {
    yield variantMarkup(variant, columns, o.files.get(variant.label) ?? [], o.outputs, o.idOf(variant.label));
  }
  yield raw('</section>');
}
