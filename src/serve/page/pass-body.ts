import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { AppAgent } from './app-agent.ts';

/** From here on it is worth a connection to the app. */
const LARGE = 256 * 1024;

/**
 * Streams the body of an app's answer to a request for `method` to the browser, whose headers are set. Calls `done` when that has
 * ended, whole or not.
 */
export function passBody(method: string, response: IncomingMessage, res: ServerResponse, done: () => void): void {
  const size = sizeByHeaders(method, response);
  if (size < LARGE || !passUnparsed(response, res, size, done)) pipeline(response, res, done);
}

/** Bytes, if the headers alone determine the end of the body and the parser agrees; else 0. */
function sizeByHeaders(method: string, { statusCode, headers }: IncomingMessage): number {
  const plain = headers['transfer-encoding'] === undefined && headers.upgrade === undefined;
  if (method !== 'GET' || (statusCode !== 200 && statusCode !== 206) || !plain) return 0;
  return Number(headers['content-length'] ?? 0);
}

/**
 * Node has parsed the headers: of what follows exactly `size` bytes are the body, so they need no parser. Data beyond them ends
 * with the connection.
 */
function passUnparsed(response: IncomingMessage, res: ServerResponse, size: number, done: () => void): boolean {
  const { socket } = response;
  let left = size;
  const write = (bytes: Buffer, release?: () => void): boolean => {
    const body = bytes.subarray(0, left);
    left -= body.length;
    if (left > 0) return res.write(body, release);
    res.end(body);
    socket.destroy();
    return false;
  };
  /** Data that came together with the headers. */
  const first = (): void => {
    for (let part = response.read(); part !== null && left > 0; part = response.read()) write(part);
  };
  const diverted = AppAgent.divert(socket, (bytes, release) => {
    first();
    return left > 0 && write(bytes, release);
  });
  if (!diverted) return false;
  res.on('drain', () => socket.resume());
  response.on('readable', first);
  response.on('error', () => {
    // To Node the answer is truncated in any case; `close` follows.
  });
  response.on('close', () => {
    if (left > 0) res.destroy();
    done();
  });
  return true;
}
