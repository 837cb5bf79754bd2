import { spawn } from 'node:child_process';
import { type FileHandle, open } from 'node:fs/promises';
import type { ProcessIdentity } from '../../model/attempt.ts';
import type { Environment } from '../environment.ts';
import { cannotStart } from './cannot-start.ts';
import { identityOfChild } from './process-identity.ts';

export interface DetachedOptions {
  /** Must stay: a process whose working directory is removed cannot start others. */
  readonly cwd: string;
  /** Exact: nothing is inherited. */
  readonly env: Environment;
  /** File to read from; null: nothing to read. */
  readonly stdin: string | null;
  /** Files that are appended to, made with mode 0600. */
  readonly stdout: string;
  readonly stderr: string;
  /** Called if it ends while we live. */
  readonly onExit?: (code: number | null, signal: string | null) => void;
}

/**
 * Starts a program in its own session, which outlives this process: it has no terminal, and writes to files, since a pipe would kill it
 * with this process. Resolves with its identity once it runs. CopseError `cannot-start` when it does not.
 */
export async function spawnDetached(command: readonly string[], o: DetachedOptions): Promise<ProcessIdentity> {
  const [file, ...args] = command;
  if (file === undefined) throw new Error('a command has at least a program');
  const handles: FileHandle[] = [];
  const opened = async (path: string, flags: string): Promise<number> => {
    const handle = await open(path, flags, 0o600);
    handles.push(handle);
    return handle.fd;
  };
  try {
    const stdin = o.stdin === null ? 'ignore' : await opened(o.stdin, 'r');
    const stdout = await opened(o.stdout, 'a');
    const stderr = o.stderr === o.stdout ? stdout : await opened(o.stderr, 'a');
    return await start(file, args, [stdin, stdout, stderr], o);
  } finally {
    for (const handle of handles) await handle.close();
  }
}

async function start(
  file: string,
  args: readonly string[],
  stdio: ['ignore' | number, number, number],
  o: DetachedOptions,
): Promise<ProcessIdentity> {
  try {
    // Plain spawn: it must be released (`unref`), which the library's results cannot.
    const child = spawn(file, [...args], { cwd: o.cwd, env: { ...o.env }, detached: true, stdio });
    const { onExit } = o;
    if (onExit !== undefined) child.on('exit', onExit);
    // Read before the event loop gets a chance to collect it: even if it ended at once, its zombie still has its start time.
    const identity = child.pid === undefined ? null : await identityOfChild(child.pid);
    await new Promise<void>((resolve, reject) => {
      if (child.pid !== undefined) resolve();
      else child.once('error', reject);
    });
    child.unref();
    if (identity === null) throw new Error(`it ended before it could be identified`);
    return identity;
  } catch (error) {
    throw await cannotStart(file, o.cwd, error);
  }
}
