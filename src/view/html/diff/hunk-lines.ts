import { type ChangedWords, changedWords, type Range } from './changed-words.ts';
import { codeHtml } from './code-markup.ts';
import { codeTokens } from './code-tokens.ts';
import type { DiffLine } from './patch-files.ts';

/** A line with its code as HTML. */
export interface DrawnLine extends DiffLine {
  readonly code: string;
}

/** Lines beside each other; null: nothing on that side. */
export interface LinePair {
  readonly before: DrawnLine | null;
  readonly after: DrawnLine | null;
}

export interface DrawOptions {
  /** As highlight.js calls it; null: no colours. */
  readonly language: string | null;
  /** Whether changed words are marked within edited lines. */
  readonly words: boolean;
}

/** Positions of a hunk's lines: removed lines beside the added ones that replace them. */
function beside(hunk: readonly DiffLine[]): [number | null, number | null][] {
  const pairs: [number | null, number | null][] = [];
  let removed: number[] = [];
  let added: number[] = [];
  const flush = (): void => {
    for (let i = 0; i < Math.max(removed.length, added.length); i += 1) pairs.push([removed[i] ?? null, added[i] ?? null]);
    removed = [];
    added = [];
  };
  hunk.forEach(({ kind }, i) => {
    if (kind === 'removed') {
      if (added.length > 0) flush();
      removed.push(i);
    } else if (kind === 'added') {
      added.push(i);
    } else {
      flush();
      pairs.push([i, i]);
    }
  });
  flush();
  return pairs;
}

function wordsOf(
  hunk: readonly DiffLine[],
  places: readonly (readonly [number | null, number | null])[],
): Map<number, readonly Range[]> {
  const changed = new Map<number, readonly Range[]>();
  for (const [before, after] of places) {
    if (before === null || after === null || before === after) continue;
    const words: ChangedWords | null = changedWords(hunk[before]?.text ?? '', hunk[after]?.text ?? '');
    if (words === null) continue;
    changed.set(before, words.before);
    changed.set(after, words.after);
  }
  return changed;
}

/** A hunk's lines in their order. */
export function drawnLines(hunk: readonly DiffLine[], o: DrawOptions): DrawnLine[] {
  const changed = o.words ? wordsOf(hunk, beside(hunk)) : new Map<number, readonly Range[]>();
  // Each side by itself, so that a comment or a string that is open on one side does not colour the other.
  const removed = codeTokens(
    hunk.filter(({ kind }) => kind === 'removed').map(({ text }) => text),
    o.language,
  ).values();
  const kept = codeTokens(
    hunk.filter(({ kind }) => kind !== 'removed').map(({ text }) => text),
    o.language,
  ).values();
  return hunk.map((line, i) => {
    const tokens = (line.kind === 'removed' ? removed : kept).next().value ?? [];
    return { ...line, code: codeHtml(tokens, changed.get(i) ?? []) };
  });
}

/** A hunk's lines as two columns. */
export function linePairs(hunk: readonly DiffLine[], o: DrawOptions): LinePair[] {
  const lines = drawnLines(hunk, o);
  return beside(hunk).map(([before, after]) => ({
    before: before === null ? null : (lines[before] ?? null),
    after: after === null ? null : (lines[after] ?? null),
  }));
}
