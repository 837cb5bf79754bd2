/** Ticks further apart than this mean that the machine slept. */
const LATE_MS = 5_000;

export interface AttemptClockLimits {
  readonly timeoutMs: number;
  readonly idleTimeoutMs: number;
  /** From the agent's `result` to the end of its process. */
  readonly graceMs: number;
}

export type Expired = 'timed-out' | 'stalled' | 'after-result';

/**
 * The three clocks of one attempt, on monotonic time. A tick that comes over 5 s late extends all of them by the whole gap: the
 * laptop slept, or we were suspended, and the agent with us.
 */
export class AttemptClocks {
  readonly #limits: AttemptClockLimits;
  #deadline: number;
  #lastOutput: number;
  #resultAt: number | null = null;
  #lastTick: number;

  /** `ranMs`: how long the attempt already ran before we looked after it. */
  constructor(limits: AttemptClockLimits, nowMs: number, ranMs = 0) {
    this.#limits = limits;
    this.#deadline = nowMs + limits.timeoutMs - ranMs;
    this.#lastOutput = nowMs;
    this.#lastTick = nowMs;
  }

  output(nowMs: number): void {
    this.#lastOutput = nowMs;
  }

  result(nowMs: number): void {
    this.#resultAt ??= nowMs;
  }

  /** Milliseconds by which the clocks were extended at this tick (0: none), and what ran out. */
  tick(nowMs: number, openTools: number): { readonly extendedMs: number; readonly expired: Expired | null } {
    const gap = nowMs - this.#lastTick;
    this.#lastTick = nowMs;
    const extendedMs = gap > LATE_MS ? gap : 0;
    if (extendedMs > 0) {
      this.#deadline += extendedMs;
      this.#lastOutput += extendedMs;
      if (this.#resultAt !== null) this.#resultAt += extendedMs;
    }
    // A call that is open may be silent as long as it likes: a test suite prints nothing for ten minutes.
    if (openTools > 0) this.#lastOutput = nowMs;
    return { extendedMs, expired: this.#expired(nowMs) };
  }

  #expired(nowMs: number): Expired | null {
    if (this.#resultAt !== null) return nowMs - this.#resultAt >= this.#limits.graceMs ? 'after-result' : null;
    if (nowMs >= this.#deadline) return 'timed-out';
    return nowMs - this.#lastOutput >= this.#limits.idleTimeoutMs ? 'stalled' : null;
  }
}
