import { diffWordsWithSpace } from 'diff';

/** From, to (exclusive): characters of a line. */
export type Range = readonly [number, number];

export interface ChangedWords {
  readonly before: readonly Range[];
  readonly after: readonly Range[];
}

const LONGEST_LINE = 400;
/** Lines that share less than this are other lines, not edited ones: marks would cover nearly all of them. */
const LEAST_SHARED = 0.4;

/** Which words of an edited line changed; null if the two lines are too different or too long to tell. */
export function changedWords(before: string, after: string): ChangedWords | null {
  if (before.length > LONGEST_LINE || after.length > LONGEST_LINE) return null;
  // Bounded edits: without a limit two unrelated lines cost the square of their length.
  const changes = diffWordsWithSpace(before, after, { maxEditLength: 40 });
  if (changes === undefined) return null;
  const ranges: { before: Range[]; after: Range[] } = { before: [], after: [] };
  let [b, a, shared] = [0, 0, 0];
  for (const { value, added, removed } of changes) {
    if (added) {
      ranges.after.push([a, a + value.length]);
      a += value.length;
    } else if (removed) {
      ranges.before.push([b, b + value.length]);
      b += value.length;
    } else {
      shared += value.trim().length;
      a += value.length;
      b += value.length;
    }
  }
  const longest = Math.max(before.trim().length, after.trim().length);
  return longest === 0 || shared / longest < LEAST_SHARED ? null : ranges;
}
