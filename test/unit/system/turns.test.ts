import { setTimeout as later } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { isTurnOver, nextTurn } from '../../../src/system/turns.ts';

/** Works until `done`, giving way when its turn is over. */
async function work(done: () => boolean): Promise<void> {
  while (!done()) if (isTurnOver()) await nextTurn();
}

it('lets timers run while work goes on', async () => {
  let rang = false;
  const timer = later(1).then(() => {
    rang = true;
  });
  // A worker that never yields would not get it.
  const patience = performance.now() + 5_000;
  await work(() => rang || performance.now() > patience);
  expect(rang).toBe(true);
  await timer;
});

it('gives each of several a turn, in the order of their asking', async () => {
  const turns: string[] = [];
  const worker = async (name: string): Promise<void> => {
    for (let n = 0; n < 3; n += 1) {
      await nextTurn();
      turns.push(name);
    }
  };
  await Promise.all([worker('a'), worker('b')]);
  expect(turns).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
});

it('gives a turn to who asks for one out of the blue', async () => {
  await later(1);
  await expect(nextTurn()).resolves.toBeUndefined();
});
