import { type ChildProcess, spawn } from 'node:child_process';
import type { Environment } from '../environment.ts';

export interface CommandResult {
  /** Null when a signal ended it or it never started. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly timedOut: boolean;
  /** It was stopped because it wrote more than `maxBytes`. */
  readonly overflowed: boolean;
  /** Why it could not start at all, e.g. `spawn git ENOENT`. */
  readonly startError: string | null;
  readonly durationMs: number;
}

export interface CommandOptions {
  readonly cwd: string;
  /** Exact: nothing is inherited. */
  readonly env: Environment;
  readonly input?: string | Uint8Array;
  readonly timeoutMs?: number;
  /** Of stdout and stderr each; more stops the program. Default 256 MB. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
  /**
   * Takes stdout as it comes, and the program waits until each piece is taken: then the result holds none of it, and there is no limit.
   * Never rejects.
   */
  readonly onStdout?: (chunk: Buffer) => Promise<void>;
}

const DEFAULT_MAX_BYTES = 256 * 1024 * 1024;
/** How long a program may tidy up (git removes its lock files) before SIGKILL. */
const TIDY_MS = 2_000;
/** Silence after the program's end, until copse stops listening to pipes that a background process of the program still holds. */
const LINGER_MS = 200;

/**
 * Runs a program to its end and hands back what it wrote. Never rejects for what the program does. Plain `child_process`:
 * the library would cost every command 60 ms at start-up.
 */
export function runCommand(file: string, args: readonly string[], o: CommandOptions): Promise<CommandResult> {
  const started = performance.now();
  return new Promise((resolve) => {
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let timedOut = false;
    let overflowed = false;
    let startError: string | null = null;
    let isTaking = false;
    let killTimer: NodeJS.Timeout | undefined;
    let lingerTimer: NodeJS.Timeout | undefined;

    const failed = (error: unknown): void => {
      resolve({
        exitCode: null,
        signal: null,
        stdout: Buffer.alloc(0),
        stderr: Buffer.alloc(0),
        timedOut: false,
        overflowed: false,
        startError: error instanceof Error ? error.message : String(error),
        durationMs: performance.now() - started,
      });
    };
    let child: ChildProcess;
    try {
      child = spawn(file, [...args], {
        cwd: o.cwd,
        env: { ...o.env },
        stdio: [o.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      });
    } catch (error) {
      // An argument or variable with a NUL byte, or a list that is too long, is refused before any process exists.
      failed(error);
      return;
    }

    const stop = (): void => {
      if (child.exitCode !== null || child.signalCode !== null || killTimer !== undefined) return;
      child.kill('SIGTERM');
      killTimer = setTimeout(() => child.kill('SIGKILL'), TIDY_MS);
    };
    const onTimeout = (): void => {
      timedOut = true;
      stop();
    };
    const timer = o.timeoutMs === undefined ? undefined : setTimeout(onTimeout, o.timeoutMs);
    o.signal?.addEventListener('abort', stop, { once: true });
    if (o.signal?.aborted === true) stop();

    const linger = (): void => {
      clearTimeout(lingerTimer);
      lingerTimer = setTimeout(() => {
        // The reader is slow; there is more in the pipe.
        if (isTaking) return linger();
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, LINGER_MS);
    };
    const limit = o.maxBytes ?? DEFAULT_MAX_BYTES;
    const { onStdout } = o;
    const streams = [[child.stderr, stderr] as const, ...(onStdout === undefined ? [[child.stdout, stdout] as const] : [])];
    if (onStdout !== undefined) {
      child.stdout?.on('data', (chunk: Buffer) => {
        child.stdout?.pause();
        isTaking = true;
        void onStdout(chunk).then(() => {
          isTaking = false;
          child.stdout?.resume();
        });
      });
    }
    for (const [stream, chunks] of streams) {
      let bytes = 0;
      stream?.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= limit) chunks.push(chunk);
        else {
          overflowed = true;
          stop();
        }
        if (lingerTimer !== undefined) linger();
      });
    }
    // EPIPE: the program ended without reading all of its input, which its exit code explains better.
    child.stdin?.on('error', () => {});
    child.stdin?.end(o.input);
    child.on('exit', linger);
    child.on('error', (error) => {
      startError ??= error.message;
    });
    child.on('close', (exitCode, signal) => {
      clearTimeout(timer);
      clearTimeout(killTimer);
      clearTimeout(lingerTimer);
      o.signal?.removeEventListener('abort', stop);
      resolve({
        exitCode: startError === null ? exitCode : null,
        signal,
        stdout: Buffer.concat(stdout),
        stderr: Buffer.concat(stderr),
        timedOut,
        overflowed,
        startError,
        durationMs: performance.now() - started,
      });
    });
  });
}
