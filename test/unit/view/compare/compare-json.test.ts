import { expect, test } from 'vitest';
import { compareJson } from '../../../../src/view/compare/compare-json.ts';
import { hard, usual } from '../some-evidence.ts';

test('a usual run', async () => {
  await expect(`${JSON.stringify(compareJson(usual), null, 2)}\n`).toMatchFileSnapshot('../screens/compare-json.txt');
});

test('has the keys that scripts were promised', () => {
  const json = compareJson(hard);
  expect(json).toMatchObject({ schema: 1, run: 'ui', target: 'main' });
  for (const key of ['base', 'variants', 'overlap', 'agreement', 'ranking']) expect(json).toHaveProperty(key);
  for (const variant of json.variants) {
    for (const key of [
      'name',
      'outcome',
      'changes',
      'checks',
      'metrics',
      'merges',
      'costUsd',
      'tokens',
      'durationMs',
      'turns',
      'summary',
    ]) {
      expect(variant).toHaveProperty(key);
    }
  }
  expect(Object.keys(json.variants[0]?.checks[0] ?? {})).toEqual(
    expect.arrayContaining(['name', 'status', 'exitCode', 'durationMs', 'onBase', 'changedItsChecks']),
  );
  expect(json.ranking[0]).toEqual({ name: 'ui-2/tied', rank: 1, reasons: [] });
});

test('survives a round trip: nothing is undefined, infinite or lost', () => {
  for (const evidence of [usual, hard]) {
    const json = compareJson(evidence);
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  }
});
