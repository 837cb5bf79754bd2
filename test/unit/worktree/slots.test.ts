import { expect, test } from 'vitest';
import { Slots } from '../../../src/worktree/slots.ts';

test('lets so many through at once, in order, also after one failed', async () => {
  const slots = new Slots(2);
  const begun: number[] = [];
  const gates = [1, 2, 3, 4].map(() => Promise.withResolvers<void>());
  const runs = gates.map((gate, i) =>
    slots.use(() => {
      begun.push(i);
      return gate.promise;
    }),
  );
  const outcomes = Promise.allSettled(runs);
  await new Promise((resolve) => setImmediate(resolve));
  expect(begun).toEqual([0, 1]);
  gates[1]?.reject(new Error('failed'));
  await expect.poll(() => begun).toEqual([0, 1, 2]);
  gates[0]?.resolve();
  await expect.poll(() => begun).toEqual([0, 1, 2, 3]);
  gates[2]?.resolve();
  gates[3]?.resolve();
  expect((await outcomes).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
});
