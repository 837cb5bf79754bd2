import { BEAT_MS } from '../model/beat.ts';
import type { Clock } from '../model/clock.ts';

/**
 * The machine's clock. `performance.now()` is CLOCK_MONOTONIC on Linux, which stops during suspension; on macOS libuv
 * reads the continuous clock, which keeps running, so a caller with deadlines must also look for ticks that come late.
 */
export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve();
        return;
      }
      const finish = (): void => {
        forget();
        signal?.removeEventListener('abort', finish);
        resolve();
      };
      const forget = ms === BEAT_MS ? onNextBeat(finish) : after(ms, finish);
      signal?.addEventListener('abort', finish, { once: true });
    }),
};

function after(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
}

const waiting = new Set<() => void>();
let beat: NodeJS.Timeout | null = null;

/** A caller that joins between two beats waits for less than a whole one, and from then on wakes with the others. */
function onNextBeat(act: () => void): () => void {
  waiting.add(act);
  beat ??= setTimeout(() => {
    beat = null;
    const due = [...waiting];
    waiting.clear();
    for (const one of due) one();
  }, BEAT_MS);
  return () => {
    waiting.delete(act);
    if (waiting.size > 0 || beat === null) return;
    clearTimeout(beat);
    beat = null;
  };
}
