import type { IncomingMessage } from 'node:http';

/*
 * The origin of a request. The cookie alone does not show it: the frames are of the page's own site, so any request that an
 * app makes in one of them has it too. Browsers send Origin with everything but a plain GET, and Sec-Fetch-* with everything that
 * goes to loopback. To an address on the network, without TLS, they do not send it (Fetch Metadata, 2): there one app can make another
 * answer a plain GET, as an image or a script, and can neither read more of it nor send it anything else.
 */

const one = (header: string | string[] | undefined): string | null => (typeof header === 'string' ? header : null);

/** Only from copse's own script, or from a user who opens the page. */
export function mayReachPage(req: IncomingMessage, origin: string): boolean {
  const from = one(req.headers.origin);
  if (req.method !== 'GET' && req.method !== 'HEAD') return from === origin && !saysElsewhere(req);
  if (from !== null && from !== origin) return false;
  if (!saysElsewhere(req)) return true;
  // A link from elsewhere may open it, as a top-level page.
  return one(req.headers['sec-fetch-mode']) === 'navigate' && one(req.headers['sec-fetch-dest']) === 'document';
}

/** The app's own requests, and navigation of the frame. Another variant's script may neither read nor drive it. */
export function mayReachVariant(req: IncomingMessage, origin: string): boolean {
  const from = one(req.headers.origin);
  if (from !== null) return from === origin;
  if (req.method !== 'GET' && req.method !== 'HEAD') return false;
  return !saysElsewhere(req) || one(req.headers['sec-fetch-mode']) === 'navigate';
}

/** Web sockets are always checked by Origin; a client without it is not a browser. */
export function mayOpenSocket(req: IncomingMessage, origin: string): boolean {
  return one(req.headers.origin) === origin;
}

function saysElsewhere(req: IncomingMessage): boolean {
  const site = one(req.headers['sec-fetch-site']);
  return site !== null && site !== 'same-origin' && site !== 'none';
}
