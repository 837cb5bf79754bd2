import type { Clock } from '../model/clock.ts';
import type { PlannedServe } from '../model/plan.ts';
import { listeningPorts } from '../system/listening-ports.ts';
import { strangerOn } from '../system/port-strangers.ts';
import { descendantsOfAll, findByMarker } from '../system/processes/process-identity.ts';
import type { PrintedOutput } from './printed-output.ts';
import { type LoopbackHost, type Probe, probePath, probePort, probeUrl } from './probe-server.ts';
import * as say from './server-messages.ts';

export type ReadyVerdict =
  | { readonly kind: 'ready'; readonly host: LoopbackHost }
  | { readonly kind: 'failed'; readonly detail: string }
  /** It ended, or was stopped. */
  | { readonly kind: 'over' };

const PROBE_EVERY_MS = 50;
/** How often it is looked for on other ports: reading the table of processes takes milliseconds. */
const SEARCH_EVERY_MS = 1_000;
/** A server that says that it listens elsewhere, and does, has had its time. */
const ELSEWHERE_MS = 3_000;

/** Waits until a server is up, has taken too long, or is up on another port than its own. */
export async function untilReady(o: {
  readonly serve: PlannedServe;
  readonly port: number;
  readonly marker: string;
  readonly printed: PrintedOutput;
  readonly tail: () => readonly string[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onDetail: (detail: string) => void;
}): Promise<ReadyVerdict> {
  const { clock, port, serve, signal } = o;
  const started = clock.monotonicMs();
  let searched = started;
  let elsewhere = null as { readonly ports: readonly number[]; readonly since: number } | null;
  let last: Found = { up: null, why: '' };
  // Asked in parallel with the clock: an answer may have to wait for a build.
  const asking = new AbortController();
  const over = AbortSignal.any([signal, asking.signal]);
  let asked: Promise<void> | null = null;
  const ask = async (): Promise<void> => {
    last = await look(o, over);
    asked = null;
  };
  try {
    while (!signal.aborted) {
      if (last.up !== null) {
        // Between the choice of the port and the listening another program can take it: its page would be shown as the variant.
        const stranger = await strangerOn(port, await processesOf(o.marker));
        return stranger === null ? { kind: 'ready', host: last.up } : { kind: 'failed', detail: say.portStolen(port, stranger) };
      }
      const now = clock.monotonicMs();
      if (now - searched >= SEARCH_EVERY_MS) {
        searched = now;
        const ports = await portsElsewhere(o.marker, port);
        if (ports.length === 0) elsewhere = null;
        else {
          elsewhere = { ports, since: elsewhere?.since ?? now };
          o.onDetail(say.elsewhere(ports, port));
          const named = ports.filter((one) => o.printed.ports.has(one));
          if (named.length > 0 && now - elsewhere.since >= ELSEWHERE_MS)
            return { kind: 'failed', detail: say.elsewhere(named, port) };
        }
      }
      if (now - started >= serve.timeoutMs) {
        const detail = elsewhere === null ? last.why : say.elsewhere(elsewhere.ports, port);
        return { kind: 'failed', detail: detail === '' ? say.silent(say.noPort(port), serve.timeoutMs, o.tail()) : detail };
      }
      asked ??= ask();
      const nap = clock.sleep(PROBE_EVERY_MS, signal);
      await Promise.race([nap, asked]);
      if (last.up === null) await nap;
    }
    return { kind: 'over' };
  } finally {
    asking.abort();
  }
}

/** `why`: the reason it is not up. */
interface Found {
  readonly up: LoopbackHost | null;
  readonly why: string;
}

async function look(o: Parameters<typeof untilReady>[0], signal: AbortSignal): Promise<Found> {
  const { port, serve } = o;
  const { ready, timeoutMs } = serve;
  if (ready.kind === 'path')
    return verdict(await probePath(port, ready.path, signal), ready.path, say.noAnswer(port, ready.path), o);
  if (ready.kind === 'url') {
    const found = verdict(await probeUrl(ready.url, signal), ready.url, say.noUrl(ready.url), o);
    if (found.up === null) return found;
  } else if (!o.printed.seen) return { up: null, why: say.silent(say.noText(ready.text), timeoutMs, o.tail()) };
  // Its page is on its own port, wherever it says that it is ready.
  return verdict(await probePort(port, signal), '', say.noPort(port), o);
}

function verdict(probe: Probe, what: string, silence: string, o: Parameters<typeof untilReady>[0]): Found {
  const { timeoutMs } = o.serve;
  switch (probe.kind) {
    case 'answers':
      return { up: probe.host, why: '' };
    case 'status':
      return { up: null, why: say.answersBadly(probe.status, what, timeoutMs) };
    case 'silent':
      return { up: null, why: say.silent(silence, timeoutMs, o.tail()) };
  }
}

/** Ports that the server listens on, if its own is not among them. */
async function portsElsewhere(marker: string, port: number): Promise<readonly number[]> {
  const ports = await listeningPorts(await processesOf(marker));
  return ports.includes(port) ? [] : ports;
}

/** The server and all that it started, also what dropped its environment. */
async function processesOf(marker: string): Promise<readonly number[]> {
  const marked = (await findByMarker(marker)).map(({ pid }) => pid);
  return [...marked, ...(await descendantsOfAll(new Set(marked))).map(({ pid }) => pid)];
}
