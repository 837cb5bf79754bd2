import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { plainText } from '../../text/plain-text.ts';
import type { Environment } from '../environment.ts';
import { readTail, sizeOf } from '../files.ts';
import { keepLogShort } from '../shrink-log.ts';
import { saysItWatches } from './file-watcher.ts';
import { identityOfChild, MARKER_VARIABLE } from './process-identity.ts';
import { stopProcesses } from './stop-processes.ts';

export interface LoggedOptions {
  readonly cwd: string;
  /** Exact: nothing is inherited. */
  readonly env: Environment;
  /** Takes stdout and stderr as they come, of very much only beginning and end; emptied first, mode 0600. Its folder must exist. */
  readonly log: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Value for `COPSE_MARKER`, by which also a background process of it is found; default: a new one. */
  readonly marker?: string;
  /** Stops it, once it printed nothing for so long, if it says that it waits for files to change (ms). Default: never. */
  readonly watcherAfterMs?: number;
}

export interface LoggedResult {
  /** Null when a signal ended it, it was stopped, or it never started. */
  readonly exitCode: number | null;
  /** The signal that ended it, e.g. `SIGKILL`; null: nothing, or it never started. */
  readonly signal: string | null;
  readonly timedOut: boolean;
  readonly durationMs: number;
  readonly startError: string | null;
  /** The line that shows that it waits for files to change, if it was stopped for that. */
  readonly watches: string | null;
}

/** The command inherits the descriptor: if the log is shortened meanwhile, it continues at its end. */
const FOR_APPENDING = constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC | constants.O_APPEND;

/**
 * Runs a command of the variants file (set-up, a check) in its own session, stdin closed. When time is up or `signal` aborts, its
 * whole tree is stopped, not only the first process. Never rejects because of the command.
 */
export async function runLogged(command: readonly string[], o: LoggedOptions): Promise<LoggedResult> {
  const [file, ...args] = command;
  if (file === undefined) throw new Error('a command has at least a program');
  const marker = o.marker ?? randomUUID();
  const log = await open(o.log, FOR_APPENDING, 0o600);
  const output = log.createWriteStream();
  const shorten = keepLogShort(log);
  try {
    // Loaded here alone: it takes 60 ms, which commands that only look must not pay.
    const { execa } = await import('execa');
    const started = performance.now();
    const running = execa(file, args, {
      cwd: o.cwd,
      env: { ...o.env, [MARKER_VARIABLE]: marker },
      extendEnv: false,
      detached: true,
      // Background processes (a database that set-up starts) are stopped by their marker, not by copse's exit.
      cleanup: false,
      // A stream with a descriptor is handed on as it is: the command writes to the file itself, not through us.
      stdio: ['ignore', output, output],
      buffer: false,
      reject: false,
    });
    const stopping = stopOnTimeOrSignal(running.pid, marker, o);
    const result = await running;
    const { timedOut, watches } = await stopping.settle();
    return {
      exitCode: result.exitCode ?? null,
      signal: result.signal ?? null,
      timedOut,
      durationMs: performance.now() - started,
      startError: running.pid === undefined ? (result.originalMessage ?? result.shortMessage ?? 'unknown reason') : null,
      watches,
    };
  } finally {
    await shorten();
    output.destroy();
    await log.close();
  }
}

interface Stopped {
  readonly timedOut: boolean;
  readonly watches: string | null;
}

/** `settle` resolves once nothing is being stopped any more, with what it was stopped for. */
function stopOnTimeOrSignal(
  pid: number | undefined,
  marker: string,
  o: Pick<LoggedOptions, 'log' | 'timeoutMs' | 'signal' | 'watcherAfterMs'>,
): { settle(): Promise<Stopped> } {
  let timedOut = false;
  let watches: string | null = null;
  let stopped: Promise<unknown> = Promise.resolve();
  const root = pid === undefined ? Promise.resolve(null) : identityOfChild(pid);
  const stop = (): void => {
    stopped = root.then((identity) => stopProcesses({ root: identity, marker }));
  };
  const timer = setTimeout(() => {
    timedOut = true;
    stop();
  }, o.timeoutMs);
  const looking = watchForQuiet(o, (line) => {
    watches = line;
    stop();
  });
  o.signal?.addEventListener('abort', stop, { once: true });
  if (o.signal?.aborted === true) stop();
  return {
    settle: async () => {
      clearTimeout(timer);
      clearInterval(looking);
      o.signal?.removeEventListener('abort', stop);
      await stopped;
      return { timedOut, watches };
    },
  };
}

const LOOK_EVERY_MS = 1_000;
const LAST_BYTES = 2_048;

/** Calls `found` once, with the line in question, when the log has not grown for so long and its end says that the program watches files. */
function watchForQuiet(
  { log, watcherAfterMs }: Pick<LoggedOptions, 'log' | 'watcherAfterMs'>,
  found: (line: string) => void,
): NodeJS.Timeout | undefined {
  if (watcherAfterMs === undefined) return undefined;
  let seen = { bytes: -1, at: performance.now(), read: false };
  const timer = setInterval(
    async () => {
      const bytes = await sizeOf(log);
      if (bytes !== seen.bytes) seen = { bytes, at: performance.now(), read: false };
      if (seen.read || performance.now() - seen.at < watcherAfterMs) return;
      seen.read = true;
      const line = saysItWatches(plainText(await readTail(log, LAST_BYTES)));
      if (line === null) return;
      clearInterval(timer);
      found(line);
    },
    Math.min(LOOK_EVERY_MS, watcherAfterMs),
  );
  return timer;
}
