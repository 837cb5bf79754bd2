import { rm } from 'node:fs/promises';
import type { Clock } from '../model/clock.ts';
import { CopseError } from '../model/errors.ts';
import type { RunId, VariantName } from '../model/ids.ts';
import type { PlannedServe } from '../model/plan.ts';
import type { Served } from '../model/reports/served.ts';
import { acquireLock, type Lock } from '../store/lock.ts';
import type { ServingFiles } from '../store/serving.ts';
import { makePrivateDirectory } from '../system/files.ts';
import { Server, type ServerPlace } from './server.ts';
import * as say from './server-messages.ts';

/** One thing to serve. */
export interface ServeTarget {
  readonly label: string;
  readonly run: RunId;
  /** null: the base. */
  readonly variant: VariantName | null;
  readonly files: ServingFiles;
  /** The command to start there; with the port known. */
  readonly serve: (port: number) => PlannedServe;
  /**
   * Prepares the folder and keeps it for as long as `use` takes. Resolves with why that failed, empty: it did not.
   * Rejects when the signal aborts; CopseErrors if git or the disk fails.
   */
  readonly withPlace: (use: (place: ServerPlace) => Promise<void>, signal: AbortSignal) => Promise<string>;
}

/** Servers side by side. One that fails leaves the others alone. */
export interface Servers {
  list(): readonly Served[];
  /** Starts one again that has failed or was stopped; anything else stays as it is. */
  start(label: string): void;
  /** Called after each change; give it back by calling what it returns. */
  onChange(listener: () => void): () => void;
  /** Stops all of them; resolves with the pids that outlived SIGKILL. May be called again, to force what another call does gently. */
  stop(force?: boolean): Promise<readonly number[]>;
}

export interface ServersOptions {
  readonly targets: readonly ServeTarget[];
  readonly clock: Clock;
  /** A bug in copse. */
  readonly onFailure: (error: unknown) => void;
}

interface Entry {
  readonly target: ServeTarget;
  /** The present one: each start has its own. */
  server: Server;
  /** Aborts the making of its place too. */
  life: AbortController;
  over: Promise<void>;
}

/** Starts all of them, and resolves at once: they get ready in their own time. */
export async function startServers(o: ServersOptions): Promise<Servers> {
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const entries: Entry[] = [];
  for (const target of o.targets) {
    await makePrivateDirectory(target.files.folder);
    entries.push({ target, server: serverOf(target, o, tell), life: new AbortController(), over: Promise.resolve() });
  }
  for (const entry of entries) begin(entry, o);
  let stopping = false;
  const startAgain = async (entry: Entry): Promise<void> => {
    const isDown = (): boolean => ['failed', 'stopped'].includes(entry.server.served.state);
    if (!isDown()) return;
    // Its place is given up first, and its lock.
    await entry.over;
    if (stopping || !isDown()) return;
    entry.server.close();
    entry.server = serverOf(entry.target, o, tell);
    entry.life = new AbortController();
    begin(entry, o);
    tell();
  };
  return {
    list: () => entries.map(({ server }) => server.served),
    start: (label) => {
      const entry = entries.find(({ target }) => target.label === label);
      if (entry !== undefined) startAgain(entry).catch(o.onFailure);
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    stop: async (force = false) => {
      stopping = true;
      const survivors = (await Promise.all(entries.map((entry) => end(entry, force)))).flat();
      for (const { server } of entries) server.close();
      return survivors;
    },
  };
}

function serverOf(target: ServeTarget, o: ServersOptions, tell: () => void): Server {
  const { label, run, variant, files } = target;
  return new Server({
    served: { label, run, variant, log: files.log },
    serve: target.serve,
    marker: files.marker,
    stopFile: files.stop,
    clock: o.clock,
    onChange: tell,
    onFailure: o.onFailure,
  });
}

function begin(entry: Entry, o: ServersOptions): void {
  const { signal } = entry.life;
  entry.over = live(entry, signal, o).catch((error: unknown) => {
    if (signal.aborted) return;
    if (error instanceof CopseError)
      entry.server.failed(error.why === undefined ? error.message : `${error.message} ${error.why}`);
    else o.onFailure(error);
  });
}

async function live({ target, server }: Entry, signal: AbortSignal, o: ServersOptions): Promise<void> {
  const lock = await own(target, o);
  if (lock === null) return server.failed(say.servedAlready);
  try {
    await rm(target.files.stop, { force: true });
    if (target.variant === null) server.preparing(say.settingUp);
    const failure = await target.withPlace(async (place) => {
      if (!signal.aborted) await server.run(place);
    }, signal);
    if (failure !== '') server.failed(failure);
  } finally {
    await lock.release();
  }
}

/** null: it is served already. */
async function own({ files, label }: ServeTarget, o: ServersOptions): Promise<Lock | null> {
  try {
    return await acquireLock(files.lock, { purpose: `copse serve of ${label}`, waitMs: 0, clock: o.clock });
  } catch (error) {
    if (error instanceof CopseError && error.code === 'locked') return null;
    throw error;
  }
}

async function end(entry: Entry, force: boolean): Promise<readonly number[]> {
  entry.life.abort();
  const survivors = await entry.server.stop(force);
  // A process that no signal ends keeps its pipes open for ever.
  if (survivors.length === 0) await entry.over;
  return survivors;
}
