import { portRegistry } from '../config/port-registry.ts';
import { loadSettings } from '../config/settings/load-settings.ts';
import { isPlanApproved } from '../config/trust/plan-approval.ts';
import { agentsBegin } from '../git/guard/git-guard.ts';
import { openRepository } from '../git/spawn/repository.ts';
import { refused } from '../git/worktree/own-path.ts';
import type { Clock } from '../model/clock.ts';
import type { RunId } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import { readPlan } from '../store/events/run-snapshot.ts';
import { type RunPaths, runPaths, storeAt } from '../store/layout.ts';
import { acquireLock } from '../store/lock.ts';
import { requirePlainRun, requirePlainStore } from '../store/plain-store.ts';
import { putRequest } from '../store/request-files.ts';
import { writeSupervisor } from '../store/supervisor-record.ts';
import type { Environment } from '../system/environment.ts';
import { failpoint } from '../system/failpoint.ts';
import { hostIdentity, identityOf } from '../system/processes/process-identity.ts';
import { stopProcesses } from '../system/processes/stop-processes.ts';
import { requireApproval } from './approval.ts';
import { attemptMarker } from './attempt/marker.ts';
import { Notices, noticeOf } from './notices.ts';
import { RunLog } from './run-log.ts';
import { Supervisor } from './supervisor.ts';

/** `start`: a new run. `adopt`: settle what a dead supervisor left. `resume`: that, and launch what is queued. */
export type SuperviseMode = 'start' | 'adopt' | 'resume';

export interface SuperviseOptions {
  readonly commonDir: string;
  readonly run: RunId;
  readonly mode: SuperviseMode;
  readonly pid: number;
  readonly environment: Environment;
  readonly clock: Clock;
  readonly notify: boolean;
  /** For `supervisor.log`. */
  readonly onNote: (sentence: string) => void;
}

/** The life of a supervisor process: lock, record, log, work. Throws `CopseError` `locked` if another one lives. */
export async function supervise(o: SuperviseOptions): Promise<void> {
  const store = storeAt(o.commonDir);
  const paths = runPaths(store, o.run);
  requirePlainStore(store);
  requirePlainRun(paths);
  const lock = await acquireLock(paths.lock, { purpose: `supervisor of ${o.run}`, waitMs: 2_000, clock: o.clock });
  try {
    const plan = await readPlan(paths);
    if (o.mode !== 'adopt') await requireApproval(plan, o.environment);
    const approved = await isPlanApproved(plan, o.environment);
    const repository = await openRepository(plan.repository.root, { known: true });
    if (repository.commonDir !== o.commonDir) throw refused(plan.repository.root, 'The run belongs to another repository.');
    await agentsBegin(repository, o.run, o.clock.now());
    const log = await RunLog.open(paths, o.clock);
    const notices = o.notify ? await noticesFor(log, plan, o) : null;
    const identity = await identityOf(o.pid);
    if (identity === null) throw new Error('a living process has an identity');
    await writeSupervisor(paths, { identity, host: await hostIdentity(), nonce: lock.nonce, generation: log.generation });
    const supervisor = new Supervisor({
      plan,
      paths,
      store,
      repository,
      log,
      clock: o.clock,
      environment: o.environment,
      portRegistry: portRegistry(o.environment, store),
      ownRefs: new Map(),
      approved,
    });
    if (o.mode === 'start' && log.state.phase.kind === 'created') {
      await log.record({ type: 'run.started', supervisor: identity });
      failpoint('supervisor-started');
      await supervisor.start();
    } else {
      await log.record({ type: 'run.adopted', supervisor: identity, launches: o.mode !== 'adopt' });
      failpoint('supervisor-adopted');
      await takeOver(log, paths, o.clock);
      await supervisor.adopt(o.mode !== 'adopt');
    }
    await notices?.settled();
  } finally {
    await lock.release();
  }
}

/** Tells the person of what happens, as their settings say now. */
async function noticesFor(
  log: RunLog,
  plan: Plan,
  { environment, onNote }: Pick<SuperviseOptions, 'environment' | 'onNote'>,
): Promise<Notices> {
  const { settings } = await loadSettings({ root: plan.repository.root, environment, flags: {} });
  const notices = new Notices(settings.notify.value, { environment, cwd: plan.repository.root, onFailure: onNote });
  log.onRecorded = (event, state) => {
    const notice = noticeOf(event, state);
    if (notice !== null) notices.send(notice);
  };
  return notices;
}

/**
 * Ends what a dead supervisor began and only its successor can end: checks that still run, which are about to run again in the
 * same worktree, and a stop that it had acknowledged. Call before anything of the run is settled.
 */
async function takeOver(log: RunLog, paths: RunPaths, clock: Clock): Promise<void> {
  for (const { name, phase } of log.state.variants) {
    if (phase.kind !== 'verifying') continue;
    const survivors = await stopProcesses({ root: null, marker: attemptMarker(paths, name, 'checks'), clock });
    if (survivors.length > 0) await log.note(`Processes that survived SIGKILL: ${survivors.join(', ')}.`);
  }
  if (log.state.phase.kind === 'stopping') await putRequest(paths, { kind: 'stop', variants: [], force: false }, clock);
}
