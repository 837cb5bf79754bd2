import { CopseError } from '../../model/errors.ts';
import { EXIT } from '../../model/exit-code.ts';
import type { RunId } from '../../model/ids.ts';
import type { RequestBody } from '../../model/run-state/run-request.ts';
import { StateFollower } from '../../store/events/run-snapshot.ts';
import type { RunPaths, Store } from '../../store/layout.ts';
import { putRequest, removeRequest } from '../../store/request-files.ts';
import { supervisorAlive } from '../../store/supervisor-record.ts';
import type { Answer } from '../handle-request.ts';
import { ensureSupervisor, type Launcher } from './ensure-supervisor.ts';

const POLL_MS = 40;
const PATIENCE_MS = 30_000;

/**
 * Asks a run's supervisor for something and waits for its answer; starts one if none lives, but not to stop what has ended
 * meanwhile. Throws `CopseError` if it refuses, with its reason.
 */
export async function ask(store: Store, paths: RunPaths, run: RunId, body: RequestBody, launcher: Launcher): Promise<Answer> {
  const follower = await StateFollower.open(paths);
  try {
    return await answered(follower, { store, paths, run, body, launcher });
  } finally {
    await follower.close();
  }
}

interface Asked {
  readonly store: Store;
  readonly paths: RunPaths;
  readonly run: RunId;
  readonly body: RequestBody;
  readonly launcher: Launcher;
}

async function answered(follower: StateFollower, { store, paths, run, body, launcher }: Asked): Promise<Answer> {
  const id = await putRequest(paths, body);
  try {
    return await acknowledged(follower, id, { store, paths, run, body, launcher });
  } catch (error) {
    // The caller gets an error: the request must not be carried out days later, by the next supervisor. A stop is still meant.
    if (body.kind !== 'stop') await removeRequest(paths, id);
    throw error;
  }
}

async function acknowledged(follower: StateFollower, id: string, { store, paths, run, body, launcher }: Asked): Promise<Answer> {
  const deadline = launcher.clock.monotonicMs() + PATIENCE_MS;
  while (launcher.clock.monotonicMs() < deadline) {
    // Checked before the log: a supervisor writes its last words before it ends.
    const alive = await supervisorAlive(paths);
    for (const event of await follower.poll()) {
      if (event.type !== 'request.acknowledged' || event.request !== id) continue;
      if (event.accepted) return { accepted: true, detail: event.detail };
      throw new CopseError({ code: 'refused', exit: EXIT.precondition, what: `Run ${run} refuses.`, why: event.detail });
    }
    if (!alive && follower.state.phase.kind === 'finished' && body.kind === 'stop') {
      await removeRequest(paths, id);
      return { accepted: true, detail: 'It has ended already.' };
    }
    if (!alive) await ensureSupervisor(store, paths, run, body.kind === 'resume' ? 'resume' : 'adopt', launcher);
    await launcher.clock.sleep(POLL_MS);
  }
  throw new CopseError({
    code: 'no-answer',
    exit: EXIT.failed,
    what: `The supervisor of run ${run} does not answer.`,
    why: `It is alive, but has not taken the request for ${PATIENCE_MS / 1000} s: it may be suspended.`,
    hint: 'See its process: copse doctor',
  });
}
