import type { Clock } from '../../model/clock.ts';
import type { VariantState } from '../../model/run-state/state.ts';
import { StateFollower } from '../../store/events/run-snapshot.ts';
import type { RunPaths } from '../../store/layout.ts';
import { supervisorAlive } from '../../store/supervisor-record.ts';
import { isRunning } from '../../system/processes/process-identity.ts';

/** As often as a reader can notice; each look wakes the process once. */
const POLL_MS = 150;
/** How often we ask whether anybody still looks after the run: it costs more than the look at a log without news. */
const ALIVE_EVERY_MS = 1_000;

interface Watched {
  readonly paths: RunPaths;
  readonly variant: VariantState;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/** The state of a variant, for followers of its agent's output. */
export class VariantWatch {
  readonly #o: Watched;
  readonly #run: StateFollower;
  #supervised = true;
  #lookedAt = Number.NEGATIVE_INFINITY;

  private constructor(o: Watched, run: StateFollower) {
    this.#o = o;
    this.#run = run;
  }

  static async open(o: Watched): Promise<VariantWatch> {
    return new VariantWatch(o, await StateFollower.open(o.paths));
  }

  get variant(): VariantState {
    const { state } = this.#run;
    const variant = state.variants.find((candidate) => candidate.name === this.#o.variant.name);
    if (variant === undefined) throw new Error(`run ${state.id} lost its variant ${this.#o.variant.name}`);
    return variant;
  }

  /** Until the next look. */
  async pause(): Promise<void> {
    await this.#o.clock.sleep(POLL_MS, this.#o.signal);
    do await this.#run.poll();
    while (this.#run.behind);
  }

  /** Whether its supervisor lives; at most a second old, and never `false` before the last words of the dead one are read. */
  async isSupervised(): Promise<boolean> {
    const now = this.#o.clock.monotonicMs();
    if (now - this.#lookedAt < ALIVE_EVERY_MS) return this.#supervised;
    this.#lookedAt = now;
    this.#supervised = await supervisorAlive(this.#o.paths);
    if (!this.#supervised) await this.#run.poll();
    return this.#supervised;
  }

  /** Whether an attempt will write nothing more: its end is recorded, or it has ended and there is no supervisor to record that. */
  async isOver(number: number): Promise<boolean> {
    const attempt = this.variant.attempts[number - 1];
    if (attempt === undefined || attempt.finishedAt !== null) return true;
    return !(await this.isSupervised()) && !(await isRunning(attempt.process));
  }

  close(): Promise<void> {
    return this.#run.close();
  }
}
