import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex, Transform } from 'node:stream';
import type { FrameLoaded, PageHtml, PageVariant } from '../../model/reports/served-page.ts';
import { AppAgent } from './app-agent.ts';
import { forward, forwardUpgrade, refuseUpgrade } from './forward.ts';
import type { Route } from './forward-headers.ts';
import { framingRefusal } from './framing.ts';
import { mayOpenSocket, mayReachVariant } from './guard.ts';
import { followScript, isFramed, navigates, SCRIPT_PATH, scriptRefusal } from './own-script.ts';
import type { PageRoutes } from './page-routes.ts';
import type { Pass, Viewer } from './pass.ts';
import { sendFramed, sendHtml, sendScript } from './replies.ts';
import { ScriptInsert } from './script-insert.ts';
import type { VariantKeys } from './variant-keys.ts';
import type { Viewers } from './viewers.ts';

/** A variant as a request reached it. */
export interface Reached {
  readonly key: string;
  readonly origin: string;
  /** Origin of the page that frames it. */
  readonly page: string;
  readonly byPort: boolean;
}

interface Options {
  readonly keys: VariantKeys;
  readonly pass: Pass;
  readonly pages: PageRoutes;
  readonly viewers: Viewers;
  readonly html: PageHtml;
  variants(): readonly PageVariant[];
}

interface Found {
  readonly label: string;
  readonly variant: PageVariant;
}

/** Requests that may pass to the variants' servers, and events for the page. */
export class VariantRoutes {
  readonly #o: Options;
  readonly #agent = new AppAgent();

  constructor(o: Options) {
    this.#o = o;
  }

  onRequest(req: IncomingMessage, res: ServerResponse, to: Reached): void {
    const found = this.#find(to);
    const viewer = this.#o.pass.viewerOf(req.headers.cookie);
    if (found === null) this.#refuse(res, 404, 'No variant has this address.');
    else if (viewer === null) this.#refuse(res, 401, 'Open the link that copse serve printed first.');
    else if (!mayReachVariant(req, to.origin)) this.#refuse(res, 403, 'Only this variant itself may ask this.');
    // `GET http://elsewhere/` and the like are for proxies of another kind.
    else if (!(req.url ?? '').startsWith('/')) this.#refuse(res, 400, 'This is no path.');
    else if (req.url === SCRIPT_PATH && req.method === 'GET') sendScript(res, followScript(to.page));
    else if (!mayRun(found.variant)) this.#sayDown(res, { to, viewer, ...found });
    else this.#forward(req, res, { to, viewer, ...found });
  }

  #refuse(res: ServerResponse, status: number, sentence: string): void {
    sendHtml(res, status, this.#o.html.notice({ title: 'copse serve', sentence, detail: '' }));
  }

  #forward(req: IncomingMessage, res: ServerResponse, o: Found & { readonly to: Reached; readonly viewer: Viewer }): void {
    const { to, variant } = o;
    const isDocument = navigates(req);
    forward(req, res, {
      route: routeOf(to, variant),
      agent: this.#agent,
      isDocument,
      onResponse: (response) => {
        const status = response.statusCode ?? 0;
        if (status >= 300 && status < 400) return null;
        if (isFramed(req) && (isDocument || loadsByForm(req))) return this.#onDocument(req, response, o);
        // A service worker keeps documents that it shows later.
        const kept = req.method === 'GET' && req.headers['sec-fetch-dest'] === 'empty' && status === 200;
        return kept && scriptRefusal(response.headers, to.origin) === '' ? new ScriptInsert(to.origin, () => {}) : null;
      },
      onFailure: () => this.#sayDown(res, o),
    });
  }

  /** A frame loads a document: its viewer's page hears where it is, and whether our script is in it. */
  #onDocument(
    req: IncomingMessage,
    response: IncomingMessage,
    { to, viewer }: { readonly to: Reached; readonly viewer: Viewer },
  ): Transform | null {
    const loaded: FrameLoaded = {
      key: to.key,
      path: req.method === 'GET' ? (req.url ?? '/') : '',
      refusal: framingRefusal(response.headers, to.page) ?? '',
      deaf: scriptRefusal(response.headers, to.origin),
    };
    const tell = (what: FrameLoaded): void => this.#o.viewers.send('at', ({ id }) => (id === viewer.id ? what : null));
    tell(loaded);
    if (loaded.deaf !== '' || req.method !== 'GET') return null;
    return new ScriptInsert(to.origin, (deaf) => tell({ ...loaded, deaf }));
  }

  #sayDown(res: ServerResponse, { to, viewer, label }: Found & { readonly to: Reached; readonly viewer: Viewer }): void {
    const name = this.#o.pages.nameFor(viewer, label);
    const sentence = `${name} does not answer.`;
    sendFramed(res, 502, this.#o.html.notice({ title: name, sentence, detail: '' }), to.page);
  }

  onUpgrade(req: IncomingMessage, socket: Duplex, head: Buffer, to: Reached): void {
    const found = this.#find(to);
    if (found === null) refuseUpgrade(socket, 404);
    else if (this.#o.pass.viewerOf(req.headers.cookie) === null) refuseUpgrade(socket, 401);
    else if (!mayOpenSocket(req, to.origin)) refuseUpgrade(socket, 403);
    // Not `h2c` and its like, which would carry requests past us.
    else if (req.headers.upgrade?.toLowerCase() !== 'websocket' || req.method !== 'GET' || !(req.url ?? '').startsWith('/')) {
      refuseUpgrade(socket, 400);
    } else if (!mayRun(found.variant)) refuseUpgrade(socket, 502);
    else forwardUpgrade(req, socket, head, { route: routeOf(to, found.variant) });
  }

  close(): void {
    this.#agent.destroy();
  }

  #find({ key }: Reached): Found | null {
    const label = this.#o.keys.labelOf(key);
    const variant = this.#o.variants().find((one) => one.label === label);
    return label === null || variant === undefined ? null : { label, variant };
  }
}

/** A form's answer is a document of the frame too; only its own browser says so. */
const loadsByForm = ({ headers }: IncomingMessage): boolean =>
  headers['sec-fetch-dest'] === 'iframe' && headers['sec-fetch-mode'] === 'navigate';

/** Whether what listens on its port may be its server: another program may have the port of one that is down, and 0 would mean 80. */
const mayRun = ({ state, port }: PageVariant): boolean => port !== 0 && state !== 'failed' && state !== 'stopped';

const routeOf = ({ key, origin, byPort }: Reached, { port }: PageVariant): Route => ({ key, origin, byPort, port });
