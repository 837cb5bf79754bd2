import { dirname } from 'node:path';
import type { AttemptReader } from '../../agent/backend.ts';
import type { AgentSignal, AttemptFiles, AttemptVerdict, ExitRecord, ProcessIdentity } from '../../model/attempt.ts';
import { BEAT_MS } from '../../model/beat.ts';
import type { Clock } from '../../model/clock.ts';
import type { AbsolutePath } from '../../model/ids.ts';
import { readTail } from '../../system/files.ts';
import { FileFollower } from '../../system/follow.ts';
import { descendantsLately, findByMarker, identityOf, isRunning } from '../../system/processes/process-identity.ts';
import { stopProcesses } from '../../system/processes/stop-processes.ts';
import { isTurnOver, nextTurn } from '../../system/turns.ts';
import { plainText } from '../../text/plain-text.ts';
import { type AttemptClockLimits, AttemptClocks, type Expired } from './clocks.ts';
import { isFull } from './disk-watch.ts';
import { readExit } from './shim.ts';
import { findStrays, stillRunning } from './strays.ts';

/** How often to ask the kernel whether the shim lives; its exit file is checked at every tick. */
const ALIVE_EVERY_MS = 1_000;
/** How long the shim may take from its exit file to its end, and how often to look. */
const SHIM_GOES_MS = 1_000;
const SHIM_LOOK_MS = 5;

export type StopReason = 'stopped' | 'fatal' | Expired;

export interface AttemptWatchOptions {
  readonly process: ProcessIdentity;
  readonly marker: string;
  readonly files: AttemptFiles;
  readonly worktree: AbsolutePath;
  /** Its own folder. */
  readonly temporary: () => Promise<AbsolutePath>;
  readonly reader: AttemptReader;
  readonly limits: AttemptClockLimits;
  /** How long it already ran, ms, if it is adopted. */
  readonly ranMs: number;
  readonly clock: Clock;
  readonly onSignal: (signal: AgentSignal) => void;
  readonly onNote: (note: string) => void;
  readonly onTick: () => void;
}

export interface AttemptEnd {
  readonly verdict: AttemptVerdict;
  readonly exitCode: number | null;
  /** Pids that outlived every signal. */
  readonly survivors: readonly number[];
}

/**
 * Follows one attempt from its files until it ends. Parent or adopter makes no difference: the process is known by its
 * identity, its output by the file, its status by the shim's exit file.
 */
export class AttemptWatch {
  readonly #o: AttemptWatchOptions;
  readonly #follower: FileFollower;
  readonly #clocks: AttemptClocks;
  #stop: { readonly reason: StopReason; readonly force: boolean } | null = null;
  #stopping: Promise<readonly number[]> | null = null;
  readonly #seen = new Map<string, ProcessIdentity>();
  #aliveCheckedAt = Number.NEGATIVE_INFINITY;

  constructor(options: AttemptWatchOptions) {
    this.#o = options;
    this.#follower = new FileFollower(options.files.stdout);
    this.#clocks = new AttemptClocks(options.limits, options.clock.monotonicMs(), options.ranMs);
  }

  /** Asks for its end; `force` sends SIGKILL at once, even if a gentler stop is under way. */
  stop(reason: StopReason, force = false): void {
    if (this.#stop !== null && (!force || this.#stop.force)) return;
    const first = this.#stop === null;
    this.#stop = { reason: first ? reason : (this.#stop?.reason ?? reason), force };
    const { process, marker, clock } = this.#o;
    const earlier = this.#stopping;
    const now = stopProcesses({ root: process, marker, force, clock });
    this.#stopping = earlier === null ? now : Promise.all([earlier, now]).then(([, survivors]) => survivors);
    // Awaited when the attempt is settled, which may be a while: until then a failure must not count as unhandled.
    this.#stopping.catch(() => undefined);
  }

  /** Resolves when its process and everything it left running is gone, with its verdict. */
  async end(): Promise<AttemptEnd> {
    for (;;) {
      await this.#poll();
      const exit = await this.#exit();
      if (exit !== 'running') return this.#settle(exit);
      const { extendedMs, expired } = this.#clocks.tick(this.#o.clock.monotonicMs(), this.#o.reader.openTools);
      if (extendedMs > 0)
        this.#o.onNote(`The machine slept for ${Math.round(extendedMs / 1000)} s; all time limits are extended.`);
      if (expired !== null) this.stop(expired);
      this.#o.onTick();
      await this.#o.clock.sleep(BEAT_MS);
    }
  }

  async #poll(): Promise<void> {
    const lines = await this.#follower.poll();
    if (lines.length > 0) this.#clocks.output(this.#o.clock.monotonicMs());
    await this.#push(lines);
  }

  async #push(lines: readonly Buffer[]): Promise<void> {
    for (const line of lines) {
      if (isTurnOver()) await nextTurn();
      for (const signal of this.#o.reader.push(line)) {
        if (signal.kind === 'result') this.#clocks.result(this.#o.clock.monotonicMs());
        if (signal.kind === 'fatal') this.stop('fatal');
        this.#o.onSignal(signal);
      }
    }
  }

  /** Its exit record once it ended; null if it ended without one. */
  async #exit(): Promise<ExitRecord | null | 'running'> {
    const record = await readExit(this.#o.files.exit);
    if (record !== null) return record;
    const now = this.#o.clock.monotonicMs();
    const every = this.#stopping === null ? ALIVE_EVERY_MS : BEAT_MS;
    if (now - this.#aliveCheckedAt < every) return 'running';
    this.#aliveCheckedAt = now;
    if (await isRunning(this.#o.process)) {
      // What was once below it is known, wherever it hangs later.
      for (const one of await descendantsLately(this.#o.process.pid)) this.#seen.set(`${one.pid} ${one.startTime}`, one);
      return 'running';
    }
    // It may have written the record between the two looks.
    return readExit(this.#o.files.exit);
  }

  /** The exit file is the shim's last act: it ends by itself, and is not a leftover of the agent. */
  async #shimGone(): Promise<void> {
    for (let waited = 0; waited < SHIM_GOES_MS; waited += SHIM_LOOK_MS) {
      if (!(await isRunning(this.#o.process))) return;
      await this.#o.clock.sleep(SHIM_LOOK_MS);
    }
  }

  async #settle(exit: ExitRecord | null): Promise<AttemptEnd> {
    const stopped = this.#stopping === null ? [] : await this.#stopping;
    await this.#shimGone();
    // A process in its own session outlives its parent: a background command of a Bash call, a dev server.
    const { marker, clock, process: attempt, temporary, worktree } = this.#o;
    const left = await findByMarker(marker);
    const strays = await findStrays({ attempt, temporary: await temporary(), worktree });
    const also = [...strays.own, ...(await stillRunning(this.#seen.values()))];
    const survivors = left.length + also.length === 0 ? stopped : await stopProcesses({ root: null, marker, also, clock });
    for (const { pid, name } of strays.perhaps) {
      if ((await identityOf(pid)) !== null) this.#o.onNote(strayNote(pid, name, worktree));
    }
    // In portions: an attempt that ended without a supervisor may have left more than fits into memory.
    do await this.#poll();
    while (this.#follower.behind);
    await this.#push(await this.#follower.drain());
    const stderrTail = await readTail(this.#o.files.stderr, 256 * 1024);
    const settled = this.#o.reader.settle({ exit, stderrTail, stopped: this.#stop?.reason ?? null });
    const verdict = await withDiskReason(settled, { files: this.#o.files, exit, stderrTail });
    return { verdict, exitCode: exit?.code ?? null, survivors };
  }
}

function strayNote(pid: number, name: string, worktree: AbsolutePath): string {
  return `Process ${pid} (${plainText(name)}) was started in ${worktree} while its agent worked, and still runs. If it is not yours: kill ${pid}`;
}

/** As `sh` shows SIGXFSZ, on Linux and macOS alike. */
const FILE_SIZE_SIGNAL = 128 + 25;

/**
 * The verdict of an attempt whose log could not be written to its end: the cause is not the agent but a full disk or a
 * limit, and an immediate retry would only cost money. Any other verdict as it is.
 */
async function withDiskReason(
  verdict: AttemptVerdict,
  { files, exit, stderrTail }: { readonly files: AttemptFiles; readonly exit: ExitRecord | null; readonly stderrTail: string },
): Promise<AttemptVerdict> {
  if (verdict.outcome !== 'failed' && verdict.outcome !== 'lost') return verdict;
  const ended = (reason: string): AttemptVerdict => ({ ...verdict, outcome: 'failed', reason, transient: false, fatal: null });
  if (await isFull(dirname(files.stdout))) return ended(`No space is left for its log, ${files.stdout}.`);
  if (exit?.code === FILE_SIZE_SIGNAL || /\bEFBIG\b/.test(stderrTail)) {
    return ended('It wrote more to its log, or to a file, than the file size limit allows (ulimit -f).');
  }
  return verdict;
}
