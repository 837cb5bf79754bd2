import { loadSettings } from '../../config/settings/load-settings.ts';
import { CopseError } from '../../model/errors.ts';
import { EXIT, type ExitCode } from '../../model/exit-code.ts';
import type { VariantName } from '../../model/ids.ts';
import { entriesOf } from '../../model/notice.ts';
import type { RunEvent } from '../../model/run-state/events.ts';
import type { RunState } from '../../model/run-state/state.ts';
import type { Here } from '../../repository/current-repository.ts';
import { readRun } from '../../repository/read-runs.ts';
import { runNow } from '../../repository/run-now.ts';
import { ask } from '../../run/watch/ask-supervisor.ts';
import { exitOf } from '../../run/watch/exit-of-run.ts';
import { type FollowEnd, type FollowOptions, followRun, ring } from '../../run/watch/follow-run.ts';
import { lastWords } from '../../run/watch/last-words.ts';
import { planHints } from '../../run/watch/plan-hints.ts';
import { type KeyWatch, watchKeys } from '../../run/watch/watch-keys.ts';
import type { LiveView } from '../../view/live/live-view.ts';
import { plainLine } from '../../view/live/plain-line.ts';
import { summaryText } from '../../view/run/summary-text.ts';
import { type Context, drawsInPlace, type OptionSpec, type StopSignal } from '../command.ts';
import { forReader } from '../refuse-agent.ts';
import { writeOut } from '../write-out.ts';
import * as say from './watch-messages.ts';

/** Of every verb that follows a run which it started. */
export const STOP_ON_EXIT = {
  kind: 'flag',
  summary: 'SIGTERM and SIGHUP stop the run, as in CI; otherwise it keeps running',
} as const satisfies OptionSpec;

export interface WatchOptions {
  readonly here: Here;
  readonly run: string;
  /** Whether Ctrl-C stops the run (`run`, `retry`, `resume`) or only leaves it (`attach`). */
  readonly owner: boolean;
  /** SIGTERM and SIGHUP stop the run as well, as they always do in CI, where no one can return to it. */
  readonly stopOnExit?: boolean;
  /** Events as JSON lines on stdout, in place of anything for people. */
  readonly json: boolean;
  /** Whose end decides the exit code; absent: all of the run. */
  readonly judged?: readonly VariantName[];
  /** Events up to this sequence number are not shown again. */
  readonly afterSeq?: number;
}

/**
 * Follows a run for a person, or a script, until it ends or they leave. Leaving ends no run unless the two are tied: a program
 * that gives up waiting (an agent's shell after two minutes, `timeout`) does not mean the agents.
 */
export async function watchRun(o: WatchOptions, context: Context): Promise<ExitCode> {
  const { here, run } = o;
  const { paths } = await readRun(here.store, run);
  const leave = new AbortController();
  const launcher = context;
  const stopper = new Stopper(async (force) => {
    await ask(here.store, paths, run, { kind: 'stop', variants: [], force }, launcher);
  });
  const show = await openShow(o, context, () => stopper.asked);
  const onInterrupt = (): void => {
    if (o.owner) stopper.ask();
    else leave.abort();
    show.redraw();
  };
  const tied = o.owner && (o.stopOnExit === true || context.ci);
  let ended: StopSignal | null = null;
  const releaseSignals = context.onSignal((signal) => {
    if (signal === 'SIGINT') return onInterrupt();
    ended = signal;
    if (tied) stopper.ask();
    else leave.abort();
  });
  const keys: KeyWatch | null =
    show.live && context.interactive
      ? watchKeys({ onInterrupt, onLeave: () => leave.abort(), onSuspend: () => show.suspend(), onContinue: () => show.resume() })
      : null;
  try {
    const end = await followRun(paths, {
      clock: context.clock,
      signal: leave.signal,
      history: show.history,
      onEvents: (events, state) => show.events(events, state),
    });
    await show.close();
    await stopper.settled();
    return await conclude(end, o, context, ended);
  } finally {
    keys?.close();
    releaseSignals();
    await show.close();
  }
}

async function conclude(end: FollowEnd, o: WatchOptions, context: Context, ended: StopSignal | null): Promise<ExitCode> {
  if (end.kind === 'left') {
    if (!o.json) context.stderr.write(`${say.goesOn(o.run)}\n`);
    return ended === null ? EXIT.ok : EXIT.terminated;
  }
  if (!o.json) {
    const screen = context.screen('stdout');
    const hints = await planHints((await readRun(o.here.store, o.run)).paths);
    const git = await runNow(o.here, end.state);
    context.stdout.write(
      `${summaryText(forReader(end.state, context), { ...screen, commands: context.verbs, ...hints, git })}\n`,
    );
    if (context.stderr.isTTY === true && (await wantsBell(o.here, context)))
      await ring(context.stderr, o.run, say.ending(end.state));
  }
  if (end.kind === 'interrupted') {
    if (!o.json && end.state.phase.kind !== 'paused') {
      context.stderr.write(`${say.abandoned(o.run, await lastWords((await readRun(o.here.store, o.run)).paths))}\n`);
    }
    return EXIT.failed;
  }
  if (ended === 'SIGTERM') return EXIT.terminated;
  const { phase } = end.state;
  // A run that stopped by itself, say on a full disk, gives a reason.
  if (phase.kind === 'finished' && phase.ending === 'stopped' && phase.reason === '') return EXIT.interrupted;
  return exitOf(end.state, o.judged);
}

async function wantsBell({ repository }: Here, { environment }: Context): Promise<boolean> {
  const { settings } = await loadSettings({ root: repository.root, environment, flags: {} });
  return entriesOf(settings.notify.value).includes('bell');
}

/** One Ctrl-C asks for an end, the second forces it. */
class Stopper {
  readonly #stop: (force: boolean) => Promise<void>;
  #count = 0;
  #pending: Promise<void> = Promise.resolve();

  constructor(stop: (force: boolean) => Promise<void>) {
    this.#stop = stop;
  }

  get asked(): number {
    return this.#count;
  }

  ask(): void {
    this.#count += 1;
    if (this.#count > 2) return;
    const force = this.#count === 2;
    // The run may end before it answers: then there is nothing left to stop.
    const asked = this.#stop(force).catch((error: unknown) => {
      if (!(error instanceof CopseError)) throw error;
    });
    this.#pending = Promise.all([this.#pending, asked]).then(() => undefined);
  }

  async settled(): Promise<void> {
    await this.#pending;
  }
}

interface Show {
  readonly live: boolean;
  /** The earlier events that it wants. */
  readonly history: FollowOptions['history'];
  events(events: readonly RunEvent[], state: RunState): void | Promise<void>;
  redraw(): void;
  suspend(): void;
  resume(): void;
  close(): Promise<void>;
}

async function openShow(o: WatchOptions, context: Context, stopsAsked: () => number): Promise<Show> {
  if (o.json) return jsonShow(o, context);
  return drawsInPlace(context) ? liveShow(o, context, stopsAsked) : plainShow(o, context);
}

function jsonShow(o: WatchOptions, context: Context): Show {
  return {
    ...still,
    history: 'all',
    events: (events) => {
      const lines = events.filter((event) => event.seq > (o.afterSeq ?? -1)).map((event) => `${JSON.stringify(event)}\n`);
      return writeOut(context.stdout, lines.join(''));
    },
  };
}

function plainShow(o: WatchOptions, context: Context): Show {
  return {
    ...still,
    history: 'recent',
    events: (events, state) => {
      const { unicode } = context.screen('stderr');
      const lines = events
        .filter((event) => event.seq > (o.afterSeq ?? -1))
        .map((event) => plainLine(event, state, { unicode }))
        .filter((line) => line !== null);
      return writeOut(context.stderr, lines.map((line) => `${line}\n`).join(''));
    },
  };
}

const still: Omit<Show, 'events' | 'history'> = {
  live: false,
  redraw: () => {},
  suspend: () => {},
  resume: () => {},
  close: () => Promise.resolve(),
};

async function liveShow(o: WatchOptions, context: Context, stopsAsked: () => number): Promise<Show> {
  const { LiveView: View } = await import('../../view/live/live-view.ts');
  const view: LiveView = new View({
    stream: context.stderr,
    screen: () => context.screen('stderr'),
    now: () => context.clock.now(),
    sleep: context.clock.sleep,
    hints: () => say.hints(o.owner, stopsAsked()),
  });
  const restore = context.onExit(() => view.restore());
  return {
    live: true,
    history: 'none',
    events: (_, state) => view.update(state),
    redraw: () => view.redraw(),
    suspend: () => view.suspend(),
    resume: () => view.resume(),
    close: async () => {
      await view.stop('');
      restore();
    },
  };
}
