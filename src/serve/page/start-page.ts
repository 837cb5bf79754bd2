import type { ServerResponse } from 'node:http';
import { networkInterfaces } from 'node:os';
import type { PageHtml, PageVariant, VoteStore } from '../../model/reports/served-page.ts';
import { addressed, addressedPort, HOME, originOf } from './addresses.ts';
import { refuseUpgrade } from './forward.ts';
import { type BindHost, listenOnPage, type PageListener } from './page-listener.ts';
import { type PageAddress, PageRoutes } from './page-routes.ts';
import { type PageTokens, Pass } from './pass.ts';
import { sendHtml } from './replies.ts';
import { shuffled, VariantKeys } from './variant-keys.ts';
import { VariantRoutes } from './variant-routes.ts';
import { Viewers } from './viewers.ts';

export interface PageOptions {
  /** A heading, e.g. the run's id. */
  readonly title: string;
  /** The present state; asked at each change. */
  variants(): readonly PageVariant[];
  /** Calls back at each change of {@link variants}; returns how to end that. */
  onChange(listener: () => void): () => void;
  /** `0.0.0.0`: for anyone on the network who has the link. */
  readonly host: BindHost;
  /** 0: any. */
  readonly port: number;
  /** At least 128 random bits each, for the links. The same ones let open pages come back. */
  readonly tokens: PageTokens;
  readonly votes: VoteStore;
  readonly blind: boolean;
  /** Makes the report as things are now; null: there is none. */
  readonly report: (() => Promise<Uint8Array>) | null;
  readonly html: PageHtml;
  /** Starts the server of a label that is down. */
  start(label: string): void;
  /** The newest part of what the server of a label has printed. */
  log(label: string): Promise<string>;
  /** Looks for what other commands have changed; {@link onChange} tells. */
  refresh(): Promise<void>;
}

export interface StartedPage {
  /** The link for this machine, token included. */
  readonly url: string;
  /** Links for the network, one for each address of this machine; none without `0.0.0.0`. */
  readonly lanUrls: readonly string[];
  readonly port: number;
  /** Votes or the decision have changed on disk. */
  votesChanged(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Serves the page and, behind it, the variants: each with its own origin, reached only with the link's token. Everything is from
 * memory. CopseError `port-in-use` (exit 3).
 */
export async function startPage(o: PageOptions): Promise<StartedPage> {
  const lan = o.host === '0.0.0.0';
  const labels = o.variants().map(({ label }) => label);
  const keys = new VariantKeys(o.blind ? shuffled(labels, o.tokens.owner) : labels, o.blind);
  const viewers = new Viewers();
  // Set once their port is known; no request comes before that.
  let pages: PageRoutes | null = null;
  let behind: VariantRoutes | null = null;
  const doors = new Map<string, PageListener>();
  const at = (host: string, port: number): PageAddress => ({
    host,
    origin: originOf(host, port),
    originOf: (key) => (host === HOME ? originOf(`${key}.${HOME}`, port) : originOf(host, doors.get(key)?.port ?? port)),
  });

  const main = await listenOnPage({
    host: o.host,
    port: o.port,
    onRequest: (req, res) => {
      const to = addressed(req.headers.host, { port: main.port, lan });
      if (to === null) misdirected(res, o.html);
      else if (to.kind === 'variant') behind?.onRequest(req, res, { ...named(to.key), byPort: false });
      else pages?.onRequest(req, res, { ...at(to.host, main.port), mayMove: to.frames === 'ports' && to.plain });
    },
    onUpgrade: (req, socket, head) => {
      const to = addressed(req.headers.host, { port: main.port, lan });
      if (to?.kind === 'variant') behind?.onUpgrade(req, socket, head, { ...named(to.key), byPort: false });
      else refuseUpgrade(socket, to === null ? 421 : 404);
    },
  });
  const named = (key: string) => ({ key, origin: originOf(`${key}.${HOME}`, main.port), page: originOf(HOME, main.port) });
  const pass = new Pass(o.tokens, main.port);
  const link = (host: string, token: string): string => `${originOf(host, main.port)}/?t=${encodeURIComponent(token)}`;
  const lanUrls = lan ? networkAddresses().map((host) => link(host, o.tokens.guest)) : [];
  pages = new PageRoutes({
    ...o,
    keys,
    viewers,
    pass,
    home: originOf(HOME, main.port),
    at: (host) => at(host, main.port),
    links: () => lanUrls,
  });
  behind = new VariantRoutes({ ...o, keys, viewers, pass, pages });

  const openGate = async (key: string, index: number): Promise<PageListener> => {
    const gate: PageListener = await openAny(lan ? main.port + APART + index : 0, (port) =>
      listenOnPage({
        host: o.host,
        port,
        onRequest: (req, res) => {
          const host = addressedPort(req.headers.host, { port: gate.port, lan });
          if (host === null) misdirected(res, o.html);
          else behind?.onRequest(req, res, through(key, host, gate.port));
        },
        onUpgrade: (req, socket, head) => {
          const host = addressedPort(req.headers.host, { port: gate.port, lan });
          if (host === null) refuseUpgrade(socket, 421);
          else behind?.onUpgrade(req, socket, head, through(key, host, gate.port));
        },
      }),
    );
    return gate;
  };
  const through = (key: string, host: string, port: number) => ({
    key,
    origin: originOf(host, port),
    page: originOf(host, main.port),
    byPort: true,
  });
  try {
    for (const [index, label] of keys.labels().entries()) {
      const key = keys.of(label);
      doors.set(key, await openGate(key, index));
    }
    await pages.readVotes();
  } catch (error) {
    await Promise.all([main, ...doors.values()].map((door) => door.close()));
    viewers.close();
    throw error;
  }
  const release = o.onChange(() => pages.changed());
  return {
    url: link('localhost', o.tokens.owner),
    lanUrls,
    port: main.port,
    votesChanged: async () => {
      await pages.readVotes();
      pages.changed();
    },
    close: async () => {
      release();
      viewers.close();
      pages.close();
      behind.close();
      await Promise.all([main, ...doors.values()].map((door) => door.close()));
    },
  };
}

/** Beyond the ports that are leased to variants, and the same each time: open pages find their frames again. */
const APART = 10_001;

async function openAny(port: number, open: (port: number) => Promise<PageListener>): Promise<PageListener> {
  if (port === 0 || port > 65_535) return open(0);
  try {
    return await open(port);
  } catch {
    // It is taken; by which program does not matter.
    return open(0);
  }
}

function misdirected(res: ServerResponse, html: PageHtml): void {
  const sentence = 'Open the link that copse serve printed.';
  sendHtml(res, 421, html.notice({ title: 'This address is not served here', sentence, detail: '' }));
}

function networkAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
}
