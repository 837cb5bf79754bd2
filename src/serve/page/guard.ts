import type { IncomingMessage } from 'node:http';

/*
 * What a request says of where it comes from. The cookie alone does not tell: the frames are of the page's own site, so whatever an
 * app does in one of them brings it along. Browsers say Origin with everything that is no plain GET, and Sec-Fetch-* with all that
 * goes to loopback. To an address in the network, without TLS, they do not say it (Fetch Metadata, 2): there one app can have another
 * answer a plain GET, as an image or a script of its own, and can neither read more of it nor send it anything else.
 */

const one = (header: string | string[] | undefined): string | null => (typeof header === 'string' ? header : null);

/** Nobody's but our own script's, or a person's who opens the page. */
export function mayReachPage(req: IncomingMessage, origin: string): boolean {
  const from = one(req.headers.origin);
  if (req.method !== 'GET' && req.method !== 'HEAD') return from === origin && !saysElsewhere(req);
  if (from !== null && from !== origin) return false;
  if (!saysElsewhere(req)) return true;
  // A link from elsewhere may open it, as a page of its own.
  return one(req.headers['sec-fetch-mode']) === 'navigate' && one(req.headers['sec-fetch-dest']) === 'document';
}

/** The app's own requests, and navigation of the frame. Another variant's script may neither read nor drive it. */
export function mayReachVariant(req: IncomingMessage, origin: string): boolean {
  const from = one(req.headers.origin);
  if (from !== null) return from === origin;
  if (req.method !== 'GET' && req.method !== 'HEAD') return false;
  return !saysElsewhere(req) || one(req.headers['sec-fetch-mode']) === 'navigate';
}

/** Web sockets are always told apart by Origin; who leaves it out is no browser. */
export function mayOpenSocket(req: IncomingMessage, origin: string): boolean {
  return one(req.headers.origin) === origin;
}

function saysElsewhere(req: IncomingMessage): boolean {
  const site = one(req.headers['sec-fetch-site']);
  return site !== null && site !== 'same-origin' && site !== 'none';
}
