import type { ProcessIdentity } from '../../model/attempt.ts';
import { isErrno } from '../files.ts';
import { isRunning } from './process-identity.ts';

/** Sends a signal to exactly this process, never to another one with its pid; does nothing if it has ended. */
export async function signalIfRunning(target: ProcessIdentity, signal: NodeJS.Signals): Promise<void> {
  if (!(await isRunning(target))) return;
  try {
    process.kill(target.pid, signal);
  } catch (error) {
    // ESRCH: it just ended. EPERM: it changed its user; a caller that waits for its end sees that it keeps running.
    if (!isErrno(error, 'ESRCH', 'EPERM')) throw error;
  }
}
