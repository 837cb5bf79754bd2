import type { Served } from '../../model/reports/served.ts';
import { serveLine, serveLog } from '../../view/serve/serve-list.ts';
import * as say from '../../view/serve/serve-words.ts';
import { type Context, drawsInPlace } from '../command.ts';

/** The states of servers while they run, on stderr. */
export interface ServeShow {
  /** Something changed. */
  changed(): void;
  close(): void;
}

/** In place on a terminal, else a line for each change. */
export async function openServeShow(
  o: { readonly servers: () => readonly Served[]; readonly stopsAsked: () => number },
  context: Context,
): Promise<ServeShow> {
  return drawsInPlace(context) ? liveShow(o, context) : plainShow(o, context);
}

function plainShow(o: { readonly servers: () => readonly Served[] }, context: Context): ServeShow {
  const told = new Map<string, string>();
  const changed = (): void => {
    for (const server of o.servers()) {
      const line = serveLine(server);
      if (told.get(server.label) === line) continue;
      told.set(server.label, line);
      context.stderr.write([line, ...serveLog(server), ''].join('\n'));
    }
  };
  changed();
  return { changed, close: () => {} };
}

async function liveShow(
  o: { readonly servers: () => readonly Served[]; readonly stopsAsked: () => number },
  context: Context,
): Promise<ServeShow> {
  const { ServeLive } = await import('../../view/serve/serve-live.ts');
  const live = new ServeLive({
    stream: context.stderr,
    screen: () => context.screen('stderr'),
    servers: o.servers,
    hint: () => say.hint(o.stopsAsked()),
  });
  const release = context.onExit(() => live.restore());
  return {
    changed: () => live.draw(),
    close: () => {
      live.close();
      release();
    },
  };
}
