import type { Evidence, VariantEvidence } from '../../../model/reports/evidence.ts';
import { count } from '../../../text/amounts.ts';
import { oneLine } from '../../../text/plain-text.ts';
import { decisionTexts, voteText } from '../../compare/compare-facts.ts';
import { html, type Markup } from '../markup.ts';
import * as page from './report-messages.ts';
import { type IdOf, linkTo } from './report-overview.ts';

/** Of one variant; the rest is in its own section. */
const NOTES = 4;

/** What was decided, and the votes with their reasons: what a reader who was not there asks first. Nothing if no one voted or chose. */
export function decisionMarkup(evidence: Evidence, idOf: IdOf): Markup {
  const [result, ...more] = decisionTexts(evidence);
  const voted = evidence.variants.filter(({ votes }) => votes.length > 0).toSorted((a, b) => b.votes.length - a.votes.length);
  if (result === undefined && voted.length === 0) return html``;
  const all = voted.reduce((sum, { votes }) => sum + votes.length, 0);
  const line =
    result === undefined
      ? ''
      : html`<p class="decided"><strong>${result}</strong>${more.map((text) => html` <span>${text}</span>`)}</p>`;
  return html`<div class="decision">${line}${voted.length === 0 ? '' : html`<ul class="tally" aria-label="${page.votes(all)}">${voted.map((variant) => tallyItem(variant, all, idOf))}</ul>`}</div>`;
}

function tallyItem({ label, votes }: VariantEvidence, all: number, idOf: IdOf): Markup {
  const notes = votes.filter(({ note, name }) => oneLine(note + name) !== '');
  const told = notes.slice(0, NOTES).map((vote) => (oneLine(vote.note) === '' ? oneLine(vote.name) : `“${voteText(vote)}”`));
  const changed = votes.filter((vote) => vote.changed).length;
  const rest = notes.length - told.length;
  return html`<li><span class="who">${linkTo(label, idOf)}</span> <meter min="0" max="${all}" value="${votes.length}" aria-label="${page.votesOf(votes.length, all)}"></meter> <span class="n">${count(votes.length, 'vote')}</span>${told.length === 0 ? '' : html` <span class="said-by">${told.join(' ')}${rest > 0 ? ` ${page.moreNotes(rest)}` : ''}</span>`}${changed === 0 ? '' : html` <span class="tag warn">${page.votedBefore(changed)}</span>`}</li>`;
}
