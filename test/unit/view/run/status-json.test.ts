import { expect, test } from 'vitest';
import { statusJson } from '../../../../src/view/run/status-json.ts';
import { anAttempt, aRun, aVariant, ended, finishedRun, liveRun, running } from '../a-run.ts';

const RUN_KEYS = [
  'id',
  'state',
  'ending',
  'base',
  'target',
  'isolation',
  'startedAt',
  'finishedAt',
  'costUsd',
  'totalBudgetUsd',
  'chosen',
  'supervisor',
  'variants',
];
const VARIANT_KEYS =
  'name state outcome reason branch worktree attempts sessionId model turns tokens costUsd startedAt finishedAt activity changes checks denials notInCommit toKeep landed removed retryHelps next'.split(
    ' ',
  );

test('has every key, whatever the state', () => {
  const all = statusJson([
    { state: liveRun, alive: true },
    { state: finishedRun, alive: false },
    { state: aRun([aVariant('dark', { model: null })], { supervisor: null, target: null }), alive: false },
  ]);
  // What JSON.stringify would leave out must not be there at all.
  const text: typeof all = JSON.parse(JSON.stringify(all));
  expect(text).toEqual(all);
  expect(all.schema).toBe(1);
  for (const run of text.runs) {
    expect(Object.keys(run)).toEqual(RUN_KEYS);
    expect(Object.keys(run.supervisor)).toEqual(['pid', 'alive']);
    for (const variant of run.variants) {
      expect(Object.keys(variant)).toEqual(VARIANT_KEYS);
      expect(Object.keys(variant.tokens)).toEqual(['input', 'output', 'cacheRead', 'cacheWrite']);
      expect(Object.keys(variant.changes)).toEqual(['files', 'insertions', 'deletions', 'commits']);
    }
  }
});

test('the run of the second screen', async () => {
  await expect(`${JSON.stringify(statusJson([{ state: finishedRun, alive: false }]), null, 2)}\n`).toMatchFileSnapshot(
    '../screens/status.json',
  );
});

test('states and endings', () => {
  const one = (state: typeof liveRun, alive: boolean): unknown => {
    const [run] = statusJson([{ state, alive }]).runs;
    return [run?.state, run?.ending, run?.supervisor.alive];
  };
  expect(one(liveRun, true)).toEqual(['running', null, true]);
  expect(one(liveRun, false)).toEqual(['interrupted', null, false]);
  expect(one(finishedRun, false)).toEqual(['finished', 'completed', false]);
  expect(one(aRun([], { phase: { kind: 'created' } }), true)).toEqual(['running', null, true]);
});

test('sums attempts and merges equal denials', () => {
  const denial = { tool: 'Bash', input: 'npm i', count: 2, allow: null };
  const [run] = statusJson([
    {
      state: aRun([
        running('dark', 'x', { turns: 3 }),
        aVariant('two', {
          attempts: [
            anAttempt({ costUsd: 0.1, turns: 2, denials: [denial] }),
            anAttempt({ attempt: 2, costUsd: 0.2, turns: 3, denials: [denial] }),
          ],
        }),
        ended('bad', { outcome: 'failed', reason: 'a\u001b[2Jb' }),
      ]),
      alive: true,
    },
  ]).runs;
  expect(run?.variants[1]).toMatchObject({
    attempts: 2,
    turns: 5,
    costUsd: 0.3,
    denials: [{ tool: 'Bash', input: 'npm i', count: 4 }],
  });
  expect(run?.variants[2]).toMatchObject({ reason: 'ab', next: 'copse retry ui/bad', activity: null });
  expect(run?.costUsd).toBe(0.3);
});
