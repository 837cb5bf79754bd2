import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PageHtml, PageState, PageVariant, VoteStore } from '../../model/reports/served-page.ts';
import { mayReachPage } from './guard.ts';
import { Meeting } from './meeting.ts';
import { pageState } from './page-state.ts';
import type { Pass, Viewer } from './pass.ts';
import { sendEmpty, sendHtml, sendPicture, sendProbe, sendReport, sendText, startEvents } from './replies.ts';
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
  readonly html: PageHtml;
  /** Origin of the page under its name. */
  readonly home: string;
  /** Makes the report as things are now. CopseErrors if git or the disk refuse; null: there is none. */
  readonly report: (() => Promise<Uint8Array>) | null;
  at(host: string): PageAddress;
  links(): readonly string[];
  variants(): readonly PageVariant[];
  /** Starts the server of a label again. */
  start(label: string): void;
  /** What the server of a label has printed, the newest part. */
  log(label: string): Promise<string>;
  /** Something may have changed beside us. */
  refresh(): Promise<void>;
}

/** A restart changes several things at once. */
const GATHER_MS = 20;

/** The page's own addresses. Those that change something are {@link Meeting}'s. */
export class PageRoutes {
  readonly #o: Options;
  readonly #meeting: Meeting;
  readonly #generations = new Map<string, { ready: boolean; restarts: number }>();
  /** Tells the starts of servers under this process from those under an earlier one. */
  readonly #era = randomBytes(4).toString('hex');
  #report: Promise<Uint8Array> | null = null;
  #due: NodeJS.Timeout | null = null;

  constructor(o: Options) {
    this.#o = o;
    this.#meeting = new Meeting({ ...o, changed: () => this.changed() });
    this.#count();
  }

  async readVotes(): Promise<void> {
    await this.#meeting.read();
  }

  /** Something about the variants has changed: all open pages are updated. */
  changed(): void {
    this.#count();
    this.#due ??= setTimeout(() => {
      this.#due = null;
      this.#o.viewers.send('state', ({ host, ...viewer }) => this.#state(viewer, this.#o.at(host)));
    }, GATHER_MS);
  }

  nameFor(viewer: Viewer, label: string): string {
    return this.#meeting.isBlindFor(viewer) ? this.#o.keys.of(label).toUpperCase() : label;
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
    } else if (viewer === null) this.#sendNotice(res, 401, NO_LINK);
    else if (!reads && req.method !== 'POST') sendText(res, 405, 'This is not asked for that way.');
    else if (req.method === 'POST') void this.#meeting.onPost(path, req, res, viewer);
    else if (path === '/') sendHtml(res, 200, this.#page(to));
    else if (path === '/events') this.#events(res, viewer, to);
    else if (path === '/report') void this.#sendReport(res, viewer);
    else if (path === '/log') void this.#sendLog(res, viewer, url?.searchParams.get('key') ?? '');
    else if (path === '/code.svg') void this.#sendCode(res, viewer, Number(url?.searchParams.get('link') ?? 0));
    else this.#sendNotice(res, 404, NOTHING_HERE);
  }

  #enter(
    req: IncomingMessage,
    res: ServerResponse,
    { to, offered, stays }: { readonly to: PageAddress; readonly offered: string; readonly stays: boolean },
  ): void {
    const { pass, html, home } = this.#o;
    const role = pass.opens(offered);
    if (role === null) this.#sendNotice(res, 403, NOT_THE_LINK);
    else if (!stays) sendHtml(res, 200, html.entrance({ probe: home }));
    // The page itself and no redirect: after a link from elsewhere a browser would keep a strict cookie back on the way.
    else sendHtml(res, 200, this.#page(to), pass.admit(req.headers.cookie, to.host, role).setCookie);
  }

  #sendNotice(res: ServerResponse, status: number, notice: { readonly title: string; readonly sentence: string }): void {
    sendHtml(res, status, this.#o.html.notice({ detail: '', ...notice }));
  }

  #page(to: PageAddress) {
    const { html, title, blind } = this.#o;
    return html.page({ title: blind ? '' : title, frames: this.#frames(to), build: this.#build(to) });
  }

  #frames(to: PageAddress): string[] {
    const { keys } = this.#o;
    return keys.labels().map((label) => to.originOf(keys.of(label)));
  }

  #build(to: PageAddress): string {
    const { html } = this.#o;
    return createHash('sha256')
      .update([html.build, ...this.#frames(to)].join(' '))
      .digest('hex')
      .slice(0, 12);
  }

  #events(res: ServerResponse, viewer: Viewer, to: PageAddress): void {
    startEvents(res);
    this.#o.viewers.add(res, { ...viewer, host: to.host });
    tell(res, 'state', this.#state(viewer, to));
    const { lead } = this.#meeting;
    if (lead !== null) tell(res, 'lead', lead);
    res.once('close', () => this.#meeting.left(viewer));
    // Commits made since are seen when someone looks.
    void this.#o.refresh();
  }

  /** The same for all that open it at once. */
  async #sendReport(res: ServerResponse, viewer: Viewer): Promise<void> {
    const { report } = this.#o;
    if (report === null || this.#meeting.isBlindFor(viewer)) return this.#sendNotice(res, 404, NO_REPORT);
    this.#report ??= report().finally(() => {
      this.#report = null;
    });
    try {
      sendReport(res, await this.#report);
    } catch {
      // git or the disk refuse; the command has said so.
      this.#sendNotice(res, 500, REPORT_FAILED);
    }
  }

  async #sendLog(res: ServerResponse, viewer: Viewer, key: string): Promise<void> {
    const label = this.#o.keys.labelOf(key);
    if (viewer.role !== 'owner' || label === null) return this.#sendNotice(res, 404, NOTHING_HERE);
    try {
      sendText(res, 200, await this.#o.log(label));
    } catch {
      // It has printed nothing yet, or its file is gone.
      sendText(res, 404, 'There is no log.');
    }
  }

  async #sendCode(res: ServerResponse, viewer: Viewer, at: number): Promise<void> {
    const link = viewer.role === 'owner' ? this.#o.links()[at] : undefined;
    if (link === undefined) sendEmpty(res, 404);
    else sendPicture(res, await this.#o.html.code(link));
  }

  #state(viewer: Viewer, to: PageAddress): PageState {
    const { title, keys, blind, votes, html, report } = this.#o;
    return pageState(
      {
        title,
        keys,
        variants: this.#o.variants(),
        ...this.#meeting.settled,
        store: votes,
        blind,
        report: report !== null,
        links: this.#o.links(),
        presenter: this.#meeting.presenter,
        build: this.#build(to),
        facts: (variant) => html.facts(variant),
        generationOf: (label) => `${this.#era}.${this.#generations.get(label)?.restarts ?? 0}`,
      },
      // Only this machine reaches the servers past the page.
      { viewer, direct: LOCAL.has(to.host), originOf: (key) => to.originOf(key) },
    );
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
  title: 'This page needs its link',
  sentence: 'Open the link that copse serve printed, or scan its code: the link has the key to this page.',
} as const;
const NOT_THE_LINK = {
  title: 'This link is no longer valid',
  sentence: 'It belongs to another run, or to an earlier one. Open the link that copse serve prints now.',
} as const;
const NOTHING_HERE = { title: 'There is nothing here', sentence: 'The page is at the address without a path.' } as const;
const NO_REPORT = { title: 'There is no report to show', sentence: 'In a blind vote it is shown after you have voted.' } as const;
const REPORT_FAILED = {
  title: 'The report could not be made',
  sentence: 'The terminal of copse serve has the reason. Create it yourself: copse compare --html report.html',
} as const;
