import { realpath } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { ProcessIdentity } from '../../model/attempt.ts';
import { linuxProcesses } from './linux-processes.ts';
import { macosProcesses } from './macos-processes.ts';
import type { ProcessEntry, ProcessTable } from './process-table.ts';

const table: ProcessTable = process.platform === 'darwin' ? macosProcesses : linuxProcesses;

/** Name of the environment variable by which descendants are found that left their parent's session. */
export const MARKER_VARIABLE = 'COPSE_MARKER';

export interface HostIdentity {
  /** Host name and machine id: equal only on the same machine. For people, the part before `#`. */
  readonly host: string;
  readonly bootId: string;
  readonly pidNamespace: string;
}

let bootIdOnce: Promise<string> | undefined;
/** Cannot change while we live. */
function bootId(): Promise<string> {
  bootIdOnce ??= table.bootId();
  return bootIdOnce;
}

let hostOnce: Promise<HostIdentity> | undefined;
/** The machine, boot and pid namespace that our pids belong to. */
export function hostIdentity(): Promise<HostIdentity> {
  hostOnce ??= (async () => {
    const [boot, pidNamespace, machineId] = await Promise.all([bootId(), table.pidNamespace(), table.machineId()]);
    return { host: `${hostname()}#${machineId}`, bootId: boot, pidNamespace };
  })();
  return hostOnce;
}

/** The process with this pid now; null: none, or only a zombie, which still answers `kill 0` but no longer runs. */
export async function identityOf(pid: number): Promise<ProcessIdentity | null> {
  const entry = await table.entry(pid);
  return entry === null || entry.zombie ? null : identify(entry, await bootId());
}

/** When the process with this pid began (ms since 1970; null: unknown); null: there is none. */
export async function startOf(pid: number): Promise<{ readonly startTime: string; readonly at: number | null } | null> {
  const entry = await table.entry(pid);
  if (entry === null || entry.zombie) return null;
  return { startTime: entry.startTime, at: await table.startedAt(entry.startTime) };
}

/** As {@link identityOf}, but also of a child process that ended and was not collected yet. */
export async function identityOfChild(pid: number): Promise<ProcessIdentity | null> {
  const entry = await table.entry(pid);
  return entry === null ? null : identify(entry, await bootId());
}

let ownOnce: Promise<ProcessIdentity> | undefined;
/** This process. */
export function ownIdentity(): Promise<ProcessIdentity> {
  ownOnce ??= (async () => {
    const own = await identityOf(process.pid);
    if (own === null) throw new Error(`our own process ${process.pid} is not in the process table`);
    return own;
  })();
  return ownOnce;
}

/** Whether exactly this process still runs: same pid, start time and boot, not a zombie. */
export async function isRunning(p: ProcessIdentity): Promise<boolean> {
  const now = await identityOf(p.pid);
  return now !== null && now.startTime === p.startTime && now.bootId === p.bootId;
}

/**
 * Whether a process that some copse noted down, perhaps elsewhere, is provably dead (false), alive (true), or out of our sight.
 * An equal boot id and namespace make pids comparable whatever the host is called now; another boot id proves death only on
 * the same machine.
 */
export async function isAliveOn(p: ProcessIdentity, on: HostIdentity): Promise<boolean | 'unknown'> {
  const here = await hostIdentity();
  if (on.bootId === here.bootId) return on.pidNamespace === here.pidNamespace ? isRunning(p) : 'unknown';
  return on.host === here.host ? false : 'unknown';
}

/** Everything below a process in the tree, itself not included, zombies left out. */
export async function descendantsOf(pid: number): Promise<ProcessIdentity[]> {
  return descendantsOfAll(new Set([pid]));
}

/** As {@link descendantsOf}, as it was up to a second ago: whoever asks for many attempts all the time shares one look. */
export async function descendantsLately(pid: number): Promise<ProcessIdentity[]> {
  const now = performance.now();
  if (lately === null || now - lately.at > LATELY_MS) lately = { at: now, entries: table.all() };
  return below(new Set([pid]), await lately.entries);
}

const LATELY_MS = 900;
let lately: { readonly at: number; readonly entries: Promise<ProcessEntry[]> } | null = null;

/** Everything below any of these processes, themselves not included, zombies left out; one look at the table. */
export async function descendantsOfAll(roots: ReadonlySet<number>): Promise<ProcessIdentity[]> {
  return below(roots, await table.all());
}

async function below(roots: ReadonlySet<number>, entries: readonly ProcessEntry[]): Promise<ProcessIdentity[]> {
  const boot = await bootId();
  const children = new Map<number, ProcessEntry[]>();
  for (const entry of entries) {
    const siblings = children.get(entry.parent);
    if (siblings === undefined) children.set(entry.parent, [entry]);
    else siblings.push(entry);
  }
  const found = new Map<number, ProcessEntry>();
  const pending = [...roots];
  for (let here = pending.pop(); here !== undefined; here = pending.pop()) {
    for (const child of children.get(here) ?? []) {
      if (found.has(child.pid) || roots.has(child.pid)) continue;
      found.set(child.pid, child);
      pending.push(child.pid);
    }
  }
  return [...found.values()].filter((entry) => !entry.zombie).map((entry) => identify(entry, boot));
}

/** Processes that were started with `COPSE_MARKER=<marker>`, wherever they are in the tree. `env -i` escapes this. */
export async function findByMarker(marker: string): Promise<ProcessIdentity[]> {
  return identifyAll(await table.withVariable(`${MARKER_VARIABLE}=${marker}`));
}

/** Whether one began before another of the same boot. */
export function startedBefore(a: ProcessIdentity, b: ProcessIdentity): boolean {
  const order = ({ startTime }: ProcessIdentity): number => (/^\d+$/.test(startTime) ? Number(startTime) : Date.parse(startTime));
  return order(a) < order(b);
}

/** Whether its parent has ended: a process then hangs below init, or below the session's service manager. */
export async function isOrphan(pid: number): Promise<boolean> {
  const parent = (await table.entry(pid))?.parent ?? null;
  return parent === 1 || (parent !== null && (await table.reaps(parent)));
}

/** Processes whose working directory is `dir` or below it. */
export async function findWorkingIn(dir: string): Promise<ProcessIdentity[]> {
  return identifyAll(await table.workingIn(await realpath(dir)));
}

async function identifyAll(pids: readonly number[]): Promise<ProcessIdentity[]> {
  const identities = await Promise.all(pids.map(identityOf));
  return identities.filter((identity) => identity !== null);
}

function identify(entry: ProcessEntry, boot: string): ProcessIdentity {
  return { pid: entry.pid, startTime: entry.startTime, bootId: boot };
}
