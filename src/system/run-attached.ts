import { spawn } from 'node:child_process';
import type { Environment } from './environment.ts';

/**
 * Runs a program on our own terminal or pipes until it ends. Its exit status: 128 + n for a signal, 127 where there is no such
 * program, 126 where it may not be executed.
 */
export function runAttached(
  command: readonly [string, ...string[]],
  o: { readonly cwd: string; readonly env: Environment },
): Promise<number> {
  const [file, ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd: o.cwd, env: o.env, stdio: 'inherit' });
    child.on('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ENOENT' ? 127 : 126));
    child.on('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : (SIGNALS[signal] ?? 0))));
  });
}

const SIGNALS: Partial<Record<NodeJS.Signals, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGKILL: 9,
  SIGPIPE: 13,
  SIGTERM: 15,
};
