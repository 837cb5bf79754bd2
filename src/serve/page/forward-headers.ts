import type { IncomingMessage } from 'node:http';
import { HOME } from './addresses.ts';
import { cookiePairs, OWN_COOKIES } from './pass.ts';

/** Of one connection, not of the message (RFC 9110, 7.6.1); `proxy-*` are ours to answer, not the app's. */
const HOP_BY_HOP = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

export type Header = readonly [name: string, value: string];

function endToEnd(raw: readonly string[]): Header[] {
  const all: Header[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) all.push([raw[i] ?? '', raw[i + 1] ?? '']);
  const named = new Set(
    all.flatMap(([name, value]) =>
      name.toLowerCase() === 'connection' ? value.split(',').map((word) => word.trim().toLowerCase()) : [],
    ),
  );
  return all.filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase()) && !named.has(name.toLowerCase()));
}

/** How a variant is reached from outside and by us. */
export interface Route {
  readonly key: string;
  /** As the browser sees it. */
  readonly origin: string;
  /** The address of its server. */
  readonly port: number;
  /**
   * Reached by a port of an address. Then the app gets `localhost` as its host, since development servers refuse hosts that they do not know,
   * and cookies are kept apart by name, since browsers do not tell ports apart.
   */
  readonly byPort: boolean;
}

const inner = ({ port }: Route): string => `http://localhost:${port}`;
const jar = ({ key }: Route): string => `${OWN_COOKIES}v.${key}.`;

/** Headers for the app: without hop-by-hop ones and copse's own; those with the browser's address use the app's own one. */
export function requestHeaders(req: IncomingMessage, route: Route): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of endToEnd(req.rawHeaders)) {
    const lower = name.toLowerCase();
    // Forwarded-like ones are a browser's never: an app would trust them. We answer Expect ourselves.
    if (['host', 'cookie', 'expect', 'forwarded'].includes(lower) || lower.startsWith('x-forwarded-')) continue;
    const before = headers[lower];
    const text = route.byPort ? insideText(lower, value, route) : value;
    headers[lower] = before === undefined ? text : [...(Array.isArray(before) ? before : [before]), text];
  }
  headers['host'] = route.byPort ? `localhost:${route.port}` : (req.headers.host ?? '');
  const cookie = cookiesInside(req.headers.cookie, route);
  if (cookie !== '') headers['cookie'] = cookie;
  if (req.headers['transfer-encoding'] !== undefined) headers['transfer-encoding'] = 'chunked';
  // Without either there is no body; Node would announce a chunked one for these methods.
  else if (req.headers['content-length'] === undefined && ['POST', 'PUT', 'PATCH'].includes(req.method ?? '')) {
    headers['content-length'] = '0';
  }
  return headers;
}

/** A document is asked for anew each time, and plain: an answer from a cache would show nothing of where a frame is. */
export function documentRequest(headers: Record<string, string | string[]>): Record<string, string | string[]> {
  const { 'if-none-match': _, 'if-modified-since': __, ...rest } = headers;
  return { ...rest, 'accept-encoding': 'identity' };
}

/** Headers of a document, flat: a browser asks for it again next time. */
export function documentResponse(flat: readonly string[]): string[] {
  const caching = flat.findIndex((text, i) => i % 2 === 0 && text.toLowerCase() === 'cache-control');
  const stored = caching < 0 || !(flat[caching + 1] ?? '').toLowerCase().includes('no-store');
  return [...without(flat, ['cache-control', 'expires']), 'Cache-Control', stored ? 'no-cache' : 'no-store'];
}

/** Of a body that is no longer the app's. */
export const withoutLength = (flat: readonly string[]): string[] => without(flat, ['content-length', 'accept-ranges']);

const without = (flat: readonly string[], names: readonly string[]): string[] =>
  flat.filter((_, i) => !names.includes((flat[i - (i % 2)] ?? '').toLowerCase()));

function insideText(name: string, value: string, route: Route): string {
  if (name === 'origin') return value === route.origin ? inner(route) : value;
  if (name === 'referer' && value.startsWith(`${route.origin}/`)) return inner(route) + value.slice(route.origin.length);
  return value;
}

function cookiesInside(header: string | undefined, route: Route): string {
  const own = jar(route);
  return cookiePairs(header)
    .flatMap(([name, value]) => {
      if (route.byPort && name.startsWith(own)) return [`${name.slice(own.length)}=${value}`];
      return name.startsWith(OWN_COOKIES) ? [] : [`${name}=${value}`];
    })
    .join('; ');
}

/** Headers for the browser, flat as Node writes them. */
export function responseHeaders(response: IncomingMessage, req: IncomingMessage, route: Route): string[] {
  return endToEnd(response.rawHeaders).flatMap(([name, value]) => {
    const lower = name.toLowerCase();
    if (lower === 'set-cookie') {
      const cookie = cookieOutside(value, req, route);
      return cookie === null ? [] : [name, cookie];
    }
    return [name, lower === 'location' ? locationOutside(value, route) : value];
  });
}

/** An app that names itself absolutely would lead out of the frame's origin. */
function locationOutside(value: string, route: Route): string {
  const match = /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\]):(\d+)(?=[/?#]|$)/i.exec(value);
  if (match === null || Number(match[1]) !== route.port) return value;
  return route.origin + value.slice(match[0].length);
}

function cookieOutside(value: string, req: IncomingMessage, route: Route): string | null {
  const [first = '', ...attributes] = value.split(';');
  const name = first.slice(0, Math.max(0, first.indexOf('='))).trim();
  if (name.startsWith(OWN_COOKIES)) return null;
  const kept = attributes.filter((attribute) => {
    const [key = '', domain = ''] = attribute.split('=').map((part) => part.trim().toLowerCase());
    // Shared with all variants otherwise.
    return !(key === 'domain' && (route.byPort || domain.replace(/^\./, '') === HOME));
  });
  const hidden = kept.some((attribute) => attribute.trim().toLowerCase() === 'httponly');
  const renamed = `${jar(route)}${name}`;
  const known = cookiePairs(req.headers.cookie).some(([other]) => other === renamed);
  // A cookie that scripts may read has to keep its name; others can be renamed without their noticing.
  const shown = route.byPort && name !== '' && (hidden || known) ? `${jar(route)}${first.trimStart()}` : first;
  return [shown, ...kept].join(';');
}
