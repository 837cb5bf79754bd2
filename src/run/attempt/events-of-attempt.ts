import type { AgentSignal } from '../../model/attempt.ts';
import type { Clock } from '../../model/clock.ts';
import { unreachable } from '../../model/errors.ts';
import type { VariantName } from '../../model/ids.ts';
import type { RunEventBody } from '../../model/run-state/events.ts';

/** How often an attempt's activity and usage are logged at most. */
const COALESCE_MS = 300;

/**
 * Turns the signals of one attempt into events: the rare ones at once, activity and usage a few times a second at most, the
 * last of them never lost (`flush` at the end).
 */
export class AttemptEvents {
  readonly #variant: VariantName;
  readonly #attempt: number;
  readonly #clock: Clock;
  readonly #record: (body: RunEventBody) => void;
  readonly #denied = new Set<string>();
  #activity: string | null = null;
  #usage: Extract<AgentSignal, { kind: 'usage' }> | null = null;
  #lastAt = Number.NEGATIVE_INFINITY;

  constructor(o: {
    readonly variant: VariantName;
    readonly attempt: number;
    readonly clock: Clock;
    readonly record: (body: RunEventBody) => void;
  }) {
    this.#variant = o.variant;
    this.#attempt = o.attempt;
    this.#clock = o.clock;
    this.#record = o.record;
  }

  signal(signal: AgentSignal): void {
    const of = { variant: this.#variant, attempt: this.#attempt } as const;
    switch (signal.kind) {
      case 'session': {
        const { sessionId, model, version } = signal;
        this.#record({ type: 'attempt.session', ...of, sessionId, model, version });
        return;
      }
      case 'denied': {
        // One event per distinct call; the verdict has the number.
        const key = `${signal.denial.tool}\0${signal.denial.input}`;
        if (this.#denied.has(key)) return;
        this.#denied.add(key);
        this.#record({ type: 'attempt.denied', ...of, denial: signal.denial });
        return;
      }
      case 'api-retry': {
        const { status, error, delayMs } = signal;
        this.#record({ type: 'attempt.retrying', ...of, status, error, delayMs });
        return;
      }
      case 'rate-limit': {
        if (signal.status !== 'rejected') return;
        const resetsAt = signal.resetsAt === null ? null : new Date(signal.resetsAt * 1000).toISOString();
        this.#record({ type: 'attempt.limited', ...of, resetsAt });
        return;
      }
      case 'activity':
        this.#activity = signal.text;
        return;
      case 'usage':
        this.#usage = signal;
        return;
      case 'tool-opened':
      case 'tool-closed':
      case 'fatal':
      case 'result':
        return;
      default:
        unreachable(signal);
    }
  }

  flush(): void {
    const of = { variant: this.#variant, attempt: this.#attempt } as const;
    if (this.#activity !== null) this.#record({ type: 'attempt.activity', ...of, text: this.#activity });
    if (this.#usage !== null) {
      const { turns, tokens, costUsd } = this.#usage;
      this.#record({ type: 'attempt.usage', ...of, turns, tokens, costUsd });
    }
    this.#activity = null;
    this.#usage = null;
  }

  /** Call often: writes what is pending when its time has come. */
  tick(): void {
    const now = this.#clock.monotonicMs();
    if (now - this.#lastAt < COALESCE_MS) return;
    this.#lastAt = now;
    this.flush();
  }
}
