import { expect, test } from 'vitest';
import { workedMs } from '../../../src/compare/worked-ms.ts';
import { anAttempt, at, aVariant } from '../view/a-run.ts';

const now = new Date(at(1000));
const first = anAttempt({ startedAt: at(2), finishedAt: at(22) });

test('a round takes from its preparation to its end, or to now', () => {
  const working = aVariant('dark', { startedAt: at(0), attempts: [first] });
  expect(workedMs(working, now)).toBe(1_000_000);
  expect(workedMs(aVariant('dark', { startedAt: null, attempts: [] }), now)).toBe(0);
});

test('a correction comes on top of what was worked before, without the pause between', () => {
  const again = anAttempt({ attempt: 2, startedAt: at(991), finishedAt: null });
  expect(workedMs(aVariant('dark', { startedAt: at(990), attempts: [first, again] }), now)).toBe(30_000);
  expect(workedMs(aVariant('dark', { startedAt: null, attempts: [first] }), now)).toBe(20_000);
});
