import { createHash } from 'node:crypto';
import type { PageHtml, PolicedHtml } from '../../../model/reports/served-page.ts';
import { oneLine } from '../../../text/plain-text.ts';
import { html, type Markup, raw } from '../../html/markup.ts';
import { SERVE_SCRIPT } from './meeting-script.ts';
import { SERVE_STYLE } from './meeting-style.ts';
import * as say from './page-messages.ts';
import { tileFacts } from './tile-facts.ts';

const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath fill='%2317692d' d='M1 3h6v10H1zm8 0h6v10H9z'/%3E%3C/svg%3E";

/**
 * A document with the policy for it: our style and script by their hashes, requests to ourselves, frames of the variants, and
 * nothing else. Trusted types keep our script from turning text into markup.
 */
function policed(o: {
  readonly title: string;
  readonly body: Markup;
  readonly script?: string;
  readonly connect?: string;
  readonly frames?: readonly string[];
  readonly build?: string;
}): PolicedHtml {
  const policy = [
    "default-src 'none'",
    `style-src ${hash(SERVE_STYLE)}`,
    `script-src ${o.script === undefined ? "'none'" : hash(o.script)}`,
    ...(o.connect === undefined ? [] : [`connect-src ${o.connect}`]),
    ...(o.frames === undefined || o.frames.length === 0 ? [] : [`frame-src ${o.frames.join(' ')}`]),
    `img-src data:${o.connect === "'self'" ? " 'self'" : ''}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${o.title}</title>
<link rel="icon" href="${ICON}">
<style>${raw(SERVE_STYLE)}</style>
</head>
<body${o.build === undefined ? '' : html` data-build="${o.build}"`}>
${o.body}
${o.script === undefined ? '' : html`<script>${raw(o.script)}</script>`}
</body>
</html>
`;
  return { html: page.markup, policy };
}

function keysDialog(): Markup {
  return html`<dialog id="keys" aria-labelledby="keys-title"><h2 id="keys-title">Keys</h2><dl class="keys">${say.keys.map(([key, does]) => html`<div><dt><kbd>${key}</kbd></dt><dd>${does}</dd></div>`)}</dl><p class="legend">${say.keysNote}</p><p class="legend">${say.followNote}</p><form method="dialog"><button>Close</button></form></dialog>`;
}

function shareDialog(): Markup {
  return html`<dialog id="share-dialog" aria-labelledby="share-title"><h2 id="share-title">${say.shareTitle}</h2><p class="legend">${say.shareNote}</p><div id="codes" class="codes"></div><form method="dialog"><button>Close</button></form></dialog>`;
}

const options = (all: readonly (readonly [value: string, text: string])[]): Markup =>
  html`${all.map(([value, text]) => html`<option value="${value}">${text}</option>`)}`;

/** The view's parts of the page of `copse serve`. */
export const serveHtml: PageHtml = {
  build: createHash('sha256').update(SERVE_SCRIPT).update(SERVE_STYLE).digest('hex'),
  code: async (link) => (await import('./link-code.ts')).linkCode(link),
  page: ({ title, frames, build }) =>
    policed({
      title: say.titleOf(oneLine(title)),
      script: SERVE_SCRIPT,
      connect: "'self'",
      frames,
      build,
      body: html`<header class="top">
<div class="bar"><h1>${oneLine(title) === '' ? say.titleOf('') : oneLine(title)}</h1><p id="said" class="said-line" role="status"></p><p class="end"><span id="total" class="said-line"></span><button type="button" id="stray" aria-pressed="false" hidden>Look around alone</button><a id="report" href="/report" target="_blank" rel="noopener" hidden>Report</a><button type="button" id="present" aria-pressed="false" aria-keyshortcuts="p">Present</button><button type="button" id="fold" aria-expanded="false" aria-controls="tools" hidden>View</button><button type="button" id="help" aria-keyshortcuts="?">Keys</button></p></div>
<div class="bar" id="tools"><form id="go" class="route" role="search" aria-label="Route"><label for="route">Route</label><input id="route" type="text" value="/" autocomplete="off" autocapitalize="off" spellcheck="false" aria-keyshortcuts="/"><button>Go</button></form>
<label class="tick">Width <select id="width" aria-keyshortcuts="w">${options(say.widths)}</select></label><label class="tick">Zoom <select id="zoom">${options(say.zooms)}</select></label>
<label class="tick"><input type="checkbox" id="follow"> Follow links</label><label class="tick"><input type="checkbox" id="together"> Scroll together</label>
<div class="layouts" role="group" aria-label="How many at once"><button type="button" data-layout="all" aria-keyshortcuts="0">All</button><button type="button" data-layout="two">Two</button><button type="button" data-layout="one">One</button><button type="button" data-layout="split" aria-keyshortcuts="b" hidden>Before/after</button></div></div>
<div class="bar"><nav id="tabs" aria-label="Variants"></nav><p id="host" class="end" hidden><button type="button" id="voting">Close voting</button><button type="button" id="lead" aria-pressed="false">Lead everyone</button><button type="button" id="share">Share</button></p></div>
<p id="blind" class="said-line" hidden>${say.blind}</p>
<p id="result" class="result" hidden><strong></strong> <span></span></p>
<p id="split-bar" class="split-bar" hidden><span id="split-under"></span><input type="range" id="split" min="0" max="100" value="50" aria-label="${say.splitLabel}"><span id="split-over"></span></p>
</header>
<main id="tiles" class="tiles"></main>
<noscript><p class="alone">${say.noScript}</p></noscript>
${shareDialog()}
${keysDialog()}`,
    }),
  entrance: ({ probe }) =>
    policed({
      title: say.entranceTitle,
      script: ENTRANCE_SCRIPT,
      connect: probe,
      body: html`<main class="alone" data-probe="${probe}"><h1>${say.entrance}</h1><noscript><p>${say.noScript}</p></noscript></main>`,
    }),
  notice: ({ title, sentence, detail }) =>
    policed({
      title: oneLine(title),
      body: html`<main class="alone"><h1>${oneLine(title)}</h1><p>${oneLine(sentence)}</p>${detail === '' ? '' : html`<p>${oneLine(detail)}</p>`}</main>`,
    }),
  facts: tileFacts,
};

/**
 * Redirects to the page's name if the browser finds it, else to this address with frames on ports. The key stays in the address bar's
 * query, which no one else sees, and leaves it with the page.
 */
const ENTRANCE_SCRIPT = `
'use strict';
(() => {
const { probe } = document.querySelector('main').dataset;
const go = (to) => location.replace(to + location.hash);
const stay = () => go('/' + location.search + '&here=1');
fetch(probe + '/probe', { mode: 'no-cors', credentials: 'omit', cache: 'no-store', signal: AbortSignal.timeout(3000) })
  .then(() => go(probe + '/' + location.search), stay);
})();
`;
