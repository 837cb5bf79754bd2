import type { AgreementEvidence, Evidence } from '../../../model/reports/evidence.ts';
import * as say from '../../compare/compare-messages.ts';
import { languageOf } from '../diff/code-tokens.ts';
import { unifiedDiff } from '../diff/diff-markup.ts';
import type { DiffLine } from '../diff/patch-files.ts';
import { html, type Markup } from '../markup.ts';
import { nameMarkup } from '../visible-markup.ts';
import * as page from './report-messages.ts';

const MOST = 60;
const MOST_LINES = 200;

function hunk({ line, removed, added }: AgreementEvidence): DiffLine[] {
  const start = Math.max(1, line);
  return [
    ...removed.map((text, i): DiffLine => ({ kind: 'removed', text, before: start + i, after: null, noNewline: false })),
    ...added.map((text): DiffLine => ({ kind: 'added', text, before: null, after: null, noNewline: false })),
  ].slice(0, MOST_LINES);
}

/** Changes that several variants made alike, for a reader to skip. */
export function agreementSection(evidence: Evidence): Markup {
  const { agreement, variants } = evidence;
  if (agreement.length === 0) return html``;
  const files = new Set(agreement.map(({ path }) => path)).size;
  const items = agreement.slice(0, MOST).map((one) => {
    const file = {
      path: one.path,
      from: null,
      facts: [],
      hunks: [hunk(one)],
      added: one.added.length,
      removed: one.removed.length,
      size: 0,
      unread: false,
    };
    const who =
      one.variants.length === variants.length
        ? 'all'
        : one.variants.map((label, i) => html`${i === 0 ? '' : ', '}${nameMarkup(label)}`);
    return html`<details class="file"><summary><span class="mono">${nameMarkup(one.path)}</span> line ${Math.max(1, one.line)} <span class="plus">+${one.added.length}</span> <span class="minus">−${one.removed.length}</span> <span class="tag">${who}</span></summary>${unifiedDiff(file, { language: languageOf(one.path), words: true })}</details>`;
  });
  const all = agreement.every((one) => one.variants.length === variants.length);
  return html`<section aria-labelledby="agreement"><h2 id="agreement">${page.agreementTitle}</h2><p>${say.agreement(agreement.length, files, all)}</p>${items}${agreement.length > MOST ? html`<p class="legend">${page.moreAgreement(agreement.length - MOST)}</p>` : ''}</section>`;
}
