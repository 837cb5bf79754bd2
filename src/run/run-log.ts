import type { Clock } from '../model/clock.ts';
import type { VariantName } from '../model/ids.ts';
import type { RunEvent, RunEventBody } from '../model/run-state/events.ts';
import type { RunState, VariantState } from '../model/run-state/state.ts';
import { EventWriter } from '../store/events/event-log.ts';
import { applyEvent } from '../store/events/fold.ts';
import { foldLog, writeSnapshot } from '../store/events/run-snapshot.ts';
import type { RunPaths } from '../store/layout.ts';

const SNAPSHOT_EVERY_MS = 500;

/**
 * The one writer of a run's events, and the state that they fold to. Events are the truth; the snapshot (`run.json`) is for
 * quick reading and may be missing or old after a crash.
 */
export class RunLog {
  readonly #writer: EventWriter;
  readonly #paths: RunPaths;
  readonly #clock: Clock;
  #state: RunState;
  /** With what is being written. */
  #ahead: RunState;
  #snapshotAt = Number.NEGATIVE_INFINITY;
  #snapshotting: Promise<void> = Promise.resolve();
  /** Told of each event once it is on disk. */
  onRecorded: ((event: RunEvent, state: RunState) => void) | null = null;

  private constructor(writer: EventWriter, paths: RunPaths, clock: Clock, state: RunState) {
    this.#writer = writer;
    this.#paths = paths;
    this.#clock = clock;
    this.#state = state;
    this.#ahead = state;
  }

  /** Opens the log of an existing run with a new generation; the caller holds the run's lock. */
  static async open(paths: RunPaths, clock: Clock): Promise<RunLog> {
    const writer = await EventWriter.open(paths.events, { gen: 'next', clock });
    return new RunLog(writer, paths, clock, await foldLog(paths));
  }

  get state(): RunState {
    return this.#state;
  }

  get generation(): number {
    return this.#writer.generation;
  }

  variant(name: VariantName): VariantState {
    const variant = this.#state.variants.find((candidate) => candidate.name === name);
    if (variant === undefined) throw new Error(`run ${this.#state.id} has no variant ${name}`);
    return variant;
  }

  /**
   * Appends, and applies it once it is on disk: nothing relies on an event that a crash could lose. An impossible event is a bug and
   * rejects before it is written: a log with such an event could not be read any more.
   */
  async record(body: RunEventBody): Promise<void> {
    const at = this.#clock.now().toISOString();
    this.#ahead = applyEvent(this.#ahead, { seq: this.#ahead.lastSeq + 1, at, gen: this.generation, ...body });
    let event: RunEvent;
    try {
      event = await this.#writer.append(body);
    } catch (error) {
      this.#ahead = this.#state;
      throw error;
    }
    this.#state = applyEvent(this.#state, event);
    this.#snapshot(false);
    this.onRecorded?.(event, this.#state);
  }

  async note(note: string): Promise<void> {
    await this.record({ type: 'run.noted', note });
  }

  async close(): Promise<void> {
    this.#snapshot(true);
    await this.#snapshotting;
    await this.#writer.close();
  }

  #snapshot(now: boolean): void {
    const elapsed = this.#clock.monotonicMs() - this.#snapshotAt;
    if (!now && elapsed < SNAPSHOT_EVERY_MS) return;
    this.#snapshotAt = this.#clock.monotonicMs();
    // A snapshot that cannot be written costs a reader time, not truth: readers fold the events instead.
    this.#snapshotting = this.#snapshotting.then(() => writeSnapshot(this.#paths, this.#state)).catch(() => undefined);
  }
}
