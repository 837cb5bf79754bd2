import { type Agent, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { LookupFunction, Socket } from 'node:net';
import { type Duplex, pipeline, type Transform } from 'node:stream';
import {
  documentRequest,
  documentResponse,
  type Route,
  requestHeaders,
  responseHeaders,
  withoutLength,
} from './forward-headers.ts';
import { passBody } from './pass-body.ts';

/*
 * A reverse proxy for one kind of upstream: a development server on this machine. Node parses both sides, so that a message means
 * the same to us and to the app; bytes are passed on unread only after both have agreed on a web socket.
 */

/** Apps set large cookies and tokens; Node's default of 16 kB is for the open internet. */
export const HEADER_BYTES = 64 * 1024;

/** Development servers listen on `localhost`, which is 127.0.0.1 for some and ::1 for others; Node tries both. No name is asked of anybody. */
const onThisMachine: LookupFunction = (_host, _options, done) =>
  done(null, [
    { address: '127.0.0.1', family: 4 },
    { address: '::1', family: 6 },
  ]);

export interface Forwarding {
  readonly route: Route;
  readonly agent: Agent;
  /** A browser shows what is asked for as a document: it comes anew, so that what is shown is known. */
  readonly isDocument: boolean;
  /** The app answered with these headers; nothing is sent yet. Returns what the body goes through; null: nothing. */
  onResponse(response: IncomingMessage): Transform | null;
  /** The app did not answer at all. */
  onFailure(): void;
}

function upstream(req: IncomingMessage, o: { route: Route; agent: Agent | false; headers: Record<string, string | string[]> }) {
  return request({
    host: 'localhost',
    port: o.route.port,
    lookup: onThisMachine,
    method: req.method ?? 'GET',
    path: req.url ?? '/',
    headers: o.headers,
    agent: o.agent,
    maxHeaderSize: HEADER_BYTES,
    setHost: false,
  });
}

/** Sends a request on and streams the answer back, as slow and as long as they are. */
export function forward(req: IncomingMessage, res: ServerResponse, o: Forwarding): void {
  const bodiless =
    (req.method === 'GET' || req.method === 'HEAD') &&
    req.headers['content-length'] === undefined &&
    req.headers['transfer-encoding'] === undefined;
  // The app may close a kept connection just as copse writes to it. Requests that can be repeated may use one, the rest get a new one.
  send(req, res, o, bodiless ? o.agent : false);
}

function send(req: IncomingMessage, res: ServerResponse, o: Forwarding, agent: Agent | false): void {
  const own = requestHeaders(req, o.route);
  const up = upstream(req, { route: o.route, agent, headers: o.isDocument ? documentRequest(own) : own });
  const onGone = (): void => {
    up.destroy();
  };
  res.once('close', onGone);
  up.on('error', () => {
    res.off('close', onGone);
    if (res.destroyed) return;
    if (res.headersSent) res.destroy();
    else if (agent !== false && up.reusedSocket) send(req, res, o, false);
    else o.onFailure();
  });
  up.on('upgrade', (_, app: Socket) => {
    // None was requested. Without a listener Node drops it silently.
    app.destroy();
    o.onFailure();
  });
  up.on('response', (response) => {
    const { statusCode = 0, statusMessage = '' } = response;
    // Node reads headers that it refuses to write: it throws, and nothing would catch that.
    if (statusCode < 100 || statusCode > 999) return void up.destroy(new Error(`the app answered with status ${statusCode}`));
    const through = o.onResponse(response);
    const own = responseHeaders(response, req, o.route);
    const headers = o.isDocument ? documentResponse(own) : own;
    const length = response.headers['content-length'] !== undefined && through === null;
    res.writeHead(statusCode, statusMessage.replace(/[^ -~]/g, ''), through === null ? headers : withoutLength(headers));
    // Events may come much later than the headers.
    if (!length) res.flushHeaders();
    const done = (): void => void res.off('close', onGone);
    if (through === null) passBody(req.method ?? '', response, res, done);
    else pipeline(response, through, res, done);
  });
  if (agent !== false) up.end();
  else
    pipeline(req, up, () => {
      // Reported as an error of `up`, or the browser has gone.
    });
}

/** Passes bytes on; when they end, the other side ends too. A web socket is never half open. */
function couple(from: Duplex, to: Duplex): void {
  from.pipe(to, { end: false });
  from.on('end', () => to.end(() => to.destroy()));
  from.on('close', () => to.destroy());
  from.on('error', () => {
    // Either side may end at any moment; `close` follows.
  });
}

/** Opens a web socket to the app for a browser that may have one. */
export function forwardUpgrade(req: IncomingMessage, socket: Duplex, head: Buffer, o: { readonly route: Route }): void {
  const headers = { ...requestHeaders(req, o.route), connection: 'Upgrade', upgrade: 'websocket' };
  const up = upstream(req, { route: o.route, agent: false, headers });
  const onGone = (): void => {
    up.destroy();
  };
  socket.once('close', onGone);
  up.on('error', () => refuseUpgrade(socket, 502));
  up.on('response', (response) => {
    // The app refuses. Its answer is short, and a browser shows its scripts nothing of it.
    response.destroy();
    refuseUpgrade(socket, response.statusCode ?? 502);
  });
  up.on('upgrade', (response, app: Socket, first) => {
    socket.off('close', onGone);
    const lines = [`HTTP/1.1 101 ${response.statusMessage ?? ''}`, 'Connection: Upgrade', 'Upgrade: websocket'];
    const flat = responseHeaders(response, req, o.route);
    for (let i = 0; i + 1 < flat.length; i += 2) lines.push(`${flat[i]}: ${flat[i + 1]}`);
    socket.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
    if (first.length > 0) socket.write(first);
    if (head.length > 0) app.write(head);
    app.setNoDelay(true);
    couple(socket, app);
    couple(app, socket);
  });
  up.end();
}

/** Answers a request for a web socket with only a status. */
export function refuseUpgrade(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
