import { expect, test } from 'vitest';
import { forEachAtMost } from '../../../src/system/for-each-at-most.ts';

test('runs all, never more than so many at once', async () => {
  let now = 0;
  let most = 0;
  const seen: number[] = [];
  await forEachAtMost(3, [1, 2, 3, 4, 5, 6, 7], async (n) => {
    now += 1;
    most = Math.max(most, now);
    await new Promise((resolve) => setImmediate(resolve));
    seen.push(n);
    now -= 1;
  });
  expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(most).toBe(3);
});

test('the first error ends it, nothing new is begun', async () => {
  const begun: number[] = [];
  const run = forEachAtMost(1, [1, 2, 3], async (n) => {
    begun.push(n);
    await Promise.resolve();
    if (n === 2) throw new Error('two');
  });
  await expect(run).rejects.toThrow('two');
  expect(begun).toEqual([1, 2]);
});
