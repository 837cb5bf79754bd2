import { describe, expect, it } from 'vitest';
import { AttemptClocks } from '../../../../src/run/attempt/clocks.ts';

const LIMITS = { timeoutMs: 60_000, idleTimeoutMs: 10_000, graceMs: 20_000 };

/** Ticks every second from `from` to `to` and returns the first expiry with its time. */
function run(clocks: AttemptClocks, from: number, to: number, openTools = 0): { at: number; expired: string } | null {
  for (let at = from; at <= to; at += 1_000) {
    const { expired } = clocks.tick(at, openTools);
    if (expired !== null) return { at, expired };
  }
  return null;
}

describe('AttemptClocks', () => {
  it('stalls after silence while no call is open', () => {
    expect(run(new AttemptClocks(LIMITS, 0), 0, 60_000)).toEqual({ at: 10_000, expired: 'stalled' });
  });

  it('lets an open call be silent until the wall clock ends it', () => {
    expect(run(new AttemptClocks(LIMITS, 0), 0, 90_000, 1)).toEqual({ at: 60_000, expired: 'timed-out' });
  });

  it('counts silence from the end of the call, not from its start', () => {
    const clocks = new AttemptClocks(LIMITS, 0);
    expect(run(clocks, 0, 30_000, 1)).toBeNull();
    expect(run(clocks, 31_000, 60_000)).toEqual({ at: 40_000, expired: 'stalled' });
  });

  it('starts silence anew with each output', () => {
    const clocks = new AttemptClocks(LIMITS, 0);
    run(clocks, 0, 8_000);
    clocks.output(8_000);
    expect(run(clocks, 9_000, 30_000)).toEqual({ at: 18_000, expired: 'stalled' });
  });

  it('gives the process a grace period after its result, whatever the other clocks say', () => {
    const clocks = new AttemptClocks(LIMITS, 0);
    run(clocks, 0, 5_000);
    clocks.result(5_000);
    expect(run(clocks, 6_000, 60_000)).toEqual({ at: 25_000, expired: 'after-result' });
  });

  it('extends all clocks by a tick that comes late: the machine slept', () => {
    const clocks = new AttemptClocks(LIMITS, 0);
    run(clocks, 0, 5_000);
    expect(clocks.tick(3_605_000, 0)).toEqual({ extendedMs: 3_600_000, expired: null });
    expect(run(clocks, 3_606_000, 3_700_000)).toEqual({ at: 3_610_000, expired: 'stalled' });
  });

  it('extends the grace period after a result by sleep as well', () => {
    const clocks = new AttemptClocks(LIMITS, 0);
    clocks.result(0);
    expect(clocks.tick(3_600_000, 0)).toEqual({ extendedMs: 3_600_000, expired: null });
    expect(run(clocks, 3_601_000, 3_700_000)).toEqual({ at: 3_620_000, expired: 'after-result' });
  });

  it('does not take a tick of five seconds for sleep', () => {
    const clocks = new AttemptClocks(LIMITS, 0);
    expect(clocks.tick(5_000, 0).extendedMs).toBe(0);
  });

  it('counts the time that an adopted attempt already ran', () => {
    expect(run(new AttemptClocks(LIMITS, 0, 55_000), 0, 60_000, 1)).toEqual({ at: 5_000, expired: 'timed-out' });
  });
});
