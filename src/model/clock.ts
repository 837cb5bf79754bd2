export interface Clock {
  now(): Date;
  /** Milliseconds from some fixed point. Linux: does not advance while the machine sleeps. */
  monotonicMs(): number;
  /** Resolves after `ms`, or at once when `signal` aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
