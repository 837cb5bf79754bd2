import { html, type Markup, raw } from '../markup.ts';
import { nameMarkup } from '../visible-markup.ts';
import * as page from './report-messages.ts';
import { type IdOf, linkTo } from './report-overview.ts';

export interface Picture {
  readonly label: string;
  readonly png: Uint8Array;
}

/** How variants look that were served while the report was made. */
export function looksSection(pictures: readonly Picture[], idOf: IdOf): Markup {
  if (pictures.length === 0) return html``;
  const figures = pictures.map(
    ({ label, png }) =>
      html`<figure><img alt="${page.pictureOf(label)}" width="1280" height="800" loading="lazy" src="data:image/png;base64,${raw(Buffer.from(png).toString('base64'))}"><figcaption>${pictures.length > 1 ? linkTo(label, idOf) : nameMarkup(label)}</figcaption></figure>`,
  );
  return html`<section aria-labelledby="looks"><h2 id="looks">${page.looks}</h2><p class="legend">${page.looksLead}</p><div class="looks">${figures}</div></section>`;
}
