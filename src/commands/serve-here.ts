import { EXIT, type ExitCode } from '../model/exit-code.ts';
import type { Served } from '../model/serve.ts';
import type { Here } from '../run/here.ts';
import { clock } from '../run/launcher.ts';
import { type ServeSession, startSession } from '../serve/serve-session.ts';
import { serveJson } from '../view/serve-json.ts';
import * as say from '../view/serve-words.ts';
import type { Context, StopSignal } from './command.ts';
import { openServeShow } from './serve-show.ts';
import type { ToServe } from './serve-targets.ts';

export interface ServeChoices {
  readonly json: boolean;
  /** Id of the record, given by who started us in the background; null: in the foreground. */
  readonly as: string | null;
}

/** Serves until somebody ends it, or until nothing is up any more. However it ends, no server stays. */
export async function serveHere(here: Here, toServe: ToServe, o: ServeChoices, context: Context): Promise<ExitCode> {
  const wanted = Promise.withResolvers<StopSignal | null>();
  const stops: StopSignal[] = [];
  let force = (): void => {};
  let redraw = (): void => {};
  const release = context.onSignal((signal) => {
    stops.push(signal);
    wanted.resolve(signal);
    if (stops.length === 2) force();
    redraw();
  });
  try {
    const session = await startSession({
      store: here.store,
      targets: toServe.targets,
      ...(o.as === null ? {} : { id: o.as }),
      detached: o.as !== null,
      pid: context.pid,
      clock,
      onFailure: wanted.reject,
    });
    force = () => void session.stop(true).catch(wanted.reject);
    return await serveUntil(
      session,
      wanted.promise,
      () => stops.length,
      o,
      context,
      (how) => {
        redraw = how;
      },
    );
  } finally {
    release();
  }
}

async function serveUntil(
  session: ServeSession,
  wanted: Promise<StopSignal | null>,
  stopsAsked: () => number,
  o: ServeChoices,
  context: Context,
  onRedraw: (redraw: () => void) => void,
): Promise<ExitCode> {
  const { servers } = session;
  const show = await openServeShow({ servers: () => servers.list(), stopsAsked }, context);
  onRedraw(() => show.changed());
  const down = Promise.withResolvers<null>();
  let settled = false;
  const look = (): void => {
    show.changed();
    const list = servers.list();
    if (list.every(({ state }) => state === 'failed' || state === 'stopped')) down.resolve(null);
    if (settled || list.some(isOpen)) return;
    settled = true;
    answer(list, o, context);
  };
  const unlisten = servers.onChange(look);
  let signal: StopSignal | null = null;
  let survivors: readonly number[];
  try {
    look();
    signal = await Promise.race([wanted, down.promise]);
  } finally {
    survivors = await session.stop(stopsAsked() > 1);
    unlisten();
    show.close();
  }
  if (survivors.length > 0) context.stderr.write(`${say.survivors(survivors)}\n`);
  if (signal === null) context.stderr.write(`${say.allFailed}\n`);
  return exitOf(signal, survivors, stopsAsked());
}

/** Once each is up or has failed. */
function answer(list: readonly Served[], o: ServeChoices, context: Context): void {
  if (o.json) context.stdout.write(`${JSON.stringify(serveJson({ page: null, lan: [], servers: list }))}\n`);
}

const isOpen = ({ state }: Served): boolean => state === 'starting' || state === 'restarting';

/** Ctrl-C is how this ends: no failure. */
function exitOf(signal: StopSignal | null, survivors: readonly number[], stopsAsked: number): ExitCode {
  if (signal === null || survivors.length > 0) return EXIT.failed;
  if (signal === 'SIGTERM') return EXIT.terminated;
  return signal === 'SIGINT' && stopsAsked > 1 ? EXIT.interrupted : EXIT.ok;
}
