/**
 * One server: a line of `sh` under its shim, restarted when it ends by itself.
 *
 *   starting ─▶ ready ─▶ restarting ─▶ starting …
 *      └──────────┴──────────┴─▶ failed | stopped
 *
 * Invariants: at most one tree of processes with the marker lives at a time; after `stop` there is none, or its pids are known.
 * Nothing of it survives copse: the shim ends it when copse is gone. A file beside the log says that another command has stopped it.
 */
import type { Clock } from '../model/clock.ts';
import { CopseError } from '../model/errors.ts';
import type { AbsolutePath } from '../model/ids.ts';
import type { PlannedServe } from '../model/plan.ts';
import type { Served } from '../model/reports/served.ts';
import type { Environment } from '../system/environment.ts';
import { exists } from '../system/files.ts';
import { isPortFree } from '../system/ports.ts';
import { type OwnedProcess, spawnOwned } from '../system/processes/spawn-owned.ts';
import { stopProcesses } from '../system/processes/stop-processes.ts';
import { BoundedLog } from './bounded-log.ts';
import { PrintedOutput } from './printed-output.ts';
import * as say from './server-messages.ts';
import { serverShim } from './server-shim.ts';
import { untilReady } from './until-ready.ts';

const BACK_OFF_MS = [250, 1_000, 4_000] as const;
/** Up for this long, a server counts as healthy: its next end is a new problem, and restarts count from 0. */
const STABLE_MS = 5 * 60_000;
/** Between two signals: people wait for it. */
const GRACE_MS = 2_000;
const TAIL_LINES = 20;
/** From the end of the command to that of its last process, if nothing was left in the background. */
const LAST_WORDS_MS = 500;
/** The exit statuses of `sh` for a command that is missing, or not executable. */
const CANNOT_RUN = new Set([126, 127]);

/** Where and how a server runs. */
export interface ServerPlace {
  readonly cwd: AbsolutePath;
  readonly port: number;
  /** Exact environment, `PORT` included. */
  readonly env: Environment;
}

export interface ServerOptions {
  readonly served: Pick<Served, 'label' | 'run' | 'variant' | 'log'>;
  readonly serve: (port: number) => PlannedServe;
  readonly marker: string;
  /** Exists if another command has stopped it. */
  readonly stopFile: AbsolutePath;
  readonly clock: Clock;
  readonly onChange: () => void;
  /** A bug in copse, or a failing disk. */
  readonly onFailure: (error: unknown) => void;
}

/** A server has ended that was not stopped. */
interface OwnEnd {
  /** null: unknown. */
  readonly code: number | null;
  readonly wasStable: boolean;
}

/** Of one target; begins nothing before {@link run}, and can be run once. */
export class Server {
  readonly #o: ServerOptions;
  readonly #log: BoundedLog;
  #place: ServerPlace | null = null;
  #state: Served['state'] = 'starting';
  #detail = '';
  #restarts = 0;
  #host: Served['host'] = '127.0.0.1';
  /** For a server whose command has ended while a process of it keeps running. */
  #background = '';
  #process: OwnedProcess | null = null;
  /** Aborts what waits for the present process. */
  readonly #life = new AbortController();

  constructor(o: ServerOptions) {
    this.#o = o;
    this.#log = new BoundedLog(o.served.log);
  }

  get served(): Served {
    const port = this.#place?.port ?? 0;
    return {
      ...this.#o.served,
      port,
      host: this.#host,
      url: port === 0 ? '' : `http://localhost:${port}/`,
      state: this.#state,
      detail: this.#detail,
      restarts: this.#restarts,
      tail: this.#log.tail(TAIL_LINES),
    };
  }

  /** Before its folder is ready: the current step. */
  preparing(detail: string): void {
    this.#set('starting', detail);
  }

  failed(detail: string): void {
    this.#set('failed', detail);
  }

  /** Starts it and keeps it running; resolves when that is over: it was stopped, or cannot be kept running. */
  run(place: ServerPlace): Promise<void> {
    this.#place = place;
    return this.#keepRunning(place, this.#life.signal);
  }

  /** Stops its whole tree; resolves with pids that outlived SIGKILL. `force`: SIGKILL at once. */
  async stop(force: boolean): Promise<readonly number[]> {
    this.#life.abort();
    const survivors = await this.#endProcesses(force);
    if (this.#state !== 'failed') this.#set('stopped', survivors.length === 0 ? '' : say.survives(survivors));
    return survivors;
  }

  /** After `stop`. */
  close(): void {
    this.#log.close();
  }

  async #keepRunning(place: ServerPlace, life: AbortSignal): Promise<void> {
    for (;;) {
      // Leftovers of an earlier one that was killed together with its shim.
      await stopProcesses({ root: null, marker: this.#o.marker, graceMs: GRACE_MS, clock: this.#o.clock });
      if (life.aborted) return;
      if (!(await isPortFree(place.port))) return this.#set('failed', say.portTaken(place.port));
      const end = await this.#runOnce(place, life);
      if (end === null || life.aborted) return;
      if (await exists(this.#o.stopFile)) return this.#set('stopped', say.stoppedElsewhere);
      if (end.code !== null && CANNOT_RUN.has(end.code)) return this.#set('failed', say.notFound(end.code, this.#log.cause()));
      if (end.wasStable) this.#restarts = 0;
      const pause = BACK_OFF_MS[this.#restarts];
      if (pause === undefined) return this.#set('failed', say.gaveUp(end.code, this.#restarts, this.#log.cause()));
      this.#restarts += 1;
      this.#set('restarting', say.restarting(end.code, this.#restarts, BACK_OFF_MS.length));
      await this.#o.clock.sleep(pause, life);
      if (life.aborted) return;
      if (await exists(this.#o.stopFile)) return this.#set('stopped', say.stoppedElsewhere);
    }
  }

  /** One life of the server; how it ended by itself; null if copse ended it. */
  async #runOnce(place: ServerPlace, life: AbortSignal): Promise<OwnEnd | null> {
    const serve = this.#o.serve(place.port);
    const printed = new PrintedOutput(serve.ready.kind === 'text' ? serve.ready.text : null);
    let code: number | null = null;
    let starting = true;
    let process: OwnedProcess;
    try {
      process = await spawnOwned(serverShim({ marker: this.#o.marker, line: serve.run, folder: place.cwd }), place);
    } catch (error) {
      if (!(error instanceof CopseError)) throw error;
      this.#set('failed', error.why === undefined ? error.message : `${error.message} ${error.why}`);
      return null;
    }
    this.#process = process;
    this.#background = '';
    this.#set(this.#restarts === 0 ? 'starting' : 'restarting', this.#restarts === 0 ? '' : this.#detail);
    process.output.on('data', (chunk: Buffer) => {
      this.#log.write(chunk);
      if (starting) printed.push(chunk);
    });
    process.news.on('data', (chunk: Buffer) => {
      code = Number.parseInt(chunk.toString('latin1'), 10);
      this.#tellOfBackground(process, code);
    });
    const ended = new AbortController();
    const end = process.ended.then(() => ended.abort());
    const verdict = await untilReady({
      serve,
      port: place.port,
      marker: this.#o.marker,
      printed,
      tail: () => this.#log.tail(1),
      clock: this.#o.clock,
      signal: AbortSignal.any([life, ended.signal]),
      onDetail: (detail) => this.#set(this.#state, detail),
    });
    starting = false;
    const { clock } = this.#o;
    const since = clock.monotonicMs();
    if (verdict.kind === 'ready') {
      this.#host = verdict.host;
      this.#set('ready', this.#background);
    } else if (verdict.kind === 'failed') {
      this.#set('failed', verdict.detail);
      await this.#endProcesses(false);
      await end;
      return null;
    }
    await end;
    if (this.#process === process) this.#process = null;
    return life.aborted ? null : { code, wasStable: verdict.kind === 'ready' && clock.monotonicMs() - since >= STABLE_MS };
  }

  /** The command has ended and a process of it keeps running: reported once it is clear that this is not just the end. */
  #tellOfBackground(process: OwnedProcess, code: number): void {
    const over = new AbortController();
    const tell = async (): Promise<void> => {
      await this.#o.clock.sleep(LAST_WORDS_MS, over.signal);
      if (over.signal.aborted || this.#process !== process || this.#life.signal.aborted) return;
      this.#background = say.inBackground(code);
      this.#set(this.#state, this.#background);
    };
    process.ended.then(() => over.abort()).catch(this.#o.onFailure);
    tell().catch(this.#o.onFailure);
  }

  #endProcesses(force: boolean): Promise<number[]> {
    const root = this.#process?.identity ?? null;
    return stopProcesses({ root, marker: this.#o.marker, graceMs: GRACE_MS, force, clock: this.#o.clock });
  }

  #set(state: Served['state'], detail: string): void {
    this.#state = state;
    this.#detail = detail;
    this.#o.onChange();
  }
}
