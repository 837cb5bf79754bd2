import { describe, expect, test } from 'vitest';
import { type MergeTyped, mergeLine, YOUR_WORDS } from '../../../src/merge/merge-line.ts';

const plain: MergeTyped = {
  as: 'squash',
  into: null,
  message: null,
  edit: false,
  includeUncommitted: false,
  noVerify: false,
  checks: [],
  prune: false,
};

describe('the line that lands a variant', () => {
  test('says only what was typed', () => {
    expect(mergeLine(plain, ['dark'])).toBe('copse merge dark');
    expect(mergeLine({ ...plain, as: 'merge', into: 'next', prune: true }, ['ui-2/dark', 'docs'])).toBe(
      'copse merge ui-2/dark docs --as merge --into next --prune',
    );
  });

  test('keeps everything else where a way out changes one thing', () => {
    const typed: MergeTyped = { ...plain, into: 'next', message: "it's dark", includeUncommitted: true };
    expect(mergeLine(typed, ['dark'], { noVerify: true })).toBe(
      `copse merge dark --into next -m "it's dark" --include-uncommitted --no-verify`,
    );
    expect(mergeLine(typed, ['dark'], { message: YOUR_WORDS })).toBe('copse merge dark --into next -m "…" --include-uncommitted');
  });

  test('holds no option that merge would refuse there', () => {
    const worded: MergeTyped = { ...plain, message: 'Dark', edit: true };
    expect(mergeLine(worded, ['dark'], { as: 'rebase' })).toBe('copse merge dark --as rebase');
    expect(mergeLine(worded, ['dark', 'docs'])).toBe('copse merge dark docs --edit');
  });

  test('quotes names that the shell would act on', () => {
    expect(mergeLine({ ...plain, into: 'x$(id)' }, ['dark'])).toBe("copse merge dark --into 'x$(id)'");
  });
});
