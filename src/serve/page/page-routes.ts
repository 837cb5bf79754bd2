import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod/mini';
import type { AbsolutePath } from '../../model/ids.ts';
import type { LabelledVote, PageHtml, PageState, PageVariant, VoteStore } from '../../model/reports/served-page.ts';
import { mayReachPage } from './guard.ts';
import { isBlindFor, pageState, type StateSources } from './page-state.ts';
import type { Pass } from './pass.ts';
import { readJson, sendEmpty, sendHtml, sendProbe, sendReport, sendText, startEvents } from './replies.ts';
import type { VariantKeys } from './variant-keys.ts';
import { tell, type Viewers } from './viewers.ts';

/** The page as one host reaches it. */
export interface PageAddress {
  readonly host: string;
  readonly origin: string;
  originOf(key: string): string;
}

interface Options {
  readonly title: string;
  readonly keys: VariantKeys;
  readonly pass: Pass;
  readonly viewers: Viewers;
  readonly votes: VoteStore;
  readonly blind: boolean;
  readonly reportFile: AbsolutePath | null;
  readonly html: PageHtml;
  /** Origin of the page under its name. */
  readonly home: string;
  at(host: string): PageAddress;
  variants(): readonly PageVariant[];
}

const BODY_BYTES = 8 * 1024;
/** A restart changes several things at once. */
const GATHER_MS = 20;
const ballot = z.strictObject({ key: z.string(), favourite: z.boolean(), note: z.string() });

/** The page's own addresses: `/`, `/probe`, `/events`, `/vote`, `/report`. */
export class PageRoutes {
  readonly #o: Options;
  #votes: readonly LabelledVote[] = [];
  readonly #generations = new Map<string, { ready: boolean; restarts: number }>();
  #due: NodeJS.Timeout | null = null;

  constructor(o: Options) {
    this.#o = o;
    this.#count();
  }

  async readVotes(): Promise<void> {
    this.#votes = await this.#o.votes.read();
  }

  /** Something about the variants has changed: all open pages are updated. */
  changed(): void {
    this.#count();
    this.#due ??= setTimeout(() => {
      this.#due = null;
      this.#o.viewers.send('state', ({ id, host }) => this.#state(id, this.#o.at(host)));
    }, GATHER_MS);
  }

  nameFor(viewer: string, label: string): string {
    const hidden = isBlindFor({ blind: this.#o.blind, votes: this.#votes, keys: this.#o.keys }, viewer);
    return hidden ? this.#o.keys.of(label).toUpperCase() : label;
  }

  close(): void {
    if (this.#due !== null) clearTimeout(this.#due);
  }

  onRequest(req: IncomingMessage, res: ServerResponse, to: PageAddress & { readonly mayMove: boolean }): void {
    const url = URL.parse(req.url ?? '/', to.origin);
    const path = url?.pathname ?? '';
    const offered = url?.searchParams.get('t') ?? null;
    const reads = req.method === 'GET' || req.method === 'HEAD';
    const viewer = this.#o.pass.viewerOf(req.headers.cookie);
    // Shows a browser that the name works, and nothing else.
    if (path === '/probe') sendProbe(res);
    else if (!mayReachPage(req, to.origin)) sendText(res, 403, 'Only the page itself may ask this.');
    else if (path === '/' && offered !== null && reads) {
      this.#enter(req, res, { to, offered, stays: !to.mayMove || url?.searchParams.get('here') === '1' });
    } else if (viewer === null && path === '/') sendHtml(res, 401, this.#o.html.notice(NO_LINK));
    else if (viewer === null) sendText(res, 401, NO_LINK.sentence);
    else if (path === '/' && reads) sendHtml(res, 200, this.#page(to));
    else if (path === '/events' && reads) this.#events(res, viewer, to);
    else if (path === '/report' && reads) void this.#report(res, viewer);
    else if (path === '/vote' && req.method === 'POST') void this.#vote(req, res, viewer);
    else sendText(res, 404, 'There is nothing here.');
  }

  #enter(
    req: IncomingMessage,
    res: ServerResponse,
    { to, offered, stays }: { readonly to: PageAddress; readonly offered: string; readonly stays: boolean },
  ): void {
    const { pass, html, home } = this.#o;
    if (!pass.opens(offered)) sendHtml(res, 403, html.notice(NOT_THE_LINK));
    else if (!stays) sendHtml(res, 200, html.entrance({ probe: home }));
    // The page itself and no redirect: after a link from elsewhere a browser would keep a strict cookie back on the way.
    else sendHtml(res, 200, this.#page(to), pass.admit(req.headers.cookie, to.host).setCookie);
  }

  #page(to: PageAddress) {
    const { keys, html, title, blind } = this.#o;
    const frames = keys.labels().map((label) => to.originOf(keys.of(label)));
    return html.page({ title: blind ? '' : title, frames });
  }

  #events(res: ServerResponse, viewer: string, to: PageAddress): void {
    startEvents(res);
    this.#o.viewers.add(res, { id: viewer, host: to.host });
    tell(res, 'state', this.#state(viewer, to));
  }

  async #report(res: ServerResponse, viewer: string): Promise<void> {
    const { reportFile } = this.#o;
    if (reportFile === null || this.#hidden(viewer)) {
      sendText(res, 404, 'There is no report to show.');
      return;
    }
    try {
      sendReport(res, await readFile(reportFile));
    } catch {
      // Removed meanwhile, or not readable.
      sendText(res, 404, 'The report is gone. Create it again: copse compare --html report.html');
    }
  }

  async #vote(req: IncomingMessage, res: ServerResponse, voter: string): Promise<void> {
    const { success, data } = ballot.safeParse(await readJson(req, BODY_BYTES));
    const label = success ? this.#o.keys.labelOf(data.key) : null;
    const json = req.headers['content-type']?.split(';')[0]?.trim() === 'application/json';
    if (!success || !json || label === null || !this.#o.votes.has(label)) {
      sendText(res, 400, 'This is not a vote.');
      return;
    }
    try {
      if (data.favourite) {
        await this.#o.votes.cast({ voter, label, note: data.note, blind: this.#hidden(voter) });
      } else await this.#o.votes.withdraw(voter);
      await this.readVotes();
    } catch {
      // A full or read-only disk: the page shows that, the rest continues.
      sendText(res, 500, 'The vote could not be saved.');
      return;
    }
    sendEmpty(res, 204);
    this.changed();
  }

  #hidden(viewer: string): boolean {
    return isBlindFor({ blind: this.#o.blind, votes: this.#votes, keys: this.#o.keys }, viewer);
  }

  #state(viewer: string, to: PageAddress): PageState {
    const { title, keys, blind, votes, html, reportFile } = this.#o;
    const sources: StateSources = {
      title,
      keys,
      variants: this.#o.variants(),
      votes: this.#votes,
      store: votes,
      blind,
      report: reportFile !== null,
      facts: (variant) => html.facts(variant),
      generationOf: (label) => this.#generations.get(label)?.restarts ?? 0,
    };
    // Only this machine reaches the servers past the page.
    return pageState(sources, { viewer, direct: LOCAL.has(to.host), originOf: (key) => to.originOf(key) });
  }

  #count(): void {
    for (const { label, state } of this.#o.variants()) {
      const before = this.#generations.get(label) ?? { ready: false, restarts: 0 };
      const ready = state === 'ready';
      this.#generations.set(label, { ready, restarts: before.restarts + (ready && !before.ready ? 1 : 0) });
    }
  }
}

const LOCAL = new Set(['copse.localhost', 'localhost', '127.0.0.1', '[::1]']);
const NO_LINK = {
  title: 'copse serve',
  sentence: 'Open the link that copse serve printed: it has the key to this page.',
  detail: '',
} as const;
const NOT_THE_LINK = {
  title: 'copse serve',
  sentence: 'This link belongs to another copse serve. Open the latest link.',
  detail: '',
} as const;
