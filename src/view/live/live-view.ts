import { Listr, ListrEventType, type ListrTask, type ListrTaskWrapper } from 'listr2';
import type { Clock } from '../../model/clock.ts';
import type { VariantName } from '../../model/ids.ts';
import type { RunState, VariantState } from '../../model/run-state/state.ts';
import type { Screen } from '../kit/screen.ts';
import { isActive } from '../kit/variant-facts.ts';
import { activityText } from './activity-text.ts';
import { FrameRenderer } from './frame-renderer.ts';
import { type FrameStream, SHOW_CURSOR } from './frame-writer.ts';
import { renderLive } from './render-live.ts';

export interface LiveViewOptions {
  /** The terminal, stderr as a rule. */
  readonly stream: FrameStream;
  /** Asked at every frame, so that a resize needs nobody to tell. */
  readonly screen: () => Screen;
  readonly now: () => Date;
  /** Between two frames; see `Clock`. */
  readonly sleep: Clock['sleep'];
  /** What the keys do at present. */
  readonly hints: () => readonly string[];
}

type Task = ListrTaskWrapper<void, typeof FrameRenderer, typeof FrameRenderer>;

/**
 * Live view of one run.
 *
 * listr2 holds one task per variant; this is the outside that drives them. A task stays open until the view stops, because a
 * retry may reopen a variant that had finished. Nothing of it survives a crash, nothing needs to: the next view draws from
 * the event log. `restore` belongs into an exit hook.
 */
export class LiveView {
  readonly #o: LiveViewOptions;
  readonly #tasks = new Map<VariantName, Task>();
  readonly #drawn = new Map<VariantName, VariantState>();
  #state: RunState | null = null;
  #listr: Listr<void, typeof FrameRenderer, typeof FrameRenderer> | null = null;
  #running: Promise<void> | null = null;
  #renderer: FrameRenderer | null = null;
  #close: () => void = () => {};
  #stopped = false;

  constructor(o: LiveViewOptions) {
    this.#o = o;
  }

  /** Shows `state`; the first call starts drawing. */
  update(state: RunState): void {
    if (this.#stopped) return;
    const before = this.#state;
    this.#state = state;
    if (this.#listr === null) {
      this.#start(state);
      return;
    }
    for (const variant of state.variants) {
      const task = this.#tasks.get(variant.name);
      if (task === undefined || this.#drawn.get(variant.name) === variant) continue;
      this.#drawn.set(variant.name, variant);
      task.output = activityText(variant, state, { now: this.#o.now() });
    }
    if (before?.phase !== state.phase) this.redraw();
  }

  /** Asks for a frame: after a resize that the stream does not announce, or when the hints changed. */
  redraw(): void {
    this.#listr?.events.emit(ListrEventType.SHOULD_REFRESH_RENDER);
  }

  /** Puts `text` above the view, for good. */
  print(text: string): void {
    if (this.#renderer === null) this.#o.stream.write(text);
    else this.#renderer.replaceWith(text);
    this.redraw();
  }

  /** Before the process stops itself (Ctrl-Z): no more frames, the cursor back. */
  suspend(): void {
    this.#renderer?.suspend();
  }

  /** After SIGCONT: draws again below what was written meanwhile. */
  resume(): void {
    this.#renderer?.resume();
  }

  /** Gives the cursor back, at once and synchronously; for an exit hook. Harmless when there is nothing to give back. */
  restore(): void {
    if (this.#renderer !== null && !this.#stopped) this.#o.stream.write(SHOW_CURSOR);
  }

  /** Ends the view. The last frame stays, or `final` stands in its place. */
  async stop(final?: string): Promise<void> {
    if (this.#stopped) {
      await this.#running;
      return;
    }
    if (this.#renderer === null) {
      this.#stopped = true;
      if (final !== undefined) this.#o.stream.write(final);
      return;
    }
    this.#close();
    await this.#running;
    this.#stopped = true;
    if (final !== undefined) this.#renderer.replaceWith(final);
  }

  #start(state: RunState): void {
    const closed = new Promise<void>((resolve) => {
      this.#close = resolve;
    });
    const tasks = state.variants.map(
      (variant): ListrTask<void, typeof FrameRenderer, typeof FrameRenderer> => ({
        title: variant.name,
        task: (_, task): Promise<void> => {
          this.#tasks.set(variant.name, task);
          return closed;
        },
      }),
    );
    this.#listr = new Listr(tasks, {
      concurrent: true,
      exitOnError: false,
      // Its SIGINT handler ends in process.exit(127); keys and signals are the command's.
      registerSignalListeners: false,
      renderer: FrameRenderer,
      fallbackRenderer: FrameRenderer,
      rendererOptions: {
        stream: this.#o.stream,
        size: this.#o.screen,
        paint: (frame) => this.#paint(frame),
        sleep: this.#o.sleep,
        animated: () => this.#state?.variants.some(isActive) ?? false,
        onReady: (renderer) => {
          this.#renderer = renderer;
        },
      },
    });
    this.#running = this.#listr.run();
  }

  #paint(frame: number): readonly string[] {
    const { now, hints, screen } = this.#o;
    return this.#state === null ? [] : renderLive(this.#state, { ...screen(), now: now(), hints: hints(), frame });
  }
}
