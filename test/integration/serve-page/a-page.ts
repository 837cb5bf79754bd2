/** A page with real servers behind it. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { onTestFinished } from 'vitest';
import type { Ballot, LabelledDecision, LabelledVote, PageVariant, VoteStore } from '../../../src/model/reports/served-page.ts';
import { type PageOptions, type StartedPage, startPage } from '../../../src/serve/page/start-page.ts';
import { serveHtml } from '../../../src/view/serve/page/serve-html.ts';

/** Of guests. */
export const TOKEN = 'a-token-of-the-test-0123456789';
export const OWNER = 'the-token-of-the-owner-0123456789';

export function variantOf(label: string, port: number, parts: Partial<PageVariant> = {}): PageVariant {
  return {
    label,
    port,
    url: `http://127.0.0.1:${port}/`,
    state: 'ready',
    detail: `It answers on port ${port}.`,
    outcome: 'succeeded',
    checks: [
      { name: 'test', status: 'passed' },
      { name: 'types', status: 'passed' },
    ],
    summary: `Made it ${label}.`,
    costUsd: 0.41,
    changes: { files: 3, insertions: 120, deletions: 14, commits: 1 },
    work: null,
    commit: `tip-of-${label}`,
    ...parts,
  };
}

export interface App {
  readonly port: number;
  readonly server: Server;
  /** All that were asked, oldest first. */
  readonly requests: { readonly method: string; readonly url: string; readonly headers: IncomingMessage['headers'] }[];
}

/** An app on a free port of loopback. */
export async function anApp(
  listener: RequestListener,
  o: { readonly host?: string; readonly onUpgrade?: (req: IncomingMessage, socket: Duplex, head: Buffer) => void } = {},
): Promise<App> {
  const requests: App['requests'] = [];
  const server = createServer((req, res) => {
    requests.push({ method: req.method ?? '', url: req.url ?? '', headers: req.headers });
    listener(req, res);
  });
  if (o.onUpgrade !== undefined) server.on('upgrade', o.onUpgrade);
  server.listen(0, o.host ?? '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, server, requests };
}

/** Votes in memory. */
export function someVotes(labels: readonly string[]): VoteStore & { votes: LabelledVote[]; decided: LabelledDecision } {
  const store = {
    votes: [] as LabelledVote[],
    decided: { voting: 'open', choice: null } as LabelledDecision,
    has: (label: string) => labels.includes(label),
    read: () => Promise.resolve([...store.votes]),
    cast: async (o: Ballot) => {
      await store.withdraw(o.voter);
      store.votes.push({ ...o, variant: o.label, run: 'ui', at: '2026-01-01T00:00:00.000Z' });
    },
    withdraw: (voter: string) => {
      store.votes = store.votes.filter((vote) => vote.voter !== voter);
      return Promise.resolve();
    },
    decision: () => Promise.resolve(store.decided),
    setVoting: async (voting: LabelledDecision['voting']) => {
      store.decided = { ...store.decided, voting };
    },
    choose: async (choice: { label: string; why: string } | null) => {
      store.decided = { ...store.decided, choice: choice === null ? null : { label: choice.label, why: choice.why } };
    },
  };
  return store;
}

export interface TestPage extends StartedPage {
  /** Replaces what is served and says so. */
  change(variants: readonly PageVariant[]): void;
  readonly votes: ReturnType<typeof someVotes>;
  /** Labels whose servers were started again. */
  readonly started: readonly string[];
  /** The link of a guest. */
  readonly guestUrl: string;
  /** A cookie of someone who came with the token, for requests under the page's name. */
  readonly cookie: string;
}

export async function aPage(first: readonly PageVariant[], o: Partial<PageOptions> = {}): Promise<TestPage> {
  let variants = first;
  const listeners = new Set<() => void>();
  const started: string[] = [];
  const votes = someVotes(first.map(({ label }) => label).filter((label) => label !== 'base'));
  const page = await startPage({
    title: 'ui',
    variants: () => variants,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    host: '127.0.0.1',
    port: 0,
    tokens: { owner: OWNER, guest: TOKEN },
    votes,
    blind: false,
    report: null,
    html: serveHtml,
    start: (label) => started.push(label),
    log: (label) => Promise.resolve(`log of ${label}`),
    refresh: () => Promise.resolve(),
    ...o,
  });
  onTestFinished(() => page.close());
  const entered = await ask(page.port, { host: `copse.localhost:${page.port}`, path: `/?t=${TOKEN}` });
  return {
    ...page,
    votes,
    started,
    guestUrl: page.url.replace(OWNER, TOKEN),
    cookie: cookieOf(entered),
    change: (next) => {
      variants = next;
      for (const listener of listeners) listener();
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly text: string;
}

/** Cookies of an answer as a browser would send them back. */
export const cookieOf = ({ headers }: Answer): string =>
  (headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0] ?? '').join('; ');

export interface Asked {
  readonly host: string;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
}

/** One request to a port of 127.0.0.1, under any Host. */
export async function ask(port: number, o: Asked): Promise<Answer> {
  const req = request({
    host: '127.0.0.1',
    port,
    method: o.method ?? 'GET',
    path: o.path ?? '/',
    headers: { ...(o.headers as Record<string, string | string[]>), host: o.host },
    agent: false,
  });
  req.end(o.body);
  const [res] = (await once(req, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of res as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  return { status: res.statusCode ?? 0, headers: res.headers, rawHeaders: res.rawHeaders, body, text: body.toString() };
}
