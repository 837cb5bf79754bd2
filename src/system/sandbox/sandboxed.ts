/**
 * The sandbox around checks and metrics, like the one that Claude Code puts around an agent's commands: bubblewrap, on Linux.
 *
 * - The network is a new one, with nothing but loopback: abstract Unix sockets are out of reach with it.
 * - The files are a view of their own (`file-view.ts`). A read-only mount does not keep anybody from connecting to a socket in it, so
 *   folders that hold sockets (`/run`, `/var`, the home directory) are not there at all, and any other socket is covered.
 * - Writable are the worktree, `/tmp` and an empty home directory. The worktree's `.git` is not: the person's git believes it.
 * - No capability is left, also as root. Root may write to `/proc/sys` by ownership alone (`core_pattern` names a program that the
 *   kernel starts), so that `/proc` is read-only for root.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isRoot } from '../is-root.ts';
import { fileView, type Mount, type SandboxPlace } from './file-view.ts';

/** The command in the sandbox. Makes folders in `temporary`. */
export async function sandboxed(command: readonly string[], place: SandboxPlace): Promise<readonly string[]> {
  const folders = { tmp: join(place.temporary, 'tmp'), home: join(place.temporary, 'home') };
  for (const folder of Object.values(folders)) await mkdir(folder, { recursive: true, mode: 0o700 });
  const mounts = await fileView(place, folders);
  return [
    'bwrap',
    ...['--unshare-user', '--unshare-net', '--unshare-pid', '--unshare-ipc', '--die-with-parent', '--new-session'],
    ...['--cap-drop', 'ALL'],
    ...mounts.flatMap(mountArguments),
    ...['--dev', '/dev', '--proc', '/proc'],
    ...(isRoot() ? ['--remount-ro', '/proc'] : []),
    ...['--remount-ro', '/', '--chdir', place.worktree, '--', ...command],
  ];
}

function mountArguments(mount: Mount): readonly string[] {
  switch (mount.kind) {
    case 'read-only':
      return ['--ro-bind-try', mount.source, mount.path];
    case 'writable':
      return ['--bind', mount.source, mount.path];
    case 'link':
      return ['--symlink', mount.to, mount.path];
    case 'empty':
      return ['--tmpfs', mount.path];
  }
}
