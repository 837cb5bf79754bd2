import type { Clock } from '../model/clock.ts';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { RunId, VariantName } from '../model/ids.ts';
import type { Store } from '../store/layout.ts';
import { listServing, removeServing, type Serving } from '../store/serving.ts';
import { isRunning } from '../system/processes/process-identity.ts';
import { signalIfRunning } from '../system/processes/signal-if-running.ts';
import { stopProcesses } from '../system/processes/stop-processes.ts';
import { stopServing } from '../worktree/stop-serving.ts';

/** As long as the most stubborn server takes to be killed, and more. */
const ENDS_MS = 15_000;
const LOOK_EVERY_MS = 50;

export interface StoppedServing {
  readonly labels: readonly string[];
  /** Pids that outlived SIGKILL. */
  readonly survivors: readonly number[];
}

/** Ends everything that serves in this repository, in the foreground or not. `force`: kills it at once. */
export async function stopAllServing(
  store: Store,
  o: { readonly force: boolean; readonly clock: Clock },
): Promise<StoppedServing> {
  const all = await listServing(store);
  const foreign = all.find(({ alive }) => alive === 'unknown');
  const here = all.filter(({ alive }) => alive !== 'unknown');
  const stopped = await Promise.all(here.map((serving) => stopOne(store, serving, o)));
  if (here.length === 0 && foreign !== undefined) throw elsewhere(foreign);
  return { labels: stopped.flatMap(({ labels }) => labels), survivors: stopped.flatMap(({ survivors }) => survivors) };
}

async function stopOne(
  store: Store,
  { record }: Serving,
  o: { readonly force: boolean; readonly clock: Clock },
): Promise<StoppedServing> {
  const deadline = o.clock.monotonicMs() + (o.force ? 0 : ENDS_MS);
  // It ends its servers itself, and those that it may be about to start.
  await signalIfRunning(record.owner, o.force ? 'SIGKILL' : 'SIGTERM');
  while (o.clock.monotonicMs() < deadline && (await isRunning(record.owner))) await o.clock.sleep(LOOK_EVERY_MS);
  await signalIfRunning(record.owner, 'SIGKILL');
  const ended = await Promise.all(
    record.servers.map(({ marker }) => stopProcesses({ root: null, marker, graceMs: 2_000, force: o.force, clock: o.clock })),
  );
  const survivors = ended.flat();
  if (survivors.length === 0) await removeServing(store, record.id, { output: 'removed' });
  const up = record.servers.filter(({ state }) => state !== 'stopped' && state !== 'failed');
  return { labels: up.map(({ label }) => label), survivors };
}

function elsewhere({ record }: Serving): CopseError {
  return new CopseError({
    code: 'served-elsewhere',
    exit: EXIT.precondition,
    what: `They are served by pid ${record.owner.pid} on ${record.host.host.split('#')[0] ?? ''}, or in a container there.`,
    why: 'It cannot be stopped from here.',
    hint: 'Run this there: copse stop --serve',
  });
}

/** Stops the servers of these variants, whichever command serves them; others keep running. */
export async function stopServed(
  store: Store,
  variants: readonly { readonly run: RunId; readonly variant: VariantName }[],
  o: { readonly force: boolean },
): Promise<StoppedServing> {
  const stopped = await Promise.all(variants.map((one) => stopServing({ store, ...one, force: o.force })));
  return {
    labels: variants.filter((_, i) => stopped[i] !== null).map(({ variant }) => variant),
    survivors: stopped.flatMap((survivors) => survivors ?? []),
  };
}
