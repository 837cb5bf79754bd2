import type { Clock } from '../../model/clock.ts';
import type { AbsolutePath } from '../../model/ids.ts';
import { diskSpace } from '../../system/files.ts';

const EVERY_MS = 1_000;
/** Kept for writing down how a run ended and for the commits of what its agents did; see {@link hasLess}. */
const RESERVE_BYTES = 4 * 1024 * 1024;
/** With less than this, whether a write fits is luck. */
const NOTHING_BYTES = 64 * 1024;

/**
 * Checks the disk of a run's records regularly. Failing writes would show it too late: agents whose output can no longer be written
 * give nothing to record, and keep spending.
 */
export class DiskWatch {
  readonly #folder: AbsolutePath;
  readonly #clock: Clock;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(folder: AbsolutePath, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
  }

  /** A sentence once the disk is as good as full, else null. */
  async full(): Promise<string | null> {
    const now = this.#clock.monotonicMs();
    if (now - this.#lookedAt < EVERY_MS) return null;
    this.#lookedAt = now;
    const { free, size } = await diskSpace(this.#folder);
    if (!hasLess({ free, size }, RESERVE_BYTES)) return null;
    return `No space is left on the disk of ${this.#folder} (${Math.floor(free / 1024)} kB free).`;
  }
}

/** Whether a disk has less than {@link DiskWatch} stops a run for: a write that fails now may succeed once there is space. */
export async function isScarce(folder: AbsolutePath): Promise<boolean> {
  return hasLess(await diskSpace(folder), RESERVE_BYTES);
}

/** Whether a disk is as good as full now: nothing that was to be written there has surely been. */
export async function isFull(folder: AbsolutePath): Promise<boolean> {
  return hasLess(await diskSpace(folder), NOTHING_BYTES);
}

/** Less free than so many bytes, or than a sixteenth of a disk that is small itself. */
function hasLess({ free, size }: { readonly free: number; readonly size: number }, bytes: number): boolean {
  return free < Math.min(bytes, size / 16);
}
