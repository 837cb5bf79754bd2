import { describe, expect, it } from 'vitest';
import { agreement } from '../../../src/compare/agreement.ts';
import type { DiffHunk } from '../../../src/git/objects/hunks.ts';

const hunk = (path: string, line: number, added: string): DiffHunk => ({
  path,
  line,
  count: 1,
  removed: ['old'],
  added: [added],
});
const A = hunk('a.ts', 3, 'new');

describe('agreement', () => {
  it('finds what all changed alike', () => {
    const found = agreement([
      { label: 'dark', hunks: [A, hunk('b.ts', 1, 'dark')] },
      { label: 'light', hunks: [A, hunk('b.ts', 1, 'light')] },
    ]);
    expect(found).toEqual([{ ...A, variants: ['dark', 'light'] }]);
  });

  it('finds what most changed alike, and leaves out what fewer did', () => {
    const found = agreement([
      { label: 'a', hunks: [A] },
      { label: 'b', hunks: [A, hunk('c.ts', 9, 'x')] },
      { label: 'c', hunks: [hunk('c.ts', 9, 'y')] },
    ]);
    expect(found.map(({ path, variants }) => [path, variants])).toEqual([['a.ts', ['a', 'b']]]);
  });

  it('is not fooled by the same lines at another place', () => {
    expect(
      agreement([
        { label: 'a', hunks: [A] },
        { label: 'b', hunks: [{ ...A, line: 4 }] },
      ]),
    ).toEqual([]);
  });

  it('says nothing about one variant, or about variants without changes', () => {
    expect(
      agreement([
        { label: 'a', hunks: [A] },
        { label: 'b', hunks: [] },
      ]),
    ).toEqual([]);
  });

  it('puts the widest agreement first', () => {
    const B = hunk('b.ts', 1, 'all');
    const found = agreement([
      { label: 'a', hunks: [A, B] },
      { label: 'b', hunks: [A, B] },
      { label: 'c', hunks: [B] },
    ]);
    expect(found.map(({ path }) => path)).toEqual(['b.ts', 'a.ts']);
  });
});
