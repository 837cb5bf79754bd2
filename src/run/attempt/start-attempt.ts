import { randomUUID } from 'node:crypto';
import { dirname } from 'node:path';
import type { AttemptReader } from '../../agent/backend.ts';
import { backendFor } from '../../agent/backend-for.ts';
import type { AttemptKind, AttemptVerdict, ProcessIdentity } from '../../model/attempt.ts';
import { CopseError } from '../../model/errors.ts';
import { NO_TOKENS } from '../../model/outcome.ts';
import { modelOf, type PlannedVariant } from '../../model/plan.ts';
import type { AttemptState } from '../../model/run-state/state.ts';
import { failpoint } from '../../system/failpoint.ts';
import { makePrivateDirectory } from '../../system/files.ts';
import { spawnDetached } from '../../system/processes/spawn-detached.ts';
import { stopProcesses } from '../../system/processes/stop-processes.ts';
import { makeTemporary, removeTemporary, temporaryPath } from '../../system/temporary-folders.ts';
import type { WorktreeHandle } from '../../worktree/create-worktree.ts';
import { secretValues, variantVariables } from '../command-variables.ts';
import type { RunContext } from '../run-context.ts';
import { type AttemptEnd, AttemptWatch } from './attempt-watch.ts';
import { AttemptEvents } from './events-of-attempt.ts';
import { attemptMarker } from './marker.ts';
import { continuedSession, messageOf } from './session.ts';
import { shimmed } from './shim.ts';

/** From `result` to the end of the process; then it is stopped and the result counts. */
const GRACE_MS = 20_000;
/** The shim's limit is later than the supervisor's: it acts alone only if no supervisor lives. */
const SHIM_MARGIN_MS = 15_000;

export interface AttemptAsk {
  readonly kind: AttemptKind;
  /** The message to a continued session; null: the plan's prompt. */
  readonly message: string | null;
  readonly budgetUsd: number;
}

/** A running attempt: a way to stop it, and its end. */
export interface RunningAttempt {
  readonly number: number;
  readonly watch: AttemptWatch;
  readonly end: Promise<AttemptEnd>;
}

/**
 * Starts the next attempt of a variant in its worktree and follows it. A later supervisor can compute its marker,
 * so after a crash between the start and its record the attempt is found.
 */
export async function startAttempt(
  context: RunContext,
  variant: PlannedVariant,
  worktree: WorktreeHandle,
  ask: AttemptAsk,
): Promise<RunningAttempt | AttemptVerdict> {
  const { log, paths, plan } = context;
  const before = log.variant(variant.name);
  const number = before.attempts.length + 1;
  const session = continuedSession(before.attempts, ask.kind);
  const sessionId = session?.sessionId ?? randomUUID();
  const files = paths.attempt(variant.name, number);
  const backend = backendFor(variant.runner);
  const marker = attemptMarker(paths, variant.name, number);
  await makePrivateDirectory(dirname(files.stdout));
  await makePrivateDirectory(files.extras);
  const temporary = await makeTemporary(context.environment, marker);
  const prepared = await backend.prepare({
    variant,
    plan,
    worktree: worktree.path,
    files,
    temporary,
    sessionId,
    resume: session !== null,
    message: messageOf(variant.prompt, before, session, ask),
    budgetUsd: ask.budgetUsd,
    environment: context.environment,
    variables: variantVariables(context, variant, worktree),
    sessionCostUsd: session?.costUsd ?? 0,
  });
  let process: ProcessIdentity;
  try {
    process = await spawnDetached(
      shimmed({
        exitFile: files.exit,
        wallMs: variant.limits.timeoutMs + SHIM_MARGIN_MS,
        promptFile: prepared.stdin,
        command: [prepared.file, ...prepared.args],
      }),
      {
        cwd: worktree.path,
        env: { ...prepared.env, COPSE_MARKER: marker },
        stdin: null,
        stdout: files.stdout,
        stderr: files.stderr,
      },
    );
  } catch (error) {
    await removeTemporary(context.environment, marker);
    if (!(error instanceof CopseError)) throw error;
    return couldNotStart(error);
  }
  failpoint('attempt-spawned');
  try {
    await log.record({
      type: 'attempt.started',
      variant: variant.name,
      attempt: number,
      kind: ask.kind,
      sessionId,
      process,
      marker,
      reservedUsd: ask.budgetUsd,
      model: modelOf(variant.runner),
      sessionCostUsd: session?.costUsd ?? 0,
    });
  } catch (error) {
    // It would be unknown: it must not keep spending.
    await stopProcesses({ root: process, marker, force: true, clock: context.clock });
    throw error;
  }
  failpoint('attempt-started');
  const reader = backend.reader({
    sessionCostUsd: session?.costUsd ?? 0,
    secretValues: [...prepared.secretValues, ...secretValues(context, variant)],
    model: modelOf(variant.runner),
  });
  return follow(context, variant, { number, process, marker, reader, ranMs: 0 });
}

/** Follows an attempt that an earlier supervisor started, alive or not. */
export function adoptAttempt(context: RunContext, variant: PlannedVariant, attempt: AttemptState): RunningAttempt {
  const backend = backendFor(variant.runner);
  const reader = backend.reader({
    sessionCostUsd: attempt.sessionCostUsd,
    secretValues: [...backend.secretValues(context.environment), ...secretValues(context, variant)],
    model: attempt.model,
  });
  const ranMs = Math.max(0, context.clock.now().getTime() - Date.parse(attempt.startedAt));
  return follow(context, variant, { number: attempt.attempt, process: attempt.process, marker: attempt.marker, reader, ranMs });
}

function follow(
  context: RunContext,
  variant: PlannedVariant,
  {
    number,
    process,
    marker,
    reader,
    ranMs,
  }: {
    readonly number: number;
    readonly process: ProcessIdentity;
    readonly marker: string;
    readonly reader: AttemptReader;
    readonly ranMs: number;
  },
): RunningAttempt {
  const record = (body: Parameters<typeof context.log.record>[0]): void => {
    // Ordered by the log itself; these are not awaited.
    context.log.record(body).catch(context.onFailure);
  };
  const events = new AttemptEvents({ variant: variant.name, attempt: number, clock: context.clock, record });
  const watch = new AttemptWatch({
    process,
    marker,
    files: context.paths.attempt(variant.name, number),
    worktree: context.log.variant(variant.name).worktree,
    temporary: () => temporaryPath(context.environment, marker),
    reader,
    limits: { timeoutMs: variant.limits.timeoutMs, idleTimeoutMs: variant.limits.idleTimeoutMs, graceMs: GRACE_MS },
    ranMs,
    clock: context.clock,
    onSignal: (signal) => {
      events.signal(signal);
      if (signal.kind === 'fatal') context.onFatal(signal.fatal, signal.message);
    },
    onNote: (note) => record({ type: 'run.noted', note }),
    onTick: () => events.tick(),
  });
  const end = watch.end().then(async (ended) => {
    events.flush();
    const left = await removeTemporary(context.environment, marker);
    if (left !== null) record({ type: 'run.noted', note: left });
    return ended;
  });
  return { number, watch, end };
}

/** The verdict of an attempt that never ran. */
export function couldNotStart(error: CopseError): AttemptVerdict {
  return {
    outcome: 'failed',
    reason: error.message,
    fatal: null,
    transient: false,
    modelNotFound: false,
    resetsAt: null,
    sessionId: null,
    model: null,
    turns: 0,
    tokens: NO_TOKENS,
    costUsd: 0,
    costEstimated: false,
    denials: [],
    summary: '',
  };
}
