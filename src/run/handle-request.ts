import { unreachable } from '../model/errors.ts';
import type { VariantName } from '../model/ids.ts';
import type { RunRequest } from '../model/run-state/run-request.ts';
import type { VariantState } from '../model/run-state/state.ts';
import { ending } from './ending.ts';
import type { RunLog } from './run-log.ts';

export interface Answer {
  readonly accepted: boolean;
  /** One sentence for the user. */
  readonly detail: string;
}

/** The actions that requests can trigger. */
export interface RequestPort {
  readonly log: RunLog;
  stopRun(force: boolean): Promise<void>;
  stopVariant(name: VariantName, force: boolean): void;
  isActive(name: VariantName): boolean;
  /** Lets a held variant be launched. */
  release(name: VariantName): void;
  /** Variants whose amendment was not sealed by this person's copse. */
  unsealed(request: Extract<RunRequest, { kind: 'retry' }>): Promise<readonly VariantName[]>;
  /** The run continues after a fatal ending. */
  reopen(): void;
}

/** Carries out a request; a refusal is an answer, not an error. */
export async function handleRequest(request: RunRequest, port: RequestPort): Promise<Answer> {
  const unknown = unknownNames(request, port.log);
  if (unknown.length > 0) return { accepted: false, detail: `The run has no variant ${unknown.join(', ')}.` };
  switch (request.kind) {
    case 'stop':
      return stop(request, port);
    case 'retry':
      return retry(request, port);
    case 'resume':
      return resume(port);
    default:
      return unreachable(request);
  }
}

async function stop(request: Extract<RunRequest, { kind: 'stop' }>, port: RequestPort): Promise<Answer> {
  if (request.variants.length === 0) {
    await port.stopRun(request.force);
    return { accepted: true, detail: 'The run is stopping.' };
  }
  const done = request.variants.filter((name) => isDone(port.log.variant(name)));
  for (const name of request.variants) {
    const variant = port.log.variant(name);
    if (port.isActive(name)) {
      port.stopVariant(name, request.force);
    } else if (variant.phase.kind === 'queued') {
      const { changes, heldBack } = variant;
      await port.log.record(ending(variant, false, { outcome: 'stopped', reason: '', changes, heldBack, notes: [] }));
    }
  }
  const working = request.variants.filter((name) => !done.includes(name));
  const parts = [
    ...(working.length === 0 ? [] : [`Stopping ${working.join(', ')}.`]),
    ...(done.length === 0
      ? []
      : [`The agent of ${done.join(', ')} has finished: its work is kept, and unfinished checks are not run.`]),
  ];
  return { accepted: true, detail: parts.join(' ') };
}

/** Its agent is, and only the checks are not. */
function isDone({ phase }: VariantState): boolean {
  return phase.kind === 'committing' || phase.kind === 'verifying';
}

async function retry(request: Extract<RunRequest, { kind: 'retry' }>, port: RequestPort): Promise<Answer> {
  if (port.log.state.phase.kind === 'stopping') return stopping(port);
  const busy = request.variants.filter((name) => port.log.variant(name).phase.kind !== 'finished');
  if (busy.length > 0) {
    return {
      accepted: false,
      detail: `${busy.join(', ')} ${busy.length === 1 ? 'is' : 'are'} not finished yet. Stop first: copse stop ${busy.join(' ')}`,
    };
  }
  const forged = await port.unsealed(request);
  if (forged.length > 0) return { accepted: false, detail: `Nobody approved the change of ${forged.join(', ')}.` };
  await unpause(port);
  for (const name of request.variants) {
    const amended = request.amendments?.[name];
    if (amended !== undefined) await port.log.record({ type: 'variant.amended', variant: name, ...amended });
    await port.log.record({
      type: 'variant.requeued',
      variant: name,
      reason: 'retry',
      kind: request.attempt,
      message: request.message,
    });
    port.release(name);
  }
  return { accepted: true, detail: `Continuing ${request.variants.join(', ')}.` };
}

async function resume(port: RequestPort): Promise<Answer> {
  if (port.log.state.phase.kind === 'stopping') return stopping(port);
  await unpause(port);
  const { log } = port;
  const queued: VariantName[] = [];
  for (const variant of log.state.variants) {
    if (variant.phase.kind === 'finished' && variant.phase.outcome === 'limited') {
      await log.record({ type: 'variant.requeued', variant: variant.name, reason: 'resume', kind: 'continue', message: null });
      queued.push(variant.name);
    } else if (variant.phase.kind === 'queued') {
      queued.push(variant.name);
    }
    port.release(variant.name);
  }
  if (queued.length === 0) return { accepted: true, detail: 'Nothing is queued.' };
  return { accepted: true, detail: `Starting ${queued.join(', ')}.` };
}

/** A variant queued now would end at once, or never be launched. */
function stopping({ log }: RequestPort): Answer {
  return { accepted: false, detail: `It is stopping. Wait until it has stopped, then try again: copse wait ${log.state.id}` };
}

/** The user acts: a pause that waits for that is over. A rate limit's pause ends only at its reset. */
async function unpause({ log, reopen }: RequestPort): Promise<void> {
  reopen();
  if (log.state.phase.kind === 'paused' && log.state.phase.until === null) await log.record({ type: 'run.resumed' });
}

/** A request is a file that any program may have written: its variants may not exist. */
function unknownNames(request: RunRequest, { state }: RunLog): readonly VariantName[] {
  if (request.kind === 'resume') return [];
  return request.variants.filter((name) => !state.variants.some((variant) => variant.name === name));
}
