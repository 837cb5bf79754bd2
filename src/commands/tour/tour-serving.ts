import { EXIT, type ExitCode } from '../../model/exit-code.ts';
import type { Served } from '../../model/reports/served.ts';
import type { Here } from '../../repository/current-repository.ts';
import { startSession } from '../../serve/serve-session.ts';
import { serveList } from '../../view/serve/serve-list.ts';
import type { Context } from '../command.ts';
import { openPage } from '../serve/open-page.ts';
import { serveTargets } from '../serve/serve-targets.ts';
import * as say from './tour-messages.ts';

/** Serves the variants of a run until all are up, shows what `copse serve` shows, and stops them again. */
export async function showServing(here: Here, run: string, context: Context): Promise<ExitCode> {
  const line = 'copse serve';
  context.stdout.write(`\n$ ${line}\n`);
  const toServe = await serveTargets(here, { named: [run], withBase: false, trust: undefined, line }, context);
  const over = Promise.withResolvers<ExitCode>();
  const release = context.onSignal(() => over.resolve(EXIT.interrupted));
  const { store } = here;
  const session = await startSession({
    store,
    targets: toServe.targets,
    detached: false,
    pid: context.pid,
    clock: context.clock,
    onFailure: over.reject,
  });
  const { servers } = session;
  const closers: (() => void | Promise<void>)[] = [release];
  try {
    const page = await openPage(here, session, toServe, {
      lan: false,
      port: null,
      blind: false,
      context,
      onFailure: over.reject,
    });
    closers.unshift(() => page.close());
    const look = (): void => {
      const list = servers.list();
      if (list.every(({ state }) => state === 'ready')) over.resolve(EXIT.ok);
      else if (!list.some(isOpen)) over.resolve(EXIT.failed);
    };
    closers.unshift(servers.onChange(look));
    look();
    const exit = await over.promise;
    const list = serveList(servers.list(), { ...context.screen('stdout'), frame: 0 });
    context.stdout.write(`${[page.url, ...list].join('\n')}\n`);
    if (exit === EXIT.ok) context.stdout.write(`${say.servedForAMoment}\n`);
    return exit;
  } finally {
    await session.stop();
    for (const close of closers) await close();
    await session.forget();
  }
}

const isOpen = ({ state }: Served): boolean => state === 'starting' || state === 'restarting';
