import type { RunEvent } from '../../model/run-state/events.ts';
import type { RunState } from '../../model/run-state/state.ts';
import type { RunPaths } from '../../store/layout.ts';
import { readTold, writeTold } from '../../store/told.ts';
import type { FollowOptions } from './follow-run.ts';

export interface News {
  readonly event: RunEvent;
  /** After the event; of one that was there before: as it is now. */
  readonly state: RunState;
  /** Of a denied call: how many different ones its variant had before; null: this very call was denied before. */
  readonly denialsBefore: number | null;
}

/**
 * What to give {@link followRun}, so that each event is told once: not again by the next one who waits because this one was stopped.
 * `tell` returns whether it was worth a line.
 */
export async function followNews(
  paths: RunPaths,
  tell: (news: News) => Promise<boolean>,
): Promise<Pick<FollowOptions, 'history' | 'onEvents'>> {
  let told = await readTold(paths);
  const denied = new Map<string, Set<string>>();
  return {
    history: 'all',
    onEvents: async (events, state) => {
      for (const event of events) {
        const denialsBefore = event.type === 'attempt.denied' ? note(denied, event) : null;
        if (event.seq <= told) continue;
        told = event.seq;
        if (await tell({ event, state, denialsBefore })) await writeTold(paths, told);
      }
    },
  };
}

function note(
  denied: Map<string, Set<string>>,
  { variant, denial }: Extract<RunEvent, { type: 'attempt.denied' }>,
): number | null {
  const known = denied.get(variant) ?? new Set();
  denied.set(variant, known);
  const call = `${denial.tool}\0${denial.input}`;
  if (known.has(call)) return null;
  known.add(call);
  return known.size - 1;
}
