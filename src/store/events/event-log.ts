import { appendFileSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../../model/clock.ts';
import type { RunEvent, RunEventBody, RunEventType } from '../../model/run-state/events.ts';
import { syncDirectory } from '../../system/files.ts';
import { FileFollower } from '../../system/follow.ts';
import { writeError } from '../write-error.ts';
import { EventDecoder } from './event-decoder.ts';

/*
 * `events.ndjson`: the only truth about a run. Append only, one writer (the holder of the run's lock).
 * A crash may leave a torn last line: readers stop at the last newline, the next writer cuts it off before it appends.
 */

/** Read and decoded at once: some 5,000 events. */
const PORTION_BYTES = 1024 * 1024;
/** The past events that are shown to a follower without a terminal. */
const RECENT_BYTES = 256 * 1024;

/** Frequent and cheap to lose: nothing relies on them, and a flush each would be the supervisor's main work. */
const NOT_FLUSHED: ReadonlySet<RunEventType> = new Set(['attempt.activity', 'attempt.usage']);

interface Pending {
  readonly body: RunEventBody;
  readonly at: string;
  readonly flush: boolean;
  readonly resolve: (event: RunEvent) => void;
  readonly reject: (error: unknown) => void;
}

/** Appends to a run's event log. The caller holds the run's lock for as long as this is open. */
export class EventWriter {
  readonly generation: number;
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #clock: Clock;
  #seq: number;
  /** Length up to the last newline; bytes beyond it after a failed write are not part of the log. */
  #size: number;
  #queue: Pending[] = [];
  #working: Promise<void> | null = null;
  #tornTail = false;

  private constructor(o: { path: string; file: FileHandle; clock: Clock; generation: number; seq: number; size: number }) {
    this.#path = o.path;
    this.#file = o.file;
    this.#clock = o.clock;
    this.generation = o.generation;
    this.#seq = o.seq;
    this.#size = o.size;
  }

  /**
   * Opens or creates the log: cuts off a torn last line, continues its numbering. `gen: 'next'` is one more than the
   * highest that ever wrote here.
   */
  static async open(path: string, o: { gen: number | 'next'; clock: Clock }): Promise<EventWriter> {
    const file = await open(path, 'a+', 0o600);
    try {
      const decoder = new EventDecoder(path);
      const size = await decodeAll(path, decoder);
      if (size < (await file.stat()).size) {
        await file.truncate(size);
        await file.datasync();
      }
      if (size === 0) await syncDirectory(dirname(path));
      const generation = o.gen === 'next' ? decoder.highestGeneration + 1 : o.gen;
      return new EventWriter({ path, file, clock: o.clock, generation, seq: decoder.seq, size });
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /**
   * Appends one event and resolves with it once it is written, and flushed to disk unless `flush` is false (default: true but
   * for activity and usage). Appends keep their order; those that wait together share one flush. On failure (no space) the log
   * is as before and the promise rejects with a CopseError; later appends may succeed again.
   */
  append(body: RunEventBody, o: { flush?: boolean } = {}): Promise<RunEvent> {
    return new Promise((resolve, reject) => {
      this.#queue.push({
        body,
        at: this.#clock.now().toISOString(),
        flush: o.flush ?? !NOT_FLUSHED.has(body.type),
        resolve,
        reject,
      });
      this.#working ??= this.#work();
    });
  }

  /** Writes pending events, then closes the file. */
  async close(): Promise<void> {
    await this.#working;
    await this.#file.close();
  }

  async #work(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue;
      this.#queue = [];
      try {
        const events = await this.#write(batch);
        for (const [index, pending] of batch.entries()) {
          const event = events[index];
          if (event !== undefined) pending.resolve(event);
        }
      } catch (error) {
        const reason = writeError(error, this.#path);
        for (const pending of batch) pending.reject(reason);
      }
    }
    this.#working = null;
  }

  async #write(batch: readonly Pending[]): Promise<RunEvent[]> {
    if (this.#tornTail) await this.#cutTornTail();
    const events = batch.map(
      ({ body, at }, index): RunEvent => ({ seq: this.#seq + index + 1, at, gen: this.generation, ...body }),
    );
    const bytes = Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    try {
      // Synchronous, 10 µs and not 100: a hundred times a second while twenty agents work. Only the flush takes long.
      appendFileSync(this.#file.fd, bytes);
      if (batch.some((pending) => pending.flush)) await this.#file.datasync();
    } catch (error) {
      this.#tornTail = true;
      await this.#cutTornTail().catch(() => {
        // Tried again before the next write, which fails if it still cannot be done. Until then readers see a torn line at most.
      });
      throw error;
    }
    this.#seq += events.length;
    this.#size += bytes.length;
    return events;
  }

  /** A full disk may take a part of a line; the next one must not be appended to it. */
  async #cutTornTail(): Promise<void> {
    await this.#file.truncate(this.#size);
    this.#tornTail = false;
  }
}

/** Shows the decoder every whole line, in portions. Resolves with the byte after the last of them. */
async function decodeAll(path: string, decoder: EventDecoder): Promise<number> {
  const follower = new FileFollower(path, { pollBytes: PORTION_BYTES, reuse: true });
  try {
    do for (const line of await follower.poll()) decoder.decode(line);
    while (follower.behind);
    return follower.offset;
  } finally {
    await follower.close();
  }
}

/** A place in a log right after a line, with what a reader that begins there has to know of what came before. */
export interface LogPlace {
  readonly offset: number;
  readonly seq: number;
  readonly generation: number;
}

export const LOG_START: LogPlace = { offset: 0, seq: 0, generation: 0 };

/**
 * All events of a log up to its last newline, in order; none if there is no log yet. Types of newer versions and events that a
 * superseded supervisor still wrote are left out.
 */
export async function readEvents(path: string, from: LogPlace = LOG_START): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const portion of eventPortions(path, from)) for (const event of portion) events.push(event);
  return events;
}

/** The same in portions, so that a long log never is in memory as a whole. */
export async function* eventPortions(path: string, from: LogPlace = LOG_START): AsyncGenerator<readonly RunEvent[]> {
  const follower = new EventFollower(path, from);
  try {
    do yield await follower.poll();
    while (follower.behind);
  } finally {
    await follower.close();
  }
}

/** The events whose lines are in the last quarter of a megabyte before `end`, where a line ends. */
export async function recentEvents(path: string, end: number): Promise<RunEvent[]> {
  const from = Math.max(0, end - RECENT_BYTES);
  const follower = new FileFollower(path, { offset: from, pollBytes: end - from });
  const lines = await follower.poll();
  await follower.close();
  const decoder = new EventDecoder(path);
  // The first one is the end of a line, unless by chance.
  return lines.slice(from === 0 ? 0 : 1).flatMap((line) => decoder.decode(line) ?? []);
}

/** Events as they are appended, for followers of a run. */
export class EventFollower {
  readonly #follower: FileFollower;
  readonly #decoder: EventDecoder;

  constructor(path: string, from: LogPlace = LOG_START) {
    this.#follower = new FileFollower(path, { offset: from.offset, pollBytes: PORTION_BYTES, reuse: true });
    this.#decoder = new EventDecoder(path, from);
  }

  /** Byte after the last line that was read. */
  get offset(): number {
    return this.#follower.offset;
  }

  /** Whether there is more to read right now: a poll takes a portion at most. */
  get behind(): boolean {
    return this.#follower.behind;
  }

  /** Events that came since the last poll, or the first portion of them. */
  async poll(): Promise<RunEvent[]> {
    const events: RunEvent[] = [];
    for (const line of await this.#follower.poll()) {
      const event = this.#decoder.decode(line);
      if (event !== null) events.push(event);
    }
    // While there is more, it is only a line of which the rest comes with the next portion.
    if (!this.#follower.behind) this.#follower.forgetTornLine();
    return events;
  }

  async close(): Promise<void> {
    await this.#follower.close();
  }
}
