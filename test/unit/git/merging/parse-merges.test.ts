import { describe, expect, test } from 'vitest';
import { parseFirst, parseMerges } from '../../../../src/git/merging/parse-merges.ts';

const [T1, T2] = ['1'.repeat(40), '2'.repeat(64)];
const CONFLICT = `0\0${T1}\0a\nb\0\x001\0a\nb\0CONFLICT (contents)\0Merge conflict\n\0`;
const ADVICE = 'Recursive merging with submodules currently only supports trivial cases.\nPlease …\n';

const parse = (text: string) => parseMerges(Buffer.from(text));

describe('the answers of merge-tree --stdin', () => {
  test('clean, in conflict, and more after it', () => {
    const a = { clean: false, tree: T1, conflicts: ['a\nb'] };
    const b = { clean: true, tree: T2, conflicts: [] };
    expect(parse(`${CONFLICT}\x001\0${T2}\0\0`)).toEqual([a, b]);
    expect(parse(`1\0${T2}\0\0${CONFLICT}\0`)).toEqual([b, a]);
    expect(parse('')).toEqual([]);
  });

  test('advice without a frame takes the place of the last empty field', () => {
    expect(parse(`${CONFLICT}${ADVICE}\x001\0${T2}\0\0${CONFLICT}${ADVICE}\0`)?.map(({ clean }) => clean)).toEqual([
      false,
      true,
      false,
    ]);
  });

  test('what is of another form is no answer, cut short or with text in between', () => {
    expect(parse(`${ADVICE}1\0${T2}\0\0`)).toBeNull();
    expect(parse(`1\0${T2}\0\0${ADVICE}1\0${T2}\0\0`)).toBeNull();
    expect(parse(`${CONFLICT}`)).toBeNull();
    expect(parse(`1\0word\0\0`)).toBeNull();
  });

  test('of a single question the first fields are the answer', () => {
    expect(parseFirst(Buffer.from(`${CONFLICT}anything\0at all\0`))).toEqual({ clean: false, tree: T1, conflicts: ['a\nb'] });
    expect(parseFirst(Buffer.from(ADVICE))).toBeNull();
  });
});
