import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { policiesOf, sourceAllows } from './framing.ts';

/*
 * A frame's address and scroll are hidden from the page, which is another origin. So a document that a frame loads gets one script of copse,
 * from its own origin, that says where its app goes. A policy that does not allow such a script is respected: then the page can only follow
 * links that load a document.
 */

export const SCRIPT_PATH = '/.copse/follow.js';
export const SCRIPT_TAG = `<script src="${SCRIPT_PATH}"></script>`;

/** Whether a request is for a document that a browser shows. Without TLS, addresses of the network get no `Sec-Fetch-*`. */
export function navigates({ method, headers }: IncomingMessage): boolean {
  if (method !== 'GET') return false;
  const mode = headers['sec-fetch-mode'];
  if (mode !== undefined) return mode === 'navigate';
  return headers['upgrade-insecure-requests'] === '1' && (headers.accept ?? '').includes('text/html');
}

/** In a frame, as far as the browser says. */
export const isFramed = ({ headers }: IncomingMessage): boolean =>
  headers['sec-fetch-dest'] === undefined || headers['sec-fetch-dest'] === 'iframe';

/** Why a document cannot take our script; empty where it can. `origin`: the app's, as the browser sees it. */
export function scriptRefusal(headers: IncomingHttpHeaders, origin: string): string {
  const forbidding = policiesOf(headers['content-security-policy']).find((policy) => !allowsOwnScript(policy, origin));
  if (forbidding !== undefined) return CSP_FORBIDS;
  if (!/^text\/html\b/i.test(headers['content-type'] ?? '')) return NO_DOCUMENT;
  return headers['content-encoding'] === undefined ? '' : NO_DOCUMENT;
}

export const CSP_FORBIDS = 'its Content-Security-Policy forbids it';
export const NO_DOCUMENT = 'it is not a plain HTML document';

/** Whether one policy allows a script of the document's own origin (CSP 3, 6.7.2). */
export function allowsOwnScript(policy: ReadonlyMap<string, readonly string[]>, origin: string): boolean {
  const sandbox = policy.get('sandbox');
  if (sandbox !== undefined && !sandbox.includes('allow-scripts')) return false;
  const sources = policy.get('script-src-elem') ?? policy.get('script-src') ?? policy.get('default-src');
  if (sources === undefined) return true;
  if (sources.includes("'strict-dynamic'")) return false;
  return sources.some((source) => source === "'self'" || sourceAllows(source, origin));
}

/**
 * The script itself. It tells the page, and no one else, the path and the scroll of its document, and scrolls when the page says so. It
 * leaves no trace in the document, which its app may compare with what it sent.
 */
export function followScript(page: string): string {
  return `'use strict';
(() => {
document.currentScript?.remove();
if (parent === window || window.__copseFollows) return;
Object.defineProperty(window, '__copseFollows', { value: true });
const PAGE = ${JSON.stringify(page)};
const say = (what, more) => parent.postMessage({ copse: what, path: location.pathname + location.search + location.hash, ...more }, PAGE);
// A person's doing, as far as the browser knows: what an app does by itself, a redirect say, moves no one else.
const byPerson = () => navigator.userActivation?.isActive ?? true;
const range = () => document.documentElement.scrollHeight - innerHeight;
let path = location.href, told = -1, led = -1, due = 0;
const look = () => { if (location.href !== path) { path = location.href; say('at', { person: byPerson() }); } };
if (window.navigation) navigation.addEventListener('currententrychange', look); else setInterval(look, 250);
addEventListener('pagehide', () => say('leaves', { person: byPerson() }));
addEventListener('pageshow', () => say('shows'));
addEventListener('scroll', () => {
  due ||= requestAnimationFrame(() => {
    due = 0;
    const at = range() > 0 ? Math.min(1, Math.max(0, scrollY / range())) : 0;
    if (Math.abs(at - told) < .001) return;
    told = at;
    // What the page asked for is not news to it.
    if (Math.abs(at - led) > .005) say('scrolls', { at });
  });
}, { passive: true });
addEventListener('message', ({ source, origin, data }) => {
  if (source !== parent || origin !== PAGE || data?.copse !== 'scroll') return;
  led = Number(data.at);
  scrollTo({ top: led * range(), behavior: 'instant' });
});
say('starts');
})();
`;
}
