import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { isErrno } from './files.ts';
import { isRoot } from './is-root.ts';
import { listeningPorts } from './listening-ports.ts';

/** A program that listens on a port and is none of those that should. */
export interface Stranger {
  /** null: another user's, whose processes we may not look into. */
  readonly pid: number | null;
  readonly uid: number | null;
}

/** Programs that listen for containers: started by a service, so that they are no descendants of the process that asked for the container. */
const FORWARDERS = new Set([
  'docker-proxy',
  'rootlessport',
  'rootlesskit',
  'slirp4netns',
  'pasta',
  'pasta.avx2',
  'gvproxy',
  'conmon',
]);

/**
 * A process that listens on a port of loopback and is neither one of these nor forwards to a container; null: none. IPv4 and IPv6 are
 * two ports of the same number: a stranger on either counts.
 */
export async function strangerOn(port: number, pids: readonly number[]): Promise<Stranger | null> {
  // macOS does not show the listening process, of other users not even that there is one.
  if (process.platform === 'darwin') return (await listeningPorts(pids)).includes(port) ? null : { pid: null, uid: null };
  const own = new Set(pids.flatMap(socketsOf));
  const others = listeners(port).filter(({ inode }) => !own.has(inode));
  // Only root sees the sockets of root's processes, and Docker listens as root.
  const strangers = others.filter(({ uid }) => uid !== 0 || isRoot());
  if (strangers.length === 0) return null;
  const holders = new Map(allPids().flatMap((pid) => socketsOf(pid).map((inode) => [inode, pid] as const)));
  for (const { inode, uid } of strangers) {
    const pid = holders.get(inode) ?? null;
    if (pid === null || !FORWARDERS.has(nameOf(pid))) return { pid, uid };
  }
  return null;
}

interface Listener {
  readonly inode: string;
  readonly uid: number;
}

/** Loopback and all addresses, as the kernel writes them: words of four bytes, each in the machine's order. */
const LOCAL = /^(?:0{8}|0100007F|0{32}|0{24}01000000|0{16}FFFF00000100007F)$/i;

function listeners(port: number): Listener[] {
  return ['tcp', 'tcp6'].flatMap((table) =>
    (attempt(() => readFileSync(`/proc/self/net/${table}`, 'latin1')) ?? '').split('\n').flatMap((line): Listener[] => {
      const [, local = '', , state, , , , uid, , inode] = line.trim().split(/\s+/);
      const [address = '', at = ''] = local.split(':');
      // 0A: TCP_LISTEN (include/net/tcp_states.h).
      if (state !== '0A' || inode === undefined || Number.parseInt(at, 16) !== port || !LOCAL.test(address)) return [];
      return [{ inode, uid: Number(uid) }];
    }),
  );
}

function socketsOf(pid: number): string[] {
  return (attempt(() => readdirSync(`/proc/${pid}/fd`)) ?? []).flatMap(
    (fd) => /^socket:\[(\d+)\]$/.exec(attempt(() => readlinkSync(`/proc/${pid}/fd/${fd}`)) ?? '')?.[1] ?? [],
  );
}

function allPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function nameOf(pid: number): string {
  return (attempt(() => readFileSync(`/proc/${pid}/comm`, 'utf8')) ?? '').trim();
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
