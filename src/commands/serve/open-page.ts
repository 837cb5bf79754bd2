import type { Here } from '../../repository/current-repository.ts';
import { newToken } from '../../serve/page/pass.ts';
import { type StartedPage, startPage } from '../../serve/page/start-page.ts';
import { pageVariant, servedVotes } from '../../serve/page-variants.ts';
import type { ServeSession } from '../../serve/serve-session.ts';
import { serveHtml } from '../../view/serve/serve-html.ts';
import type { Context } from '../command.ts';
import type { ToServe } from './serve-targets.ts';

export interface PageChoices {
  /** For anyone on the network who has the link. */
  readonly lan: boolean;
  /** null: any. */
  readonly port: number | null;
  readonly blind: boolean;
}

/** Opens the page of what is served; it follows the servers. CopseError `port-in-use` (exit 3). */
export async function openPage(
  here: Here,
  session: ServeSession,
  toServe: ToServe,
  o: PageChoices & { readonly clock: Context['clock'] },
): Promise<StartedPage> {
  const { servers } = session;
  const states = new Map(toServe.variants.map(({ label, state }) => [label, state]));
  const refs = new Map(toServe.variants.map(({ label, state, run }) => [label, { run: run.state.id, variant: state.name }]));
  const page = await startPage({
    title: toServe.chosen.map(({ state }) => state.id).join(', '),
    variants: () => servers.list().map((served) => pageVariant(served, states.get(served.label) ?? null)),
    onChange: (listener) => servers.onChange(listener),
    host: o.lan ? '0.0.0.0' : '127.0.0.1',
    port: o.port ?? 0,
    token: newToken(),
    votes: servedVotes(here.store, refs, o.clock),
    blind: o.blind,
    reportFile: session.reportFile,
    html: serveHtml,
  });
  session.setPage({ url: page.url, lan: page.lanUrls });
  return page;
}
