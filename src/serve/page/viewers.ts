import type { ServerResponse } from 'node:http';

/** Proxies and phones close a connection on which nothing comes. */
const HEARTBEAT_MS = 15_000;

interface Viewer {
  readonly id: string;
  readonly host: string;
  readonly response: ServerResponse;
}

/** Open pages, each updated over server-sent events. */
export class Viewers {
  readonly #open = new Set<Viewer>();
  readonly #heartbeat = setInterval(() => {
    for (const { response } of this.#open) response.write(':\n\n');
  }, HEARTBEAT_MS).unref();

  add(response: ServerResponse, o: { readonly id: string; readonly host: string }): void {
    const viewer = { ...o, response };
    this.#open.add(viewer);
    response.once('close', () => this.#open.delete(viewer));
    response.on('error', () => {
      // It has gone; `close` follows.
    });
  }

  /** Sends to each open page what `event` makes for it; null: nothing. */
  send(name: string, event: (viewer: { readonly id: string; readonly host: string }) => unknown): void {
    for (const viewer of this.#open) {
      const data = event(viewer);
      if (data !== null) tell(viewer.response, name, data);
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
