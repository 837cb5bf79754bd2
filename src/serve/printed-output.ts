import { plainText } from '../text/plain-text.ts';

/** Enough for a text that arrives in two parts. */
const CARRIED = 4_096;
/** Addresses of this machine, with a port. */
const LOCAL_URL = /\bhttps?:\/\/(?:[\w-]+\.)*(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\]):(\d{2,5})\b/gi;

/** The output of a starting server: whether a text came, and the ports in its addresses. */
export class PrintedOutput {
  readonly #wanted: string | null;
  readonly #ports = new Set<number>();
  #carried = '';
  #seen = false;

  /** `wanted`: a text to look for. */
  constructor(wanted: string | null) {
    this.#wanted = wanted;
  }

  get seen(): boolean {
    return this.#seen;
  }

  /** Ports of the local addresses that it named. */
  get ports(): ReadonlySet<number> {
    return this.#ports;
  }

  push(chunk: Buffer): void {
    // There can be colours within addresses: http://localhost:ESC[1m5173ESC[22m/
    const text = this.#carried + plainText(chunk.toString('utf8'));
    if (this.#wanted !== null && text.includes(this.#wanted)) this.#seen = true;
    for (const [, port] of text.matchAll(LOCAL_URL)) this.#ports.add(Number(port));
    this.#carried = text.slice(-CARRIED);
  }
}
