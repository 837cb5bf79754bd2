import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { isErrno } from './files.ts';
import { runCommand } from './processes/run-command.ts';

/** TCP ports that any of these processes listens on, ascending; those of processes that we may not look into are left out. */
export async function listeningPorts(pids: readonly number[]): Promise<readonly number[]> {
  if (pids.length === 0) return [];
  const found = process.platform === 'darwin' ? await askLsof(pids) : askProc(pids);
  return [...new Set(found)].sort((a, b) => a - b);
}

/** Linux: the sockets of a process by inode, and the kernel's facts about each inode. */
function askProc(pids: readonly number[]): number[] {
  const ports = new Map<string, number>();
  // A process in its own network namespace (bubblewrap, a container) sees other tables; that of the first speaks for all.
  for (const table of ['tcp', 'tcp6']) {
    for (const [inode, port] of parseListeners(attempt(() => readFileSync(`/proc/${pids[0]}/net/${table}`, 'latin1')) ?? ''))
      ports.set(inode, port);
  }
  return pids.flatMap((pid) =>
    (attempt(() => readdirSync(`/proc/${pid}/fd`)) ?? []).flatMap((fd) => {
      const inode = /^socket:\[(\d+)\]$/.exec(attempt(() => readlinkSync(`/proc/${pid}/fd/${fd}`)) ?? '')?.[1];
      return (inode === undefined ? undefined : ports.get(inode)) ?? [];
    }),
  );
}

/** Inode and port of each listening socket in the text of `/proc/net/tcp` or `tcp6`. */
export function parseListeners(table: string): [inode: string, port: number][] {
  return table.split('\n').flatMap((line): [string, number][] => {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    const port = local?.split(':').at(-1);
    // 0A: TCP_LISTEN (include/net/tcp_states.h).
    return state === '0A' && port !== undefined && inode !== undefined ? [[inode, Number.parseInt(port, 16)]] : [];
  });
}

async function askLsof(pids: readonly number[]): Promise<number[]> {
  const args = ['-nP', '-a', '-iTCP', '-sTCP:LISTEN', '-p', pids.join(','), '-Fn'];
  const env = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' };
  const { stdout } = await runCommand('lsof', args, { cwd: '/', env, timeoutMs: 10_000 });
  return [...stdout.toString('latin1').matchAll(/^n.*:(\d+)$/gm)].map((match) => Number(match[1]));
}

function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    // It ended meanwhile, or belongs to another user.
    if (isErrno(error, 'ENOENT', 'ESRCH', 'EACCES', 'EPERM', 'ENOTDIR', 'EINVAL')) return undefined;
    throw error;
  }
}
