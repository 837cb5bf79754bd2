import fc from 'fast-check';

/** A line that a person types, also of git, between and after the work; numbers choose among the existing things. */
export type Act =
  | {
      readonly do: 'merge';
      readonly which: readonly number[];
      readonly as: 'squash' | 'merge' | 'rebase' | 'ff';
      readonly into: 'main' | 'side';
      readonly uncommitted: boolean;
      readonly more: readonly string[];
    }
  | { readonly do: 'prune'; readonly which: readonly number[]; readonly more: readonly string[]; readonly from: number | null }
  | { readonly do: 'undo'; readonly nth: number | null }
  | { readonly do: 'purge' | 'gc' };

const some = fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 3 });

export const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('merge'),
      which: some,
      as: fc.constantFrom('squash', 'merge', 'rebase', 'ff'),
      into: fc.constantFrom('main', 'main', 'side'),
      uncommitted: fc.constantFrom(false, false, false, true),
      more: fc.constantFrom([], [], [], [], ['--dry-run'], ['--prune'], ['--no-verify']),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('prune'),
      which: fc.oneof(some, some, fc.constant([])),
      more: fc.constantFrom([], [], ['--all'], ['--all'], ['--others'], ['--all', '--others'], ['--dry-run'], ['--run', 'ui']),
      from: fc.option(fc.nat({ max: 5 }), { freq: 6 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('undo'), nth: fc.option(fc.nat({ max: 3 })) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('gc') }) },
);

/** Deletes the trash permanently; its contents are known to be gone. */
export const purge: fc.Arbitrary<Act> = fc.record({ do: fc.constant('purge') });
