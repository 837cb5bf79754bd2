import type { Evidence, VariantEvidence } from '../../../model/reports/evidence.ts';
import { clockTime, cost } from '../../../text/amounts.ts';
import { oneLine, plainText } from '../../../text/plain-text.ts';
import { type CompareCell, type CompareColumn, compareColumns } from '../../compare/compare-columns.ts';
import {
  acrossTexts,
  byRank,
  checkRemarks,
  judgeLines,
  judgeRemarks,
  markOf,
  meansText,
  outcomeText,
  rankingTexts,
  warningsOf,
} from '../../compare/compare-facts.ts';
import * as say from '../../compare/compare-messages.ts';
import { placeText } from '../../compare/compare-text.ts';
import { symbolsFor } from '../../kit/style.ts';
import { html, type Markup, type Part } from '../markup.ts';
import { nameMarkup } from '../visible-markup.ts';
import { overlapMatrix } from './overlap-matrix.ts';
import * as page from './report-messages.ts';

export const symbols = symbolsFor({ unicode: true });

/** `dark` → `v1`: ids of the page never come from names. */
export type IdOf = (label: string) => string;

/** A variant’s name that leads to its section. */
export const linkTo = (label: string, idOf: IdOf): Markup => html`<a href="#${idOf(label)}">${nameMarkup(label)}</a>`;

/** Mark and word of how a variant ended; colour says nothing that the word does not. */
export function outcomeTag(variant: VariantEvidence): Markup {
  const kind = markOf(variant);
  const mark = { good: symbols.success, bad: symbols.failure, open: symbols.waiting }[kind];
  return html`<span class="tag ${kind}">${mark} ${outcomeText(variant)}</span>`;
}

/** The first place, in a sentence. */
export function verdict(evidence: Evidence, idOf: IdOf): Markup {
  const first = evidence.ranking.filter(({ rank, label }) => {
    const variant = evidence.variants.find((v) => v.label === label);
    return rank === 1 && variant !== undefined && markOf(variant) === 'good';
  });
  if (first.length === 0) return html`<p class="lead">${page.nobody}</p>`;
  const names = first.map(
    ({ label }, i) => html`${i === 0 ? '' : i === first.length - 1 ? ' and ' : ', '}<strong>${linkTo(label, idOf)}</strong>`,
  );
  const why = first.length === 1 ? (first[0]?.reasons ?? []).slice(0, 2).map(oneLine).join('; ') : '';
  const lead = evidence.decision.chosen === null ? '' : page.byEvidence;
  return html`<p class="lead">${lead}${names} ${first.length === 1 ? page.winner : page.tied}${why === '' ? '.' : `: ${why}.`}</p>`;
}

/** Base, target, isolation, cost of all with the judge, and when it was looked at. */
export function factList(evidence: Evidence): Markup {
  const { base, target } = evidence;
  const total = evidence.variants.reduce((sum, { costUsd }) => sum + costUsd, 0);
  const facts: [string, string][] = [
    ...(base === null ? [] : [['Base', placeText(base.ref, base.commit)] satisfies [string, string]]),
    ...(target === null ? [] : [['Target', oneLine(target.branch)] satisfies [string, string]]),
    ...(evidence.isolation === '' ? [] : [['Isolation', oneLine(evidence.isolation)] satisfies [string, string]]),
    ['Cost', cost(total + (evidence.judge?.costUsd ?? 0), symbols)],
    ['Generated', `${evidence.at.slice(0, 10)} ${clockTime(evidence.at, { utcOffsetMinutes: 0 })} UTC`],
  ];
  return html`<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** The shared task; a long one scrolls, none leaves nothing. */
export function taskMarkup(task: string): Markup {
  const text = plainText(task).trim();
  if (text === '') return html``;
  return html`<section aria-labelledby="task"><h2 id="task">${page.task}</h2><div class="said${text.length > 1_500 ? ' cut" tabindex="0" role="group" aria-labelledby="task' : ''}">${text}</div></section>`;
}

/** Sentences that begin large, each a notice. */
export function warnings(texts: readonly string[]): Markup {
  return html`${texts.map((text) => html`<p class="notice">${text.charAt(0).toUpperCase()}${text.slice(1)}</p>`)}`;
}

/** Sentences about the whole comparison, before everything else. */
export const evidenceWarnings = (evidence: Evidence): Markup => warnings(warningsOf(evidence));

/** The ranking as a list with its reasons; nothing if there is none. */
export function ranking(evidence: Evidence, idOf: IdOf): Markup {
  if (evidence.ranking.length === 0) return html``;
  const items = rankingTexts(evidence).map(({ label, rank, reasons: why }) => {
    const variant = evidence.variants.find((v) => v.label === label);
    const first = rank === 1 && variant !== undefined && markOf(variant) === 'good';
    return html`<li${html`${first ? html` class="first"` : ''}`}><span class="place" aria-hidden="true">${rank}</span><p><span class="sr">Rank ${rank}: </span><strong>${linkTo(label, idOf)}</strong> ${variant === undefined ? '' : outcomeTag(variant)}</p><ul>${why.map((text) => html`<li>${text}</li>`)}</ul></li>`;
  });
  return html`<section aria-labelledby="ranking"><h2 id="ranking">${say.ranked}</h2><ol class="ranking">${items}</ol></section>`;
}

const CLASSES = { good: 'tag good', bad: 'tag bad', weak: 'tag warn', plain: '', added: 'plus', removed: 'minus' } as const;

/** A cell of the table, and of a variant's own list. */
export function cellMarkup({ text, note = '', tone = 'plain', best }: CompareCell): Markup {
  if (text === '') return html``;
  const kind = CLASSES[tone];
  const value = kind === '' ? html`${text}` : html`<span class="${kind}">${text}</span>`;
  const starred =
    best === true
      ? html`<span class="best">${value} <span class="star" aria-hidden="true">★</span><span class="sr"> best</span></span>`
      : value;
  return note === '' ? starred : html`${starred} <span class="delta">${note}</span>`;
}

/** A row for each variant, the best-ranked first; empty columns are left out. */
export function evidenceTable(evidence: Evidence, idOf: IdOf): Markup {
  const columns = compareColumns(evidence, symbols).filter(({ detail }) => detail !== true);
  const cell = (column: CompareColumn, v: VariantEvidence): Markup => {
    const shown = column.id === 'outcome' ? outcomeTag(v) : cellMarkup(column.cells.get(v.label) ?? { text: '' });
    return html`<td${column.align === 'right' ? html` class="num"` : ''}>${shown}`;
  };
  const rows = byRank(evidence).map(
    ({ variant: v, rank }) =>
      html`<tr><td class="num">${rank ?? ''}<th scope="row">${linkTo(v.label, idOf)}${columns.map((column) => cell(column, v))}`,
  );
  const head = (text: string, number = false): Markup => html`<th scope="col"${number ? html` class="num"` : ''}>${text}`;
  const said = byRank(evidence).flatMap(({ variant }) =>
    checkRemarks(variant, evidence).map(({ text }) => html`<li>${text}</li>`),
  );
  return html`<section aria-labelledby="numbers"><h2 id="numbers">${page.table}</h2><div class="scroll" role="group" tabindex="0" aria-labelledby="numbers"><table><caption><span class="cap">${page.tableCaption}</span></caption><thead><tr>${head('#', true)}${head(say.heads.variant)}${columns.map(({ head: text, align }) => head(text, align === 'right'))}<tbody>${rows}</table></div>${said.length === 0 ? '' : html`<ul>${said}</ul>`}</section>`;
}

const PATHS = 8;

function paths(list: readonly string[]): Markup {
  const rest = list.length - PATHS;
  return html`${list.slice(0, PATHS).map((path, i) => html`${i === 0 ? '' : ', '}${nameMarkup(path)}`)}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** Where variants meet, as a picture and as pairs with a way to see each pair; nothing for a single variant. */
export function overlapSection(evidence: Evidence, idOf: IdOf): Markup {
  const labels = byRank(evidence).map(({ variant }) => variant.label);
  if (labels.length < 2) return html``;
  const meeting = evidence.overlap
    .filter(({ files, conflicts }) => files.length + conflicts.length > 0)
    .toSorted((x, y) => y.conflicts.length - x.conflicts.length || y.files.length - x.files.length);
  const rows = meeting.map(
    ({ a, b, files, conflicts }) =>
      html`<tr><th scope="row">${linkTo(a, idOf)} and ${linkTo(b, idOf)}<td>${conflicts.length === 0 ? 'no conflict' : html`<span class="tag bad">${say.conflictsIn(conflicts.length)}</span>`}<td class="paths">${conflicts.length > 0 ? html`${paths(conflicts)}${files.length > conflicts.length ? html`<br><span class="delta">also both change ${files.length} ${files.length === 1 ? 'file' : 'files'}</span>` : ''}` : paths(files)}<td><a href="#pairs" data-a="${idOf(a)}" data-b="${idOf(b)}" hidden>Compare</a>`,
  );
  const text = acrossTexts({ ...evidence, overlap: [], agreement: [] }).filter((sentence) => sentence !== say.noOverlap);
  return html`<section aria-labelledby="overlap"><h2 id="overlap">${page.overlap}</h2>${text.map((sentence) => html`<p>${sentence}</p>`)}${meeting.length === 0 ? html`<p>${say.noOverlap}</p>` : html`<p class="legend">${page.legend}</p><div class="scroll" role="group" tabindex="0" aria-label="Overlap as a picture">${overlapMatrix(labels, evidence.overlap)}</div><details${meeting.length <= 12 ? html` open` : ''}><summary>${page.pairsCaption}</summary><div class="scroll" role="group" tabindex="0" aria-label="Pairs"><table><caption class="sr">${page.pairsCaption}</caption><thead><tr><th scope="col">Pair<th scope="col">Conflicts<th scope="col">Files<th scope="col"><span class="sr">Look</span><tbody>${rows}</table></div></details>`}</section>`;
}

/** Scores and words of the judge, the best first; nothing if there was no judge. */
export function judgeSection(evidence: Evidence, idOf: IdOf): Markup {
  const { judge } = evidence;
  if (judge === null) return html``;
  const lines = judgeLines(evidence);
  const criteria = [...new Set(lines.flatMap(({ scores }) => Object.keys(scores)))];
  const prose = (text: string): Part => plainText(text).trim();
  const rows = lines.map(
    (line) =>
      html`<tr><th scope="row">${linkTo(line.label, idOf)}<td class="num">${meansText(line.means)}${criteria.map((name) => html`<td class="num">${line.scores[name] ?? ''}`)}<td class="paths">${prose(line.reasons)}${line.risks === '' ? '' : html`<br><span class="delta">${say.risks('')}${prose(line.risks)}</span>`}`,
  );
  const table =
    lines.length === 0
      ? ''
      : html`<div class="scroll" role="group" tabindex="0" aria-labelledby="judge"><table><caption><span class="cap">Scores of the first round, 0 to 10; the mean of each round.</span></caption><thead><tr><th scope="col">Variant<th scope="col" class="num">Mean${criteria.map((name) => html`<th scope="col" class="num">${oneLine(name)}`)}<th scope="col">Why<tbody>${rows}</table></div>`;
  return html`<section aria-labelledby="judge"><h2 id="judge">${say.judge}</h2><p class="legend">${oneLine(say.judged(judge.model, judge.rounds.length, cost(judge.costUsd, symbols)))}. It saw the variants under other names, in random order.</p>${warnings(judgeRemarks(evidence))}${table}</section>`;
}
