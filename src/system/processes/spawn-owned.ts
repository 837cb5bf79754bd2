import { spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import type { ProcessIdentity } from '../../model/attempt.ts';
import type { Environment } from '../environment.ts';
import { cannotStart } from './cannot-start.ts';
import { identityOfChild } from './process-identity.ts';

export interface OwnedProcess {
  readonly identity: ProcessIdentity;
  /** Its output. */
  readonly output: Readable;
  /** Its output on descriptor 3. */
  readonly news: Readable;
  /** Resolves when it has ended and all that it wrote is read. */
  readonly ended: Promise<void>;
}

/**
 * Starts a program in its own session, without a terminal, that notices when this process ends: its stdin is a pipe that nothing
 * writes to and that the kernel closes with this process. CopseError `cannot-start`.
 */
export async function spawnOwned(
  command: readonly [string, ...string[]],
  o: { readonly cwd: string; readonly env: Environment },
): Promise<OwnedProcess> {
  const [file, ...args] = command;
  try {
    const child = spawn(file, args, { cwd: o.cwd, env: { ...o.env }, detached: true, stdio: ['pipe', 'pipe', 'ignore', 'pipe'] });
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    // Before the event loop gets a chance to collect it: even if it ended at once, its zombie still has its start time.
    const identity = child.pid === undefined ? null : await identityOfChild(child.pid);
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      if (child.pid !== undefined) resolve();
    });
    const news = child.stdio[3];
    const { stdin, stdout } = child;
    if (identity === null || stdin === null || stdout === null || !(news instanceof Readable))
      throw new Error('it ended before it could be identified');
    // EPIPE and the like when it ends: nothing is ever written.
    stdin.on('error', () => {});
    return { identity, output: stdout, news, ended };
  } catch (error) {
    throw await cannotStart(file, o.cwd, error);
  }
}
