import { EXIT, type ExitCode } from '../../model/exit-code.ts';
import type { Served } from '../../model/reports/served.ts';
import type { Here } from '../../repository/current-repository.ts';
import { whileServing } from '../../repository/git-audit.ts';
import type { StartedPage } from '../../serve/page/start-page.ts';
import { type ServeSession, startSession } from '../../serve/serve-session.ts';
import { serveJson } from '../../view/serve/serve-json.ts';
import * as say from '../../view/serve/serve-words.ts';
import type { Context, StopSignal } from '../command.ts';
import { openPage, type PageChoices } from './open-page.ts';
import { openServeShow } from './serve-show.ts';
import type { ToServe } from './serve-targets.ts';

export interface ServeChoices {
  readonly json: boolean;
  readonly open: boolean;
  readonly page: PageChoices;
  /** Id of the record, given by the process that started this one in the background; null: in the foreground. */
  readonly as: string | null;
}

/** Serves until it is stopped or no server is left. However it ends, no server keeps running. */
export async function serveHere(here: Here, toServe: ToServe, o: ServeChoices, context: Context): Promise<ExitCode> {
  const wanted = Promise.withResolvers<StopSignal | null>();
  wanted.promise.catch(() => {
    // Awaited once the page is open: earlier failures are reported then, after the servers are stopped.
  });
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
      clock: context.clock,
      onFailure: wanted.reject,
    });
    force = () => void session.stop(true).catch(wanted.reject);
    const onRedraw = (how: () => void): void => {
      redraw = how;
    };
    const serving = { here, session, toServe, wanted: wanted.promise, stopsAsked: () => stops.length, onRedraw };
    return await whileServing(here, () => serveUntil(serving, o, context));
  } finally {
    release();
  }
}

interface Begun {
  readonly here: Here;
  readonly session: ServeSession;
  readonly toServe: ToServe;
  /** It is asked to end, or something went wrong. */
  readonly wanted: Promise<StopSignal | null>;
  readonly stopsAsked: () => number;
  readonly onRedraw: (redraw: () => void) => void;
}

async function serveUntil(begun: Begun, o: ServeChoices, context: Context): Promise<ExitCode> {
  const { here, session, stopsAsked } = begun;
  const { servers } = session;
  const down = Promise.withResolvers<null>();
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => {
    // Awaited once the page is open.
  });
  const closers: (() => void | Promise<void>)[] = [];
  let signal: StopSignal | null = null;
  let survivors: readonly number[] = [];
  try {
    const page = await openPage(here, session, begun.toServe, { ...o.page, context, onFailure: failed.reject });
    closers.unshift(() => page.close());
    await tellOf(page, o, context);
    const show = await openServeShow({ servers: () => servers.list(), stopsAsked }, context);
    closers.unshift(() => show.close());
    begun.onRedraw(() => show.changed());
    let settled = false;
    const look = (): void => {
      show.changed();
      const list = servers.list();
      if (list.every(({ state }) => state === 'failed' || state === 'stopped')) down.resolve(null);
      if (settled || list.some(isOpen)) return;
      settled = true;
      if (o.json) answer(page, list, context);
    };
    closers.unshift(servers.onChange(look));
    look();
    signal = await Promise.race([begun.wanted, down.promise, failed.promise]);
  } finally {
    // Whatever went wrong: no server stays.
    survivors = await session.stop(stopsAsked() > 1);
    for (const close of closers) await close();
    if (survivors.length === 0) await session.forget();
  }
  if (survivors.length > 0) context.stderr.write(`${say.survivors(survivors)}\n`);
  if (signal === null) context.stderr.write(`${say.allFailed}\n`);
  return exitOf(signal, survivors, stopsAsked());
}

/** The page is there before the servers: it follows them. */
async function tellOf(page: StartedPage, o: ServeChoices, context: Context): Promise<void> {
  if (!o.json) context.stdout.write(`${[page.url, ...page.lanUrls].join('\n')}\n`);
  const [link] = page.lanUrls;
  if (link !== undefined && context.stderr.isTTY === true) {
    const { terminalCode } = await import('../../view/serve/page/link-code.ts');
    context.stderr.write(`${say.scan}\n${terminalCode(link)}\n`);
  }
  if (page.lanUrls.length > 0) context.stderr.write(`${say.lanWarning(page.lanUrls.length, 'this command ends')}\n`);
  if (o.open && !(await context.openBrowser(page.url))) context.stderr.write(`${say.noBrowser}\n`);
}

/** Once each is up or has failed. */
function answer(page: StartedPage | null, servers: readonly Served[], context: Context): void {
  const json = serveJson({ page: page?.url ?? null, lan: page?.lanUrls ?? [], servers });
  context.stdout.write(`${JSON.stringify(json)}\n`);
}

const isOpen = ({ state }: Served): boolean => state === 'starting' || state === 'restarting';

/** Ctrl-C is how this ends: no failure. */
function exitOf(signal: StopSignal | null, survivors: readonly number[], stopsAsked: number): ExitCode {
  if (signal === null || survivors.length > 0) return EXIT.failed;
  if (signal === 'SIGTERM') return EXIT.terminated;
  return signal === 'SIGINT' && stopsAsked > 1 ? EXIT.interrupted : EXIT.ok;
}
