import type { ProcessIdentity } from '../../model/attempt.ts';
import type { Clock } from '../../model/clock.ts';
import { systemClock } from '../system-clock.ts';
import { descendantsOfAll, findByMarker, isRunning, ownIdentity } from './process-identity.ts';
import { signalIfRunning } from './signal-if-running.ts';

export interface StopOptions {
  /** Top of the tree; null if only the marker is known. */
  readonly root: ProcessIdentity | null;
  /** Value of `COPSE_MARKER`: finds what left the tree. */
  readonly marker: string | null;
  /** More that belong to it. */
  readonly also?: readonly ProcessIdentity[];
  /** Between two signals; default 3 s. */
  readonly graceMs?: number;
  /** SIGKILL at once. */
  readonly force?: boolean;
  readonly clock?: Clock;
}

/** SIGINT first: Claude Code then ends its own children and writes a result. */
const GENTLE: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGKILL'];
const DEFAULT_GRACE_MS = 3_000;
const LOOK_EVERY_MS = 40;

/**
 * Stops a process, everything below it and everything with its marker: one signal after the other, listing anew until none is
 * left. Each process's identity is checked right before each signal, so a recycled pid is never hit; nor is this process.
 * Resolves with the pids that outlived even SIGKILL.
 */
export async function stopProcesses(o: StopOptions): Promise<number[]> {
  const clock = o.clock ?? systemClock;
  const graceMs = o.graceMs ?? DEFAULT_GRACE_MS;
  const known = new Map<string, ProcessIdentity>();
  for (const one of [...(o.root === null ? [] : [o.root]), ...(o.also ?? [])]) known.set(keyOf(one), one);
  for (const signal of o.force === true ? (['SIGKILL'] as const) : GENTLE) {
    const signalled = new Set<string>();
    const deadline = clock.monotonicMs() + graceMs;
    for (;;) {
      const targets = await listTargets(o.marker, known);
      if (targets.length === 0) return [];
      for (const target of targets) {
        if (signalled.has(keyOf(target))) continue;
        signalled.add(keyOf(target));
        await signalIfRunning(target, signal);
      }
      if (clock.monotonicMs() >= deadline) break;
      await clock.sleep(LOOK_EVERY_MS);
    }
  }
  return (await onlyRunning(known)).map((process) => process.pid);
}

/**
 * The processes of the tree that run, or ran when the look began: a process that ends meanwhile may have started one that the look missed, so only
 * a look that began with none is the last. Everything once seen stays in `known`: a child whose parent ended is below init and cannot
 * be found from the root any more, and it may have children itself.
 */
async function listTargets(marker: string | null, known: Map<string, ProcessIdentity>): Promise<ProcessIdentity[]> {
  const self = await ownIdentity();
  const targets = new Map<string, ProcessIdentity>();
  const add = (found: readonly ProcessIdentity[]): void => {
    for (const process of found) if (process.pid !== self.pid) targets.set(keyOf(process), process);
  };
  add(await onlyRunning(known));
  if (marker !== null) add(await findByMarker(marker));
  // Only below processes with a proven identity: children of others are not copse's.
  add(await descendantsOfAll(new Set([...targets.values()].map((process) => process.pid))));
  for (const [key, target] of targets) known.set(key, target);
  return [...targets.values()];
}

async function onlyRunning(known: ReadonlyMap<string, ProcessIdentity>): Promise<ProcessIdentity[]> {
  const all = [...known.values()];
  const running = await Promise.all(all.map(isRunning));
  return all.filter((_, index) => running[index] === true);
}

function keyOf(process: ProcessIdentity): string {
  return `${process.pid} ${process.startTime} ${process.bootId}`;
}
