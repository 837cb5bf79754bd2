import { expect, test } from 'vitest';
import { statusText } from '../../../../src/view/run/status-text.ts';
import { aRun, at, aVariant, ended, finishedRun, liveRun, running, screen } from '../a-run.ts';

const now = new Date(at(4000));
const runs = [
  { state: finishedRun, alive: false },
  {
    state: aRun([ended('one', { outcome: 'failed', reason: 'Not logged in.' })], {
      id: 'ui-2',
      phase: { kind: 'finished', ending: 'fatal', fatal: 'not-logged-in', reason: 'Not logged in.', at: at(20) },
    }),
    alive: false,
  },
  { state: { ...liveRun, id: 'ui-3' }, alive: false },
  { state: aRun([running('dark', 'Bash npm test'), aVariant('late')], { id: 'ui-4', launches: false }), alive: true },
  {
    state: aRun([aVariant('dark')], { id: 'ui-5', phase: { kind: 'paused', reason: 'Rate limit reached.', until: at(5000) } }),
    alive: true,
  },
  { state: aRun([aVariant('dark')], { id: 'ui-6', phase: { kind: 'created' }, supervisor: null }), alive: true },
];

test.each([120, 80, 60, 20])('all runs at %i columns', async (columns) => {
  await expect(`${statusText(runs, { ...screen(columns), now })}\n`).toMatchFileSnapshot(`../screens/status-${columns}.txt`);
});

test('no runs', () => {
  expect(statusText([], { ...screen(80), now })).toBe('No runs yet. Start one: copse run');
});

test('a run that nobody looks after says so, and what to do', () => {
  const text = statusText([{ state: liveRun, alive: false }], { ...screen(80), now });
  expect(text).toContain('interrupted');
  expect(text).toMatch(/Collect their work:\s+copse attach ui/);
  expect(statusText([{ state: liveRun, alive: true }], { ...screen(80), now })).not.toContain('copse attach');
});
