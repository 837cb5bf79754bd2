import { spawn } from 'node:child_process';
import type { Environment } from '../environment.ts';

export interface AttachedOptions {
  readonly cwd: string;
  readonly env: Environment;
  /** Otherwise a program that cannot be started would fail silently. */
  readonly onRefused?: (status: 126 | 127) => void;
  /**
   * Called with a way to pass signals on; what it returns is called at the program's end. Without it a Ctrl-C, which the terminal sends to
   * both, ends copse before the program, and its parent takes the program for ended.
   */
  readonly signals?: (forward: (signal: NodeJS.Signals) => void) => () => void;
}

/**
 * Runs a program on copse's own terminal or pipes until it ends. Its exit status: 128 + n for a signal, 127 if there is no such
 * program, 126 if it may not be executed.
 */
export function runAttached(command: readonly [string, ...string[]], o: AttachedOptions): Promise<number> {
  const [file, ...args] = command;
  let release: (() => void) | undefined;
  return new Promise<number>((resolve) => {
    const child = spawn(file, args, { cwd: o.cwd, env: o.env, stdio: 'inherit' });
    child.on('error', (error: NodeJS.ErrnoException) => {
      const status = error.code === 'ENOENT' ? 127 : 126;
      o.onRefused?.(status);
      resolve(status);
    });
    release = o.signals?.((signal) => child.kill(signal));
    child.on('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : (SIGNALS[signal] ?? 0))));
  }).finally(() => release?.());
}

const SIGNALS: Partial<Record<NodeJS.Signals, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGKILL: 9,
  SIGPIPE: 13,
  SIGTERM: 15,
};
