import { expect, it } from 'vitest';
import type { Clock } from '../../../src/model/clock.ts';
import { nextReservation } from '../../../src/run/next-reservation.ts';
import { RunLog } from '../../../src/run/run-log.ts';
import { RunSketch } from '../../support/run-state.ts';
import { appendAll, temporaryRun } from '../../support/temporary-run.ts';
import { verdict } from '../../support/verdict.ts';

const START = Date.parse('2026-01-01T12:00:00Z');

/** Time passes only while something sleeps. */
function sleepingClock(): Clock {
  let ms = 0;
  return {
    now: () => new Date(START + ms),
    monotonicMs: () => ms,
    sleep: async (for_) => {
      ms += for_;
    },
  };
}

async function retrying(paused: boolean) {
  const sketch = new RunSketch([{ name: 'dark' }, { name: 'light' }]).running('dark').running('light');
  const failed = verdict({ outcome: 'failed', transient: true });
  const retryAt = new Date(START).toISOString();
  sketch.push({ type: 'attempt.finished', variant: 'dark', attempt: 1, verdict: failed, exitCode: 1, retryAt, survivors: [] });
  const until = new Date(START + 60_000).toISOString();
  if (paused) sketch.push({ type: 'run.paused', reason: 'A rate limit is reached.', until });
  const paths = await temporaryRun();
  await appendAll(paths, sketch.bodies);
  const clock = sleepingClock();
  return { clock, log: await RunLog.open(paths, clock) };
}

it('lets a retry start at once if nothing is in its way', async () => {
  const context = await retrying(false);
  expect(await nextReservation(context, 'dark', new AbortController().signal)).toEqual({ kind: 'granted', usd: 4.9 });
  expect(context.clock.monotonicMs()).toBe(0);
});

it('keeps a retry waiting while a rate limit pauses the run', async () => {
  const context = await retrying(true);
  expect(await nextReservation(context, 'dark', new AbortController().signal)).toEqual({ kind: 'granted', usd: 4.9 });
  expect(context.clock.now().getTime()).toBeGreaterThanOrEqual(START + 60_000);
});
