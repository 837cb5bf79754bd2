import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs';
import { isErrno } from '../files.ts';
import type { ProcessEntry, ProcessTable } from './process-table.ts';

/**
 * Linux: `/proc`. Synchronous reads on purpose: the kernel answers from memory (0.02 ms), a trip through the thread pool
 * takes longer than the answer.
 */
export const linuxProcesses: ProcessTable = {
  entry: async (pid) => readEntry(pid),
  all: async () => pids().flatMap((pid) => readEntry(pid) ?? []),
  withVariable: async (assignment) =>
    pids().filter((pid) => `\0${read(`/proc/${pid}/environ`)?.toString('latin1') ?? ''}\0`.includes(`\0${assignment}\0`)),
  workingIn: async (dir) =>
    pids().filter((pid) => {
      const cwd = attempt(() => readlinkSync(`/proc/${pid}/cwd`));
      // A deleted working directory reads `/path (deleted)`: still a process that works there.
      const path = cwd?.replace(/ \(deleted\)$/, '');
      return path !== undefined && (path === dir || path.startsWith(`${dir}/`));
    }),
  reaps: async (pid) => (read(`/proc/${pid}/comm`)?.toString('latin1') ?? '').trim() === 'systemd',
  startedAt: async (startTime) => {
    const boot = /^btime (\d+)$/m.exec(read('/proc/stat')?.toString('latin1') ?? '')?.[1];
    return boot === undefined ? null : Number(boot) * 1000 + (Number(startTime) * 1000) / TICKS_A_SECOND;
  },
  bootId: async () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
  pidNamespace: async () => readlinkSync('/proc/self/ns/pid'),
  machineId: async () => (read('/etc/machine-id') ?? read('/var/lib/dbus/machine-id'))?.toString('latin1').trim() ?? '',
};

/** `USER_HZ`: 100 on every architecture that Node runs on. */
const TICKS_A_SECOND = 100;

/** Parses `/proc/P/stat`. Fields count from after the *last* `)`: a program may call itself `x) S 1`. */
export function parseStat(pid: number, stat: string): ProcessEntry | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, parent] = fields;
  const startTime = fields[19];
  if (state === undefined || parent === undefined || startTime === undefined) return null;
  // X and x: being torn down, as good as gone.
  return { pid, parent: Number(parent), startTime, zombie: state === 'Z' || state === 'X' || state === 'x' };
}

function readEntry(pid: number): ProcessEntry | null {
  const stat = attempt(() => readStat(pid));
  return stat === undefined ? null : parseStat(pid, stat);
}

/** Into a buffer that is kept: for a file of unknown length `readFile` takes 64 kB, and a waiting process asks all day. */
function readStat(pid: number): string {
  const file = openSync(`/proc/${pid}/stat`, 'r');
  try {
    return statLine.toString('latin1', 0, readSync(file, statLine, 0, statLine.length, 0));
  } finally {
    closeSync(file);
  }
}

const statLine = Buffer.alloc(4096);

function pids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function read(path: string): Buffer | null {
  return attempt(() => readFileSync(path)) ?? null;
}

function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    // It ended between listing and reading, or belongs to another user: in both cases not copse's.
    if (isErrno(error, 'ENOENT', 'ESRCH', 'EACCES', 'EPERM', 'ENOTDIR')) return undefined;
    throw error;
  }
}
