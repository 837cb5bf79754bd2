import type { ServerResponse } from 'node:http';
import type { Viewer } from './pass.ts';

/** Proxies and phones close a connection on which nothing comes. */
const HEARTBEAT_MS = 15_000;

/** An open page. */
export interface OpenPage extends Viewer {
  readonly host: string;
}

/** Open pages, each updated over server-sent events. */
export class Viewers {
  readonly #open = new Set<{ readonly page: OpenPage; readonly response: ServerResponse }>();
  readonly #heartbeat = setInterval(() => {
    for (const { response } of this.#open) response.write(':\n\n');
  }, HEARTBEAT_MS).unref();

  add(response: ServerResponse, page: OpenPage): void {
    const viewer = { page, response };
    this.#open.add(viewer);
    response.once('close', () => this.#open.delete(viewer));
    response.on('error', () => {
      // It has gone; `close` follows.
    });
  }

  has(id: string): boolean {
    return [...this.#open].some(({ page }) => page.id === id);
  }

  /** Sends to each open page what `event` makes for it; null: nothing. */
  send(name: string, event: (viewer: OpenPage) => unknown): void {
    for (const { page, response } of this.#open) {
      const data = event(page);
      if (data !== null) tell(response, name, data);
    }
  }

  close(): void {
    clearInterval(this.#heartbeat);
    for (const { response } of this.#open) response.end();
    this.#open.clear();
  }
}

/** JSON has no line break, which would end the event. */
export function tell(response: ServerResponse, name: string, data: unknown): void {
  response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
}
