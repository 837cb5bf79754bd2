import type { ProcessIdentity } from '../../model/attempt.ts';
import type { AbsolutePath } from '../../model/ids.ts';
import { folderUsers } from '../../system/processes/folder-users.ts';
import { identityOf, isOrphan, isRunning, startedBefore } from '../../system/processes/process-identity.ts';

export interface Strays {
  /** Use the attempt's own temporary folder: its processes, and to be stopped. */
  readonly own: readonly ProcessIdentity[];
  /** Use the worktree, where a person may have started something as well. */
  readonly perhaps: readonly { readonly pid: number; readonly name: string }[];
}

/**
 * What an attempt left running without its marker: `env -i setsid` drops the environment, the session and, with the end of its parent,
 * the tree. It keeps the working directory and open files, was started after the attempt, and has no parent any more. Something
 * that drops all of that too is not found.
 */
export async function findStrays(o: {
  /** The attempt's own process. */
  readonly attempt: ProcessIdentity;
  readonly temporary: AbsolutePath;
  readonly worktree: AbsolutePath;
}): Promise<Strays> {
  const watched = [o.temporary, o.worktree].map((path) => ({ path, markers: [] }));
  const users = await folderUsers(watched);
  const own: ProcessIdentity[] = [];
  const perhaps: { pid: number; name: string }[] = [];
  for (const [at, found] of users.entries()) {
    for (const { pid, name } of found) {
      const identity = await identityOf(pid);
      if (identity === null || startedBefore(identity, o.attempt) || !(await isOrphan(pid))) continue;
      if (watched[at]?.path === o.temporary) own.push(identity);
      else perhaps.push({ pid, name });
    }
  }
  return { own, perhaps };
}

/** Those that still run. */
export async function stillRunning(processes: Iterable<ProcessIdentity>): Promise<readonly ProcessIdentity[]> {
  const all = [...processes];
  const running = await Promise.all(all.map(isRunning));
  return all.filter((_, at) => running[at] === true);
}
