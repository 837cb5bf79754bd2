import type { VoteStore } from '../model/serve-page.ts';
import { newToken } from '../serve/new-token.ts';
import { type StartedPage, startPage } from '../serve/page/start-page.ts';
import { pageVariant } from '../serve/page-variants.ts';
import type { ServeSession } from '../serve/serve-session.ts';
import { serveHtml } from '../view/serve/serve-html.ts';
import type { ToServe } from './serve-targets.ts';

export interface PageChoices {
  /** For everybody in the network who has the link. */
  readonly lan: boolean;
  /** null: any. */
  readonly port: number | null;
  readonly blind: boolean;
}

/** Opens the page of what is served; it follows the servers. CopseError `port-in-use` (exit 3). */
export async function openPage(session: ServeSession, toServe: ToServe, votes: VoteStore, o: PageChoices): Promise<StartedPage> {
  const { servers } = session;
  const states = new Map(toServe.variants.map(({ label, state }) => [label, state]));
  const page = await startPage({
    title: toServe.chosen.map(({ state }) => state.id).join(', '),
    variants: () => servers.list().map((served) => pageVariant(served, states.get(served.label) ?? null)),
    onChange: (listener) => servers.onChange(listener),
    host: o.lan ? '0.0.0.0' : '127.0.0.1',
    port: o.port ?? 0,
    token: newToken(),
    votes,
    blind: o.blind,
    reportFile: null,
    html: serveHtml,
  });
  session.setPage({ url: page.url, lan: page.lanUrls });
  return page;
}

/** Where a vote has no run to be kept with. */
export const NO_VOTES: VoteStore = {
  has: () => false,
  read: () => Promise.resolve([]),
  cast: () => Promise.resolve(),
  withdraw: () => Promise.resolve(),
};
