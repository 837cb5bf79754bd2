import { expect, test } from 'vitest';
import { runWorkedMs, workedMs } from '../../../../src/model/run-state/worked-ms.ts';
import { anAttempt, aRun, at, aVariant, ended } from '../../view/a-run.ts';

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

test('a run that was corrected a day later took no day', () => {
  const day = 86_400;
  const first = anAttempt({ startedAt: at(5), finishedAt: at(100) });
  const corrected = ended('light', { seconds: day + 60 }, { startedAt: at(day), attempts: [first] });
  const other = ended('dark', { seconds: 150 }, { startedAt: at(6) });
  const run = aRun([other, corrected], {
    phase: { kind: 'finished', ending: 'completed', fatal: null, reason: '', at: at(day + 61) },
  });
  // 150 s up to the end of the slower one, then 61 s.
  expect(runWorkedMs(run, now)).toBe(211_000);
  expect(runWorkedMs({ ...run, variants: [other] }, null)).toBe((day + 61) * 1000);
});
