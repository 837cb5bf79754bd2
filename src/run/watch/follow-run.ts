import type { Clock } from '../../model/clock.ts';
import type { RunEvent } from '../../model/events.ts';
import type { RunState } from '../../model/state.ts';
import { EventFollower } from '../../store/events/event-log.ts';
import { applyEvent, foldEvents } from '../../store/events/fold.ts';
import type { RunPaths } from '../../store/layout.ts';
import { supervisorAlive } from '../../store/supervisor-record.ts';
import { notify } from '../../system/notify.ts';

const POLL_MS = 80;
const ALIVE_EVERY_MS = 500;

export type FollowEnd =
  | { readonly kind: 'finished'; readonly state: RunState }
  /** Its supervisor is gone and left it unfinished. */
  | { readonly kind: 'interrupted'; readonly state: RunState }
  /** The caller stopped following. */
  | { readonly kind: 'left'; readonly state: RunState };

export interface FollowOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Every event, in order; `state` is after it. Those that were there before come first, in one go. */
  readonly onEvents: (events: readonly RunEvent[], state: RunState) => void;
}

/** Follows a run's log until it is finished, abandoned by its supervisor, or `signal` aborts. Changes nothing. */
export async function followRun(paths: RunPaths, o: FollowOptions): Promise<FollowEnd> {
  const follower = new EventFollower(paths.events);
  try {
    return await follow(follower, paths, o);
  } finally {
    await follower.close();
  }
}

async function follow(follower: EventFollower, paths: RunPaths, o: FollowOptions): Promise<FollowEnd> {
  const first = await follower.poll();
  let state = foldEvents(first);
  o.onEvents(first, state);
  let aliveAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    if (o.signal.aborted) return { kind: 'left', state };
    const now = o.clock.monotonicMs();
    let gone = false;
    if (now - aliveAt >= ALIVE_EVERY_MS) {
      aliveAt = now;
      gone = !(await supervisorAlive(paths));
    }
    // Read after the look at the supervisor: its last words are in the log before it goes.
    const events = await follower.poll();
    for (const event of events) state = applyEvent(state, event);
    if (events.length > 0) o.onEvents(events, state);
    if (state.phase.kind === 'finished') return { kind: 'finished', state };
    if (gone) return { kind: 'interrupted', state };
    await o.clock.sleep(POLL_MS, o.signal);
  }
}

/** Bell and OSC 9 on the terminal of whoever watches: the run ended, or needs a person. */
export async function ring(stream: NodeJS.WriteStream, run: string, body: string): Promise<void> {
  await notify({ title: `copse: ${run}`, body, desktop: false, stream });
}
