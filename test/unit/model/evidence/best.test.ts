import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Amount, bestIn, endedWell } from '../../../../src/model/evidence/best.ts';
import { type Criterion, rank } from '../../../../src/model/evidence/rank.ts';
import type { VariantEvidence } from '../../../../src/model/reports/evidence.ts';
import { evidenceOf } from '../../../support/evidence.ts';

const variant = fc.record({
  costUsd: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 0.02, noNaN: true }), fc.double({ min: 0, max: 5, noNaN: true })),
  agentMs: fc.integer({ min: 0, max: 200_000 }),
  changes: fc.record({
    files: fc.integer({ min: 0, max: 2 }),
    insertions: fc.integer({ min: 0, max: 60 }),
    deletions: fc.integer({ min: 0, max: 5 }),
    commits: fc.constant(1),
  }),
  outcome: fc.constantFrom('succeeded' as const, 'succeeded' as const, 'no-changes' as const, 'failed' as const),
});
const variants = fc
  .array(variant, { minLength: 1, maxLength: 6 })
  .map((list) => list.map((parts, i) => evidenceOf(`v${i}`, parts)));

const good = (v: VariantEvidence): boolean => endedWell(v) && v.changes.files > 0;

test('what is marked as best is never ranked behind another good one in that', () => {
  fc.assert(
    fc.property(variants, fc.constantFrom<'size' | 'cost'>('size', 'cost'), (list, amount) => {
      const best = bestIn(list, amount);
      const places = new Map(rank(list, { order: [amount] satisfies Criterion[] }).map((one) => [one.label, one.rank]));
      for (const starred of list.filter(({ label }) => best.has(label))) {
        expect(good(starred)).toBe(true);
        for (const other of list.filter((one) => good(one) && !best.has(one.label) && (amount !== 'cost' || one.costUsd > 0))) {
          expect(places.get(starred.label) ?? 0).toBeLessThanOrEqual(places.get(other.label) ?? 0);
        }
      }
    }),
  );
});

test('the words of the ranking say the same as the marks', () => {
  fc.assert(
    fc.property(variants, (list) => {
      const said = (word: string) =>
        rank(list).flatMap(({ label, reasons }) => (reasons.join(' ').includes(word) ? [label] : []));
      const telling = (amount: Amount) => [...bestIn(list, amount)].toSorted();
      // A reason is given only where the variants differ in the ranking, so that words are never more than the marks.
      expect(telling('cost')).toEqual(expect.arrayContaining(said('cheapest').toSorted()));
      expect(telling('size')).toEqual(expect.arrayContaining(said('smallest').toSorted()));
      for (const amount of ['cost', 'size', 'time'] as const)
        expect(bestIn(list, amount).size).toBeLessThan(Math.max(2, list.length));
    }),
  );
});
