import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PolicedHtml } from '../../model/reports/served-page.ts';

/** On all of copse's own answers: no one may frame it, guess its type, cache it, or learn the link from it. No CORS header, ever. */
const OURS = {
  'Cache-Control': 'no-store',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
} as const;

/** A whole page under its own policy; `setCookie`: values of that header. */
export function sendHtml(res: ServerResponse, status: number, page: PolicedHtml, setCookie: readonly string[] = []): void {
  res.writeHead(status, {
    ...OURS,
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': page.policy,
    ...(setCookie.length === 0 ? {} : { 'Set-Cookie': [...setCookie] }),
  });
  res.end(page.html);
}

/** In one of copse's frames, hence without the ban on framing. */
export function sendFramed(res: ServerResponse, status: number, page: PolicedHtml, ancestor: string): void {
  const { 'X-Frame-Options': _, ...rest } = OURS;
  const policy = page.policy.replace("frame-ancestors 'none'", `frame-ancestors ${ancestor}`);
  res.writeHead(status, { ...rest, 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': policy });
  res.end(page.html);
}

/** A sentence for the client, with a line break at the end. */
export function sendText(res: ServerResponse, status: number, text: string): void {
  res.writeHead(status, { ...OURS, 'Content-Type': 'text/plain; charset=utf-8' });
  res.end(`${text}\n`);
}

/** A status and nothing else. */
export function sendEmpty(res: ServerResponse, status: number): void {
  res.writeHead(status, OURS);
  res.end();
}

/** The one answer that another of copse's origins may notice: it says nothing. */
export function sendProbe(res: ServerResponse): void {
  res.writeHead(204, { ...OURS, 'Cross-Origin-Resource-Policy': 'cross-origin' });
  res.end();
}

/** A page that is not copse's own: in a sandbox it has no origin, so it reads nothing of copse's pages. */
export function sendReport(res: ServerResponse, html: Uint8Array): void {
  res.writeHead(200, {
    ...OURS,
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': "sandbox allow-scripts; frame-ancestors 'none'",
  });
  res.end(html);
}

/** A picture for the page. */
export function sendPicture(res: ServerResponse, svg: string): void {
  res.writeHead(200, {
    ...OURS,
    'Content-Type': 'image/svg+xml; charset=utf-8',
    'Content-Security-Policy': "default-src 'none'",
  });
  res.end(svg);
}

/** A script of copse in a document of an app. */
export function sendScript(res: ServerResponse, script: string): void {
  res.writeHead(200, { ...OURS, 'Content-Type': 'text/javascript; charset=utf-8' });
  res.end(script);
}

/** Begins a stream of events that stays open; the page sees at once that it is connected. */
export function startEvents(res: ServerResponse): void {
  res.writeHead(200, { ...OURS, 'Content-Type': 'text/event-stream; charset=utf-8' });
  res.flushHeaders();
}

/** A small JSON body; null: too long, or none. Never rejects for what a browser sends. */
export async function readJson(req: IncomingMessage, bytes: number): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of req as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > bytes) return null;
      chunks.push(chunk);
    }
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch {
    // Not JSON, or the browser went away.
    return null;
  }
}
