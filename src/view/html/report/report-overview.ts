import { blocks } from '../../../model/check.ts';
import type { Evidence, VariantEvidence } from '../../../model/reports/evidence.ts';
import { clockTime, cost, duration } from '../../../text/amounts.ts';
import { oneLine, plainText } from '../../../text/plain-text.ts';
import {
  acrossTexts,
  bestLabels,
  byRank,
  checksCount,
  judgeLines,
  judgeRemarks,
  meansText,
  mergeText,
  metricNames,
  metricOf,
  outcomeText,
  softenedChecks,
  standingOf,
  warningsOf,
} from '../../compare/compare-facts.ts';
import * as say from '../../compare/compare-messages.ts';
import { placeText } from '../../compare/compare-text.ts';
import { metricAmount, metricDelta } from '../../compare/metric-amount.ts';
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
  const standing = standingOf(variant);
  const mark = { good: symbols.success, bad: symbols.failure, open: symbols.waiting }[standing];
  const failing = variant.checks.filter(blocks).map(({ name }) => oneLine(name));
  // A red "succeeded" would contradict itself: the agent did, its work does not.
  const done = variant.outcome === 'succeeded' || variant.outcome === 'no-changes';
  const text = done && failing.length > 0 ? page.checksFail(failing) : outcomeText(variant);
  return html`<span class="tag ${standing}">${mark} ${text}</span>`;
}

/** `3 files +120 −14`, or `none`. */
export function changesMarkup({ changes }: VariantEvidence): Markup {
  if (changes.files === 0) return html`<span class="open">none</span>`;
  return html`${changes.files} ${changes.files === 1 ? 'file' : 'files'} <span class="plus">+${changes.insertions}</span> <span class="minus">${symbols.minus}${changes.deletions}</span>`;
}

/** Who comes first, in a sentence. */
export function verdict(evidence: Evidence, idOf: IdOf): Markup {
  const first = evidence.ranking.filter(({ rank, label }) => {
    const variant = evidence.variants.find((v) => v.label === label);
    return rank === 1 && variant !== undefined && standingOf(variant) === 'good';
  });
  if (first.length === 0) return html`<p class="lead">${page.nobody}</p>`;
  const names = first.map(
    ({ label }, i) => html`${i === 0 ? '' : i === first.length - 1 ? ' and ' : ', '}<strong>${linkTo(label, idOf)}</strong>`,
  );
  const why = first.length === 1 ? (first[0]?.reasons ?? []).slice(0, 2).map(oneLine).join('; ') : '';
  return html`<p class="lead">${names} ${first.length === 1 ? page.winner : page.tied}${why === '' ? '.' : `: ${why}.`}</p>`;
}

/** Base, target, isolation, cost of all with the judge, and when it was looked at. */
export function factList(evidence: Evidence): Markup {
  const { base, target } = evidence;
  const total = evidence.variants.reduce((sum, { costUsd }) => sum + costUsd, 0);
  const facts: [string, string][] = [
    ...(base === null ? [] : [['Base', placeText(base.ref, base.commit)] satisfies [string, string]]),
    ...(target === null ? [] : [['Lands on', oneLine(target.branch)] satisfies [string, string]]),
    ...(evidence.isolation === '' ? [] : [['Isolation', oneLine(evidence.isolation)] satisfies [string, string]]),
    ['Cost', cost(total + (evidence.judge?.costUsd ?? 0), symbols)],
    ['Looked at', `${evidence.at.slice(0, 10)} ${clockTime(evidence.at, { utcOffsetMinutes: 0 })} UTC`],
  ];
  return html`<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** What all were told; a long one scrolls, none leaves nothing. */
export function taskMarkup(task: string): Markup {
  const text = plainText(task).trim();
  if (text === '') return html``;
  return html`<section aria-labelledby="task"><h2 id="task">${page.task}</h2><div class="said${text.length > 1_500 ? ' cut" tabindex="0" role="group" aria-labelledby="task' : ''}">${text}</div></section>`;
}

/** Sentences that begin large, each a notice. */
export function warnings(texts: readonly string[]): Markup {
  return html`${texts.map((text) => html`<p class="notice">${text.charAt(0).toUpperCase()}${text.slice(1)}</p>`)}`;
}

/** What has to be said about the whole before anybody reads on. */
export const evidenceWarnings = (evidence: Evidence): Markup => warnings(warningsOf(evidence));

/** The ranking as a list with its reasons; nothing where there is none. */
export function ranking(evidence: Evidence, idOf: IdOf): Markup {
  if (evidence.ranking.length === 0) return html``;
  const items = evidence.ranking.map(({ label, rank, reasons }) => {
    const variant = evidence.variants.find((v) => v.label === label);
    const why = reasons.length === 0 ? [say.sameRank] : reasons.map(oneLine);
    const first = rank === 1 && variant !== undefined && standingOf(variant) === 'good';
    return html`<li${html`${first ? html` class="first"` : ''}`}><span class="place" aria-hidden="true">${rank}</span><p><span class="sr">Rank ${rank}: </span><strong>${linkTo(label, idOf)}</strong> ${variant === undefined ? '' : outcomeTag(variant)}</p><ul>${why.map((text) => html`<li>${text}</li>`)}</ul></li>`;
  });
  return html`<section aria-labelledby="ranking"><h2 id="ranking">${say.ranked}</h2><ol class="ranking">${items}</ol></section>`;
}

function value(text: string, best: boolean): Markup {
  return best
    ? html`<span class="best">${text} <span class="star" aria-hidden="true">★</span><span class="sr"> best</span></span>`
    : html`${text}`;
}

/** A row for each variant, the best-ranked first; columns that nobody has anything in stay out. */
export function evidenceTable(evidence: Evidence, idOf: IdOf): Markup {
  const best = { checks: bestLabels(evidence, 'checks'), cost: bestLabels(evidence, 'cost'), time: bestLabels(evidence, 'time') };
  const metrics = metricNames(evidence);
  const voted = evidence.variants.some(({ votes }) => votes.length > 0);
  const metricCell = (v: VariantEvidence, name: string): Markup => {
    const metric = metricOf(v, name);
    if (metric === null) return html`<td class="num">`;
    if (metric.value === null) return html`<td class="num"><span class="tag bad">no number</span>`;
    const delta = metricDelta(metric, symbols);
    return html`<td class="num">${value(metricAmount(metric.value, metric.unit), metric.best)}${delta === '' ? '' : html` <span class="delta under">${delta === '=' ? 'as base' : `${delta} vs base`}</span>`}`;
  };
  const rows = byRank(evidence).map(
    ({ variant: v, rank }) =>
      html`<tr><td class="num">${rank ?? ''}<th scope="row">${linkTo(v.label, idOf)}<td>${outcomeTag(v)}<td>${value(checksCount(v), best.checks.has(v.label))}${softenedChecks(v).length > 0 ? html`<span class="under"><span class="tag warn">${page.changedIt}</span></span>` : ''}${voted ? html`<td class="num">${v.votes.length === 0 ? '' : v.votes.length}` : ''}${metrics.map((name) => metricCell(v, name))}<td>${changesMarkup(v)}<td>${v.merges?.clean === false ? html`<span class="tag bad">${mergeText(v)}</span>` : mergeText(v)}<td class="num">${v.costUsd === 0 ? '' : value(cost(v.costUsd, symbols), best.cost.has(v.label))}<td class="num">${v.durationMs === 0 ? '' : value(duration(v.durationMs), best.time.has(v.label))}`,
  );
  const head = (text: string, number = false): Markup => html`<th scope="col"${number ? html` class="num"` : ''}>${text}`;
  return html`<section aria-labelledby="numbers"><h2 id="numbers">${page.table}</h2><div class="scroll" role="group" tabindex="0" aria-labelledby="numbers"><table><caption><span class="cap">${page.tableCaption}</span></caption><thead><tr>${head('#', true)}${head('Variant')}${head('Outcome')}${head('Checks')}${voted ? head('Votes', true) : ''}${metrics.map((name) => head(oneLine(name), true))}${head('Changes')}${head('Merges')}${head('Cost', true)}${head('Time', true)}<tbody>${rows}</table></div></section>`;
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
      html`<tr><th scope="row">${linkTo(a, idOf)} and ${linkTo(b, idOf)}<td>${conflicts.length === 0 ? 'no conflict' : html`<span class="tag bad">${say.conflictsIn(conflicts.length)}</span>`}<td class="paths">${conflicts.length > 0 ? html`${paths(conflicts)}${files.length > conflicts.length ? html`<br><span class="delta">also both change ${files.length} ${files.length === 1 ? 'file' : 'files'}</span>` : ''}` : paths(files)}<td><a href="#pairs" data-a="${idOf(a)}" data-b="${idOf(b)}" hidden>Beside each other</a>`,
  );
  const text = acrossTexts({ ...evidence, overlap: [], agreement: [] }).filter((sentence) => sentence !== say.noOverlap);
  return html`<section aria-labelledby="overlap"><h2 id="overlap">${page.overlap}</h2>${text.map((sentence) => html`<p>${sentence}</p>`)}${meeting.length === 0 ? html`<p>${say.noOverlap}</p>` : html`<p class="legend">${page.legend}</p><div class="scroll" role="group" tabindex="0" aria-label="Overlap as a picture">${overlapMatrix(labels, evidence.overlap)}</div><details${meeting.length <= 12 ? html` open` : ''}><summary>${page.pairsCaption}</summary><div class="scroll" role="group" tabindex="0" aria-label="Pairs"><table><caption class="sr">${page.pairsCaption}</caption><thead><tr><th scope="col">Pair<th scope="col">Conflicts<th scope="col">Files<th scope="col"><span class="sr">Look</span><tbody>${rows}</table></div></details>`}</section>`;
}

/** Scores and words of the judge, the best first; nothing where nobody asked one. */
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
