import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BEAT_MS } from '../../../src/model/beat.ts';
import { systemClock } from '../../../src/system/system-clock.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('sleeping for a beat', () => {
  it('costs one timer for however many, from the first wake-up on', async () => {
    const stop = new AbortController();
    let beats = 0;
    const watch = async (startMs: number): Promise<void> => {
      await systemClock.sleep(startMs);
      while (!stop.signal.aborted) {
        await systemClock.sleep(BEAT_MS, stop.signal);
        beats += 1;
      }
    };
    for (let n = 1; n <= 20; n += 1) void watch(n);
    await vi.advanceTimersByTimeAsync(BEAT_MS + 20);
    expect(vi.getTimerCount()).toBe(1);
    const before = beats;
    await vi.advanceTimersByTimeAsync(10 * BEAT_MS);
    expect(beats - before).toBe(200);
    stop.abort();
  });

  it('ends with its signal, and leaves no timer behind when nobody sleeps any more', async () => {
    const stop = new AbortController();
    const both = Promise.all([systemClock.sleep(BEAT_MS, stop.signal), systemClock.sleep(BEAT_MS, stop.signal)]);
    stop.abort();
    await both;
    expect(vi.getTimerCount()).toBe(0);
    await systemClock.sleep(BEAT_MS, stop.signal);
  });

  it('is as long as it says for the first one, other sleeps always', async () => {
    const woken: string[] = [];
    void systemClock.sleep(BEAT_MS).then(() => woken.push('beat'));
    void systemClock.sleep(BEAT_MS - 1).then(() => woken.push('other'));
    await vi.advanceTimersByTimeAsync(BEAT_MS - 1);
    expect(woken).toEqual(['other']);
    await vi.advanceTimersByTimeAsync(1);
    expect(woken).toEqual(['other', 'beat']);
  });
});
