import type { Screen } from '../kit/screen.ts';
import { styleFor } from '../kit/style.ts';
import { truncate } from '../kit/width.ts';
import { type FrameStream, FrameWriter, HIDE_CURSOR, SHOW_CURSOR } from '../live/frame-writer.ts';
import { type ShownServer, serveList } from './serve-list.ts';

const FRAME_MS = 100;

export interface ServeLiveOptions {
  readonly stream: FrameStream;
  readonly screen: () => Screen;
  readonly servers: () => readonly ShownServer[];
  /** A line below the list: what the keys do. */
  readonly hint: () => string;
}

/** The list of servers in place on a terminal, drawn when something changes, and while something moves. */
export class ServeLive {
  readonly #o: ServeLiveOptions;
  readonly #frames: FrameWriter;
  readonly #redraw = (): void => this.draw();
  #timer: NodeJS.Timeout | null = null;
  #frame = 0;
  #closed = false;

  constructor(o: ServeLiveOptions) {
    this.#o = o;
    this.#frames = new FrameWriter(o.stream);
    this.#frames.write(HIDE_CURSOR);
    o.stream.on?.('resize', this.#redraw);
    this.draw();
  }

  draw(): void {
    if (!this.#closed) this.#draw([this.#o.hint()]);
  }

  #draw(hints: readonly string[]): void {
    const servers = this.#o.servers();
    const moving = servers.some(({ state }) => state === 'starting' || state === 'restarting');
    if (moving && this.#timer === null) {
      this.#timer = setInterval(() => {
        this.#frame += 1;
        this.draw();
      }, FRAME_MS);
    } else if (!moving && this.#timer !== null) {
      clearInterval(this.#timer);
      this.#timer = null;
    }
    const screen = this.#o.screen();
    const lines = serveList(servers, { ...screen, frame: this.#frame });
    // The top of a frame that is higher than the screen cannot be drawn over.
    const room = Math.max(1, screen.rows - 2);
    const shown = lines.length > room ? lines.slice(0, room) : lines;
    const below = hints.map((hint) => styleFor(screen).dim(truncate(`  ${hint}`, screen.columns, '')));
    this.#frames.draw([...shown, ...below], screen);
  }

  /** The last frame stays, without what keys no longer do. */
  close(): void {
    if (this.#closed) return;
    this.#draw([]);
    this.#closed = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#o.stream.off?.('resize', this.#redraw);
    this.restore();
  }

  /** Gives the terminal its cursor back: for an exit hook. */
  restore(): void {
    this.#frames.write(SHOW_CURSOR);
  }
}
