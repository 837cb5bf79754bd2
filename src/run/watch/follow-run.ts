import { BEAT_MS } from '../../model/beat.ts';
import type { Clock } from '../../model/clock.ts';
import type { RunEvent } from '../../model/run-state/events.ts';
import type { RunState } from '../../model/run-state/state.ts';
import { eventPortions, recentEvents } from '../../store/events/event-log.ts';
import { StateFollower } from '../../store/events/run-snapshot.ts';
import type { RunPaths } from '../../store/layout.ts';
import { supervisorAlive } from '../../store/supervisor-record.ts';
import { notify } from '../../system/notify.ts';

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
  /** Which of the earlier events are passed on: a log can hold a million. `recent`: the newest few hundred. */
  readonly history: 'none' | 'recent' | 'all';
  /** Every event, in order; `state` is after it, for those that were there before as it is now. Waited for before the next ones. */
  readonly onEvents: (events: readonly RunEvent[], state: RunState) => void | Promise<void>;
}

/** Follows a run's log until it is finished, abandoned by its supervisor, or `signal` aborts. Changes nothing. */
export async function followRun(paths: RunPaths, o: FollowOptions): Promise<FollowEnd> {
  const follower = await StateFollower.open(paths);
  try {
    await tellHistory(follower, paths, o);
    return await follow(follower, paths, o);
  } finally {
    await follower.close();
  }
}

async function tellHistory({ state, offset }: StateFollower, paths: RunPaths, o: FollowOptions): Promise<void> {
  if (o.history === 'none') return o.onEvents([], state);
  if (o.history === 'recent') return o.onEvents(await recentEvents(paths.events, offset), state);
  for await (const portion of eventPortions(paths.events)) {
    if (o.signal.aborted) return;
    await o.onEvents(
      portion.filter(({ seq }) => seq <= state.lastSeq),
      state,
    );
    if ((portion.at(-1)?.seq ?? 0) >= state.lastSeq) return;
  }
}

async function follow(follower: StateFollower, paths: RunPaths, o: FollowOptions): Promise<FollowEnd> {
  let aliveAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    if (o.signal.aborted) return { kind: 'left', state: follower.state };
    const now = o.clock.monotonicMs();
    let gone = false;
    if (now - aliveAt >= ALIVE_EVERY_MS) {
      aliveAt = now;
      gone = !(await supervisorAlive(paths));
    }
    // Read after the look at the supervisor: it writes its last words into the log before it ends.
    do {
      const events = await follower.poll();
      if (events.length > 0) await o.onEvents(events, follower.state);
    } while (follower.behind && !o.signal.aborted);
    const { state } = follower;
    if (state.phase.kind === 'finished') return { kind: 'finished', state };
    if (gone) return { kind: 'interrupted', state };
    await o.clock.sleep(BEAT_MS, o.signal);
  }
}

/** Bell and OSC 9 on the user's terminal: the run ended, or needs the user. */
export async function ring(stream: NodeJS.WriteStream, run: string, body: string): Promise<void> {
  await notify({ title: `copse: ${run}`, body, desktop: false, stream });
}
