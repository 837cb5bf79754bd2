import { Listr, ListrEventType } from 'listr2';
import type { Clock } from '../../model/clock.ts';
import type { VariantName } from '../../model/ids.ts';
import type { RunState } from '../../model/run-state/state.ts';
import type { Screen } from '../kit/screen.ts';
import { activityText } from './activity-text.ts';
import { FrameRenderer, type TaskRow } from './frame-renderer.ts';
import { type FrameStream, SHOW_CURSOR } from './frame-writer.ts';
import { renderLive } from './render-live.ts';
import { VariantTask } from './variant-task.ts';

export interface LiveViewOptions {
  /** The terminal, stderr as a rule. */
  readonly stream: FrameStream;
  /** Asked at every frame, so that a resize needs no event. */
  readonly screen: () => Screen;
  readonly now: () => Date;
  /** Between two frames; see `Clock`. */
  readonly sleep: Clock['sleep'];
  /** The present actions of the keys. */
  readonly hints: () => readonly string[];
}

/**
 * Live view of one run.
 *
 * Each variant is a listr2 task, which the state drives from outside. Nothing of it survives a crash, nothing needs to: the next view
 * draws from the event log. `restore` belongs into an exit hook.
 */
export class LiveView {
  readonly #o: LiveViewOptions;
  readonly #tasks = new Map<VariantName, VariantTask>();
  #state: RunState | null = null;
  #listr: Listr<void, typeof FrameRenderer, typeof FrameRenderer> | null = null;
  #running: Promise<void> | null = null;
  #renderer: FrameRenderer | null = null;
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
    this.#refresh();
    if (before?.phase !== state.phase) this.redraw();
  }

  /** Asks for a frame: after a resize that the stream does not announce, or when the hints changed. */
  redraw(): void {
    this.#listr?.events.emit(ListrEventType.SHOULD_REFRESH_RENDER);
  }

  /** Puts `text` above the view, where it stays. */
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

  /** Ends the view. The last frame stays, or `final` replaces it. */
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
    this.#renderer.end();
    for (const task of this.#tasks.values()) task.close();
    await this.#running;
    this.#stopped = true;
    if (final !== undefined) this.#renderer.replaceWith(final);
  }

  #start(state: RunState): void {
    for (const variant of state.variants) this.#tasks.set(variant.name, new VariantTask(variant));
    this.#refresh();
    this.#listr = new Listr(
      [...this.#tasks.values()].map((task) => task.definition()),
      {
        concurrent: true,
        exitOnError: false,
        // Its SIGINT handler ends in process.exit(127); keys and signals are the command's.
        registerSignalListeners: false,
        renderer: FrameRenderer,
        fallbackRenderer: FrameRenderer,
        rendererOptions: {
          stream: this.#o.stream,
          size: this.#o.screen,
          refresh: () => this.#refresh(),
          paint: (rows, frame) => this.#paint(rows, frame),
          sleep: this.#o.sleep,
          onReady: (renderer) => {
            this.#renderer = renderer;
          },
        },
      },
    );
    this.#running = this.#listr.run();
  }

  #refresh(): void {
    const state = this.#state;
    const moment = { ...this.#o.screen(), now: this.#o.now() };
    for (const variant of state?.variants ?? []) {
      if (state !== null) this.#tasks.get(variant.name)?.update(variant, activityText(variant, state, moment));
    }
  }

  #paint(tasks: readonly TaskRow[], frame: number): readonly string[] {
    const { now, hints, screen } = this.#o;
    const state = this.#state;
    if (state === null) return [];
    const rows = tasks.flatMap(({ title, ...row }) =>
      state.variants.filter(({ name }) => name === title).map((variant) => ({ variant, ...row })),
    );
    return renderLive(state, rows, { ...screen(), now: now(), hints: hints(), frame });
  }
}
