import type { Clock } from '../model/clock.ts';

/**
 * The machine's clock. `performance.now()` is CLOCK_MONOTONIC on Linux, which stands still during suspension; on macOS libuv
 * reads the continuous clock, which goes on, so whoever keeps deadlines must also look for ticks that come late.
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
        clearTimeout(timer);
        signal?.removeEventListener('abort', finish);
        resolve();
      };
      const timer = setTimeout(finish, ms);
      signal?.addEventListener('abort', finish, { once: true });
    }),
};
