import { monotonicFactory } from 'ulid';
import type { Clock } from '../model/clock.ts';

let next: ((time: number) => string) | null = null;

/**
 * A 26-character id that sorts by time, also among those made in the same millisecond by this process. In lower case: it names
 * files, and some file systems do not tell the cases apart.
 */
export function ulid(clock: Clock): string {
  // Made when first asked: the factory looks for a source of randomness, which loads more of Node.
  next ??= monotonicFactory();
  return next(clock.now().getTime()).toLowerCase();
}
