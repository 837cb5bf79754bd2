import { unreachable } from '../../src/model/errors.ts';
import type { Lab } from './lab.ts';

export type Unit = 'ms' | '% of a core' | 'MB' | 'MB/s' | 'frames/s' | 'times/s' | 'failures';

/** What is asked of a row. */
export type Target =
  /** Ours is at most so many times the floor. */
  | { readonly kind: 'times-floor'; readonly atMost: number }
  /** Ours is at most the floor and so much more. */
  | { readonly kind: 'above-floor'; readonly atMost: number }
  | { readonly kind: 'at-most'; readonly value: number }
  | { readonly kind: 'at-least'; readonly value: number };

export interface Measured {
  readonly what: string;
  readonly unit: Unit;
  /** What any program would need for it, measured in the same rounds; null where the target stands by itself. */
  readonly floor: { readonly name: string; readonly value: number } | null;
  readonly ours: number;
  readonly target: Target;
  /** How often each side was measured. */
  readonly rounds: number;
}

/** It could not be measured here; counts as neither reached nor missed. */
export interface Skipped {
  readonly what: string;
  readonly skipped: string;
}

export type Measurement = Measured | Skipped;

/** What a file in `rows/` exports as `measure`. */
export type Measure = (lab: Lab) => Promise<readonly Measurement[]>;

export function ratioOf({ floor, ours }: Measured): number | null {
  return floor === null ? null : ours / floor.value;
}

export function isReached(measured: Measured): boolean {
  const { target, ours } = measured;
  switch (target.kind) {
    case 'times-floor':
      return ours <= floorOf(measured) * target.atMost;
    case 'above-floor':
      return ours <= floorOf(measured) + target.atMost;
    case 'at-most':
      return ours <= target.value;
    case 'at-least':
      return ours >= target.value;
    default:
      return unreachable(target);
  }
}

function floorOf({ what, floor }: Measured): number {
  if (floor === null) throw new Error(`${what}: this target needs a floor`);
  return floor.value;
}
