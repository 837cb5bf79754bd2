import type { ProcessIdentity } from '../model/attempt.ts';
import type { Clock } from '../model/clock.ts';
import type { AbsolutePath } from '../model/ids.ts';
import type { Served, ServeRecord } from '../model/reports/served.ts';
import type { Store } from '../store/layout.ts';
import { removeServing, serveReport, writeServing } from '../store/serving.ts';
import { ulid } from '../store/ulid.ts';
import { hostIdentity, identityOf } from '../system/processes/process-identity.ts';
import { clearDeadServing } from '../worktree/clear-dead-serving.ts';
import { type Servers, type ServeTarget, startServers } from './servers.ts';

/** Servers with a record of them, which other commands read. */
export interface ServeSession {
  readonly servers: Servers;
  /** The path of a report that the page links; it is removed with the record. */
  readonly reportFile: AbsolutePath;
  /** Notes the page's address down. */
  setPage(page: { readonly url: string; readonly lan: readonly string[] } | null): void;
  /** Stops everything; resolves with the pids that outlived SIGKILL. May be called again with `force`. */
  stop(force?: boolean): Promise<readonly number[]>;
  /** Removes the record, and the files beside it. After a complete stop. */
  forget(): Promise<void>;
}

export interface SessionOptions {
  readonly store: Store;
  readonly targets: readonly ServeTarget[];
  /** Chosen by the command that started a detached one; absent: a new one. */
  readonly id?: string;
  readonly detached: boolean;
  readonly pid: number;
  readonly clock: Clock;
  /** A bug in copse, or a failing disk. */
  readonly onFailure: (error: unknown) => void;
}

/** Removes what dead ones left, starts the servers, and keeps a record of them as they change. */
export async function startSession(o: SessionOptions): Promise<ServeSession> {
  await clearDeadServing(o.store);
  const owner = await ownerOf(o.pid);
  const servers = await startServers(o);
  const markers = new Map(o.targets.map(({ label, files }) => [label, files.marker]));
  const id = o.id ?? ulid(o.clock);
  const startedAt = o.clock.now().toISOString();
  const host = await hostIdentity();
  let page: { readonly url: string; readonly lan: readonly string[] } | null = null;

  const keeper = new Keeper(async () => {
    const record: ServeRecord = {
      id,
      owner,
      host,
      detached: o.detached,
      startedAt,
      page: page?.url ?? null,
      lan: page?.lan ?? [],
      servers: servers.list().map((one) => ({ ...shown(one), marker: markers.get(one.label) ?? '' })),
    };
    await writeServing(o.store, record);
  }, o.onFailure);
  servers.onChange(() => keeper.ask());
  keeper.ask();
  await keeper.settled();
  return {
    servers,
    reportFile: serveReport(o.store, id),
    setPage: (given) => {
      page = given;
      keeper.ask();
    },
    stop: async (force = false) => {
      const survivors = await servers.stop(force);
      await keeper.close();
      return survivors;
    },
    forget: () => removeServing(o.store, id, { output: 'kept' }),
  };
}

function shown({ label, run, variant, port, url, state, detail, log }: Served) {
  return { label, run, variant, port, url, state, detail, log };
}

async function ownerOf(pid: number): Promise<ProcessIdentity> {
  const identity = await identityOf(pid);
  if (identity === null) throw new Error('a living process has an identity');
  return identity;
}

/** Writes after changes, one write at a time; changes during a write lead to one more. */
class Keeper {
  readonly #write: () => Promise<void>;
  readonly #onFailure: (error: unknown) => void;
  #wanted = false;
  #closed = false;
  #writing: Promise<void> | null = null;

  constructor(write: () => Promise<void>, onFailure: (error: unknown) => void) {
    this.#write = write;
    this.#onFailure = onFailure;
  }

  ask(): void {
    if (this.#closed) return;
    this.#wanted = true;
    this.#writing ??= this.#run().catch(this.#onFailure);
  }

  async settled(): Promise<void> {
    await this.#writing;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#writing;
  }

  async #run(): Promise<void> {
    try {
      while (this.#wanted && !this.#closed) {
        this.#wanted = false;
        await this.#write();
      }
    } finally {
      this.#writing = null;
    }
  }
}
