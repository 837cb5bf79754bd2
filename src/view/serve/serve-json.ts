import type { Served, ServeRecord } from '../../model/reports/served.ts';

export interface ServeVariantJson {
  readonly label: string;
  readonly run: string | null;
  /** null: the base. */
  readonly variant: string | null;
  readonly port: number;
  readonly url: string;
  /** `starting`, `ready`, `restarting`, `failed` or `stopped`. */
  readonly state: string;
  readonly detail: string;
  readonly log: string;
}

export interface ServeJson {
  readonly schema: 1;
  /** Address of the page that shows them side by side, token included. */
  readonly page: string | null;
  /** The same for others on the network; empty without --lan. */
  readonly lan: readonly string[];
  readonly variants: readonly ServeVariantJson[];
}

/** The answer of `serve --json`: once all are ready or have failed. */
export function serveJson(o: {
  readonly page: string | null;
  readonly lan: readonly string[];
  readonly servers: readonly (Served | ServeRecord['servers'][number])[];
}): ServeJson {
  return {
    schema: 1,
    page: o.page,
    lan: o.lan,
    variants: o.servers.map(({ label, run, variant, port, url, state, detail, log }) => ({
      label,
      run,
      variant,
      port,
      url,
      state,
      detail,
      log,
    })),
  };
}
