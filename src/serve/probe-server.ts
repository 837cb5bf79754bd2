import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { request as secureRequest } from 'node:https';
import { connect } from 'node:net';

export type LoopbackHost = '127.0.0.1' | '::1';

/** The result of a probe. `status`: it answers, with its own error. */
export type Probe =
  | { readonly kind: 'answers'; readonly host: LoopbackHost }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'silent' };

const HOSTS: readonly LoopbackHost[] = ['127.0.0.1', '::1'];
/** The first request may have to wait for a build. Then another is sent. */
const ANSWER_MS = 10_000;

/** Whether the port answers below 500 at this path; some servers listen on one of the two loopback addresses alone. */
export async function probePath(port: number, path: string, signal: AbortSignal): Promise<Probe> {
  const probes = HOSTS.map(async (host): Promise<Probe> => {
    // The name that people will use: development servers refuse names that they do not know.
    const headers = { host: `localhost:${port}`, accept: 'text/html,*/*' };
    const status = await statusOf(() => request({ host, port, path, headers, agent: false, signal }));
    return status === null ? { kind: 'silent' } : status < 500 ? { kind: 'answers', host } : { kind: 'status', status };
  });
  return firstOf(probes);
}

/** Whether this URL answers below 500. A certificate of the developer's own is fine. */
export async function probeUrl(url: string, signal: AbortSignal): Promise<Probe> {
  const secure = url.toLowerCase().startsWith('https:');
  const status = await statusOf(() =>
    secure ? secureRequest(url, { agent: false, signal, rejectUnauthorized: false }) : request(url, { agent: false, signal }),
  );
  return status === null
    ? { kind: 'silent' }
    : status < 500
      ? { kind: 'answers', host: '127.0.0.1' }
      : { kind: 'status', status };
}

/** The addresses at which the port accepts connections, with any protocol. */
export async function probePort(port: number, signal: AbortSignal): Promise<Probe> {
  return firstOf(
    HOSTS.map(
      (host) =>
        new Promise<Probe>((resolve) => {
          const socket = connect({ host, port, signal }, () => {
            socket.destroy();
            resolve({ kind: 'answers', host });
          });
          socket.on('error', () => resolve({ kind: 'silent' }));
        }),
    ),
  );
}

/** The first that answers; else a status; else silence. */
async function firstOf(probes: readonly Promise<Probe>[]): Promise<Probe> {
  try {
    return await Promise.any(
      probes.map(async (probe) => {
        const found = await probe;
        if (found.kind !== 'answers') throw new Error(found.kind);
        return found;
      }),
    );
  } catch {
    // None answers; their errors.
    const all = await Promise.all(probes);
    return all.find(({ kind }) => kind === 'status') ?? { kind: 'silent' };
  }
}

/** null: no answer, for whatever reason. Redirects are answers. */
function statusOf(ask: () => ClientRequest): Promise<number | null> {
  return new Promise((resolve) => {
    const asked = ask();
    const give = (status: number | null): void => {
      clearTimeout(timer);
      resolve(status);
      asked.destroy();
    };
    const timer = setTimeout(() => give(null), ANSWER_MS);
    asked.on('response', (response: IncomingMessage) => give(response.statusCode ?? null));
    // Refused, reset, not HTTP: not up yet, or never. After the answer: caused by destroying the socket.
    asked.on('error', () => give(null));
    asked.end();
  });
}
