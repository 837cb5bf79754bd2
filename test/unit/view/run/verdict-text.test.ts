import { expect, test } from 'vitest';
import { verdictText } from '../../../../src/view/run/verdict-text.ts';
import { ALL_VERBS, at, finishedRun, liveRun, manyRun, screen } from '../a-run.ts';

const now = new Date(at(200));
const o = { ...screen(80), now, commands: ALL_VERBS };

test('one run', async () => {
  await expect(`${verdictText([{ state: finishedRun, alive: false }], o)}\n`).toMatchFileSnapshot('../screens/verdict.txt');
});

test('several runs, one of them still going', async () => {
  const text = verdictText(
    [
      { state: manyRun, alive: true },
      { state: finishedRun, alive: false },
      { state: liveRun, alive: false },
    ],
    o,
  );
  await expect(`${text}\n`).toMatchFileSnapshot('../screens/verdict-several.txt');
});

test('never more than 20 lines, and never none', () => {
  for (let runs = 1; runs < 40; runs += 1) {
    for (const state of [finishedRun, manyRun, liveRun]) {
      for (const commands of [ALL_VERBS, new Set<string>()]) {
        const lines = verdictText(
          Array.from({ length: runs }, () => ({ state, alive: false })),
          { ...o, commands },
        ).split('\n');
        expect(lines.length).toBeLessThanOrEqual(20);
        expect(lines.length).toBeGreaterThanOrEqual(Math.min(runs, 20));
      }
    }
  }
});

test('what went wrong comes first when not all of it fits', () => {
  const [, first] = verdictText(
    [
      { state: manyRun, alive: true },
      { state: manyRun, alive: true },
    ],
    o,
  ).split('\n');
  expect(first).toContain('timed out');
});

test('works without being told the verbs', () => {
  expect(verdictText([{ state: finishedRun, alive: false }], { ...screen(80), now })).not.toContain('copse ');
});
