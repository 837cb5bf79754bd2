import type { ProcessIdentity } from '../attempt.ts';
import type { AbsolutePath, Instant, RunId, VariantName } from '../ids.ts';
import type { ServerState } from './served-page.ts';

/** One variant (or the base) as it is shown running. */
export interface Served {
  /** Names it among those served together: `dark`, `ui-2/dark` where several runs are, `base`. */
  readonly label: string;
  readonly run: RunId | null;
  /** null: the base. */
  readonly variant: VariantName | null;
  /** 0: none yet. */
  readonly port: number;
  /** Where it answers on loopback. */
  readonly host: '127.0.0.1' | '::1';
  readonly url: string;
  readonly state: ServerState;
  /** One sentence about the state; empty if there is nothing to say. */
  readonly detail: string;
  /** How often it was started again after it had ended by itself, since it was last up for some minutes. */
  readonly restarts: number;
  readonly log: AbsolutePath;
  /** The last lines that it printed, as plain text. */
  readonly tail: readonly string[];
}

/** The running servers, for other commands. Kept while they run; a record left behind has a dead owner. */
export interface ServeRecord {
  readonly id: string;
  readonly owner: ProcessIdentity;
  readonly host: { readonly host: string; readonly bootId: string; readonly pidNamespace: string };
  readonly detached: boolean;
  readonly startedAt: Instant;
  /** Address of the page, with its token; null: there is none. */
  readonly page: string | null;
  readonly lan: readonly string[];
  readonly servers: readonly (Pick<Served, 'label' | 'run' | 'variant' | 'port' | 'url' | 'state' | 'detail' | 'log'> & {
    /** Value of `COPSE_MARKER` in the environment of all its processes. */
    readonly marker: string;
  })[];
}
