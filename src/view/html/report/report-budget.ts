import type { FileDiff } from '../diff/patch-files.ts';

/** How a file is shown. `left-out`: by name and size alone. */
export interface Shown {
  readonly file: FileDiff;
  readonly how: 'open' | 'closed' | 'left-out';
  readonly colours: boolean;
  readonly words: boolean;
}

export interface Limits {
  /** Characters of patches that the page holds; the biggest files beyond it are left out. */
  readonly shown: number;
  /** The same in lines: each is an element of the page, however short. */
  readonly lines: number;
  /** Characters that get colours; the smallest files first. */
  readonly coloured: number;
  /** Characters in which changed words are looked for; the smallest files first. */
  readonly words: number;
  /** Lines that are open when the page is; files after that wait for a click. */
  readonly open: number;
  /** A longer file is closed at first, wherever it is. */
  readonly openFile: number;
}

/** Measured in Chromium on two cores: with these the page of 20 variants with 5 MB opens in about a second. */
export const DIFF_LIMITS: Limits = {
  shown: 5_500_000,
  lines: 160_000,
  coloured: 350_000,
  words: 1_500_000,
  open: 3_000,
  openFile: 400,
};

/** For diffs of pairs, which come on top. */
export const PAIR_LIMITS: Limits = {
  ...DIFF_LIMITS,
  shown: 600_000,
  lines: 20_000,
  coloured: 200_000,
  words: 400_000,
  open: 0,
};

const linesOf = (file: FileDiff): number => file.hunks.reduce((sum, hunk) => sum + hunk.length, 0);

/** The files that fit a budget, taken in the order of `files`; a file that does not fit is skipped, a smaller one may still fit. */
function fitting(files: readonly FileDiff[], budget: number, weight: (file: FileDiff) => number): Set<FileDiff> {
  let rest = budget;
  return new Set(
    files.filter((file) => {
      if (weight(file) > rest) return false;
      rest -= weight(file);
      return true;
    }),
  );
}

/** How each file is shown, list by list as they came. Big files give way first. */
export function withinBudget(lists: readonly (readonly FileDiff[])[], limits: Limits): Shown[][] {
  const all = lists.flat();
  const small = all.filter(({ unread }) => !unread).toSorted((a, b) => a.size - b.size);
  const inSize = fitting(small, limits.shown, ({ size }) => size);
  const kept = fitting(
    small.filter((file) => inSize.has(file)),
    limits.lines,
    linesOf,
  );
  const left = small.filter((file) => kept.has(file));
  const coloured = fitting(left, limits.coloured, ({ size }) => size);
  const worded = fitting(left, limits.words, ({ size }) => size);
  const open = fitting(
    all.filter((file) => kept.has(file) && linesOf(file) <= limits.openFile),
    limits.open,
    linesOf,
  );
  return lists.map((files) =>
    files.map((file) => ({
      file,
      how: !kept.has(file) ? 'left-out' : open.has(file) ? 'open' : 'closed',
      colours: coloured.has(file),
      words: worded.has(file),
    })),
  );
}
