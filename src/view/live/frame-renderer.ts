import { type ListrEventManager, ListrEventType, type ListrTaskObject } from 'listr2';
import { BEAT_MS } from '../../model/beat.ts';
import type { Clock } from '../../model/clock.ts';
import { type FrameStream, FrameWriter, HIDE_CURSOR, SHOW_CURSOR, type Size } from './frame-writer.ts';
import type { WorkState } from './work-mark.ts';

/** The interval of a spinner. listr2's own renderer writes at every event, 610 times a second at 20 tasks. */
export const FRAME_MS = BEAT_MS;
/** While nothing spins only clocks change. */
const IDLE_MS = 1000;

export interface FrameRendererOptions {
  readonly stream: FrameStream;
  readonly size: () => Size;
  /** Called before each frame: a task's text may depend on the time. */
  readonly refresh: () => void;
  /** Lines for these rows; `frame` counts up by one per drawing. */
  readonly paint: (rows: readonly TaskRow[], frame: number) => readonly string[];
  /** Between two frames; see `Clock`. */
  readonly sleep: Clock['sleep'];
  /** The renderer, once listr2 has made it. */
  readonly onReady: (renderer: FrameRenderer) => void;
}

/** The fields that are read of a listr2 task. */
interface Task {
  readonly title?: string;
  readonly state: WorkState;
  readonly output?: string;
  readonly subtasks?: readonly Task[];
  isStarted(): boolean;
}

export interface TaskRow {
  readonly title: string;
  readonly work: WorkState;
  readonly activity: string;
}

/** If a step is under way, it says what the task does. */
function rowOf(task: Task): TaskRow {
  const shown = task.subtasks?.find((step) => step.isStarted()) ?? task;
  return { title: task.title ?? '', work: task.state, activity: shown.output ?? '' };
}

/**
 * Renderer for listr2 that draws one frame per {@link FRAME_MS}, whatever the number of events, and none while the terminal takes no
 * more (Ctrl-S, a slow line). It touches no other stream than its own.
 */
export class FrameRenderer {
  // listr2 looks at stdout alone to choose a renderer; ours writes to stderr and is only made for a terminal.
  static readonly nonTTY = true;
  static readonly rendererOptions: FrameRendererOptions;
  static readonly rendererTaskOptions: never;

  readonly #tasks: readonly Task[];
  readonly #o: FrameRendererOptions;
  readonly #writer: FrameWriter;
  readonly #events: ListrEventManager | undefined;
  #timer: NodeJS.Timeout | null = null;
  #pause: AbortController | null = null;
  #due = 0;
  #last = Number.NEGATIVE_INFINITY;
  #frame = 0;
  #state: 'new' | 'drawing' | 'suspended' | 'ended' = 'new';
  #full = false;

  // biome-ignore lint/suspicious/noExplicitAny: listr2 types its tasks by the renderer's class, which is this one
  constructor(tasks: readonly ListrTaskObject<any>[], options: FrameRendererOptions, events?: ListrEventManager) {
    this.#tasks = tasks;
    this.#o = options;
    this.#events = events;
    this.#writer = new FrameWriter(options.stream);
  }

  render(): void {
    this.#state = 'drawing';
    this.#events?.on(ListrEventType.SHOULD_REFRESH_RENDER, this.#refresh);
    this.#o.stream.on?.('resize', this.#refresh);
    this.#o.stream.on?.('drain', this.#drained);
    this.#writer.write(HIDE_CURSOR);
    this.#o.onReady(this);
    this.#draw();
  }

  /** Draws the last frame and gives the cursor back. */
  end(): void {
    if (this.#state === 'ended') return;
    if (this.#state === 'drawing') this.#paint();
    this.#state = 'ended';
    this.#cancel();
    this.#events?.off(ListrEventType.SHOULD_REFRESH_RENDER, this.#refresh);
    this.#o.stream.off?.('resize', this.#refresh);
    this.#o.stream.off?.('drain', this.#drained);
    this.#writer.write(SHOW_CURSOR);
  }

  /** Puts `text` in place of the frame; the next frame is below it. */
  replaceWith(text: string): void {
    this.#writer.replaceWith(text, this.#o.size());
  }

  /** Stops drawing and gives the cursor back (Ctrl-Z). */
  suspend(): void {
    if (this.#state !== 'drawing') return;
    this.#state = 'suspended';
    this.#cancel();
    this.#writer.write(SHOW_CURSOR);
  }

  /** Draws again, below whatever was written meanwhile. */
  resume(): void {
    if (this.#state !== 'suspended') return;
    this.#state = 'drawing';
    this.#writer.forget();
    this.#writer.write(HIDE_CURSOR);
    this.#draw();
  }

  readonly #refresh = (): void => {
    this.#schedule(FRAME_MS);
  };

  readonly #drained = (): void => {
    this.#full = false;
    this.#schedule(FRAME_MS);
  };

  #schedule(interval: number): void {
    if (this.#state !== 'drawing' || this.#full) return;
    const due = this.#last + interval;
    if (this.#timer !== null || this.#pause !== null) {
      if (due >= this.#due) return;
      this.#cancel();
    }
    this.#due = due;
    const now = performance.now();
    // A frame after the other is drawn on the beat on which the run is looked at.
    if (due - now > FRAME_MS / 2 && interval === FRAME_MS) {
      const pause = new AbortController();
      this.#pause = pause;
      void this.#o.sleep(FRAME_MS, pause.signal).then(() => {
        if (!pause.signal.aborted) this.#draw();
      });
      return;
    }
    this.#timer = setTimeout(() => this.#draw(), Math.max(0, due - now));
    // The view never keeps the process alive: following the log does.
    this.#timer.unref();
  }

  #cancel(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#pause?.abort();
    this.#timer = null;
    this.#pause = null;
  }

  #draw(): void {
    this.#cancel();
    this.#last = performance.now();
    this.#full = !this.#paint();
    this.#schedule(this.#tasks.some((task) => task.isStarted()) ? FRAME_MS : IDLE_MS);
  }

  #paint(): boolean {
    this.#frame += 1;
    this.#o.refresh();
    return this.#writer.draw(this.#o.paint(this.#tasks.map(rowOf), this.#frame), this.#o.size());
  }
}
