import { readFile } from 'node:fs/promises';
import type { Here } from '../../repository/current-repository.ts';
import { type StartedPage, startPage } from '../../serve/page/start-page.ts';
import { pageVariant, servedVotes } from '../../serve/page-variants.ts';
import { watchRuns } from '../../serve/run-watch.ts';
import type { ServeSession } from '../../serve/serve-session.ts';
import { serveHtml } from '../../view/serve/page/serve-html.ts';
import type { Context } from '../command.ts';
import { pageLink } from './page-link.ts';
import { makeServeReport, PictureMemory } from './serve-report.ts';
import type { ToServe } from './serve-targets.ts';

export interface PageChoices {
  /** For anyone on the network who has the link. */
  readonly lan: boolean;
  /** null: the one that the run has. */
  readonly port: number | null;
  readonly blind: boolean;
}

/** Opens the page of what is served; it follows the servers and the runs. CopseError `port-in-use` (exit 3). */
export async function openPage(
  here: Here,
  session: ServeSession,
  toServe: ToServe,
  o: PageChoices & { readonly context: Context; readonly onFailure: (error: unknown) => void },
): Promise<StartedPage> {
  const { servers } = session;
  const { context } = o;
  const refs = new Map(toServe.variants.map(({ label, state, run }) => [label, { run: run.state.id, variant: state.name }]));
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  let page: StartedPage | null = null;
  const runs = await watchRuns({
    repository: here.repository,
    runs: toServe.chosen.map(({ paths }) => paths),
    onChange: tell,
    onVotes: () => void page?.votesChanged().catch(o.onFailure),
    onFailure: o.onFailure,
  });
  const release = servers.onChange(tell);
  const close = async (): Promise<void> => {
    release();
    await runs.close();
  };
  try {
    const pictures = new PictureMemory();
    const link = await pageLink(here, toServe, context);
    const started = await startPage({
      title: toServe.chosen.map(({ state }) => state.id).join(', '),
      variants: () =>
        servers.list().map((served) => {
          const ref = refs.get(served.label);
          if (ref === undefined) return pageVariant(served, null, null);
          return pageVariant(served, runs.stateOf(ref.run, ref.variant), runs.tipOf(ref.run, ref.variant));
        }),
      onChange: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      host: o.lan ? '0.0.0.0' : '127.0.0.1',
      port: o.port ?? link.port,
      tokens: link.tokens,
      votes: servedVotes(here.store, refs, context.clock),
      blind: o.blind,
      report: () => makeServeReport(here, toServe.chosen, { file: session.reportFile, pictures }, context),
      html: serveHtml,
      start: (label) => servers.start(label),
      log: async (label) => readFile(servers.list().find((served) => served.label === label)?.log ?? '', 'utf8'),
      refresh: () => runs.refresh().catch(o.onFailure),
    });
    page = started;
    session.setPage({ url: started.url, lan: started.lanUrls });
    return {
      ...started,
      close: async () => {
        await close();
        await started.close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
