import { expect, test } from 'vitest';
import type { RunState } from '../../../../src/model/run-state/state.ts';
import type { Screen } from '../../../../src/view/kit/screen.ts';
import { displayWidth } from '../../../../src/view/kit/width.ts';
import { rowsOf } from '../../../../src/view/live/live-rows.ts';
import { renderLive } from '../../../../src/view/live/render-live.ts';
import { anAttempt, aRun, at, aVariant, aVerdict, check, ended, liveRun, manyRun, running, screen } from '../a-run.ts';

const HINTS = ['d leaves it running', 'Ctrl-C stops'];
const now = new Date(at(134));
const draw = (state: RunState, columns: number, more: Partial<Screen> = {}): string[] =>
  renderLive(state, rowsOf(state, { ...screen(columns, more), now }), { ...screen(columns, more), now, frame: 1, hints: HINTS });
const drawn = (state: RunState, columns: number, more: Partial<Screen> = {}): string =>
  `${draw(state, columns, more).join('\n')}\n`;

/** Everything that is not the usual case. */
const troubledRun = aRun(
  [
    running('editing', 'Edit src/a.ts', { limitedUntil: at(1800) }),
    aVariant('setting-up', { phase: { kind: 'preparing', step: 'npm ci --prefer-offline' }, startedAt: at(0) }),
    aVariant('again', {
      phase: { kind: 'retrying', attempt: 1, at: at(150) },
      attempts: [
        anAttempt({
          verdict: aVerdict({ outcome: 'failed', reason: 'The service is overloaded (529).', costUsd: 0.05, turns: 1 }),
        }),
      ],
      startedAt: at(0),
    }),
    aVariant('storing', { phase: { kind: 'committing' }, startedAt: at(0) }),
    aVariant('checking', { phase: { kind: 'verifying', check: 'test' }, startedAt: at(0) }),
    aVariant('waiting'),
    aVariant('dependent', { needs: ['editing', 'checking'] }),
    ended('broken', { changes: [1, 2, 3] }, { checks: [check('test', 'failed'), check('types', 'timed-out')] }),
    ended('as-before', { changes: [1, 2, 3] }, { checks: [check('test', 'failed', '', 'failed')] }),
    ended('blocked', { outcome: 'blocked', reason: '3 calls were denied.' }),
    ended('idle', { outcome: 'no-changes' }),
    ended('halted', { outcome: 'stopped' }),
    ended('limited', { outcome: 'limited', reason: 'The limit resets at 12:30.' }),
    ended('left-out', { outcome: 'skipped', reason: 'Its need editing failed.' }),
  ],
  { phase: { kind: 'paused', reason: 'Rate limit reached', until: at(1800) }, isolation: 'bypass' },
);

test.each([120, 80, 60, 20])('the live view at %i columns', async (columns) => {
  await expect(drawn(liveRun, columns)).toMatchFileSnapshot(`../screens/live-${columns}.txt`);
});

test.each([120, 80, 60, 20])('every state at %i columns', async (columns) => {
  await expect(drawn(troubledRun, columns)).toMatchFileSnapshot(`../screens/live-states-${columns}.txt`);
});

test.each([120, 80, 60])('20 variants in 24 rows at %i columns', async (columns) => {
  await expect(drawn(manyRun, columns)).toMatchFileSnapshot(`../screens/live-20-variants-${columns}.txt`);
});

test('more variants than rows: working ones first, then failed, queued and done ones', async () => {
  await expect(drawn(manyRun, 80, { rows: 12 })).toMatchFileSnapshot('../screens/live-12-rows.txt');
});

test('without Unicode', async () => {
  await expect(drawn(troubledRun, 80, { unicode: false })).toMatchFileSnapshot('../screens/live-ascii.txt');
});

test('in colour', async () => {
  await expect(drawn(liveRun, 80, { colour: true }).replaceAll('\u001b', '<esc>')).toMatchFileSnapshot(
    '../screens/live-colour.txt',
  );
});

test('colour changes no cell', () => {
  for (const columns of [20, 60, 80, 120]) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: our own colours
    const bare = draw(troubledRun, columns, { colour: true }).map((line) => line.replace(/\u001b\[[0-9;]*m/g, ''));
    expect(bare).toEqual(draw(troubledRun, columns));
  }
});

test('fault 66: no size makes it wider or higher than the screen', () => {
  const wide = aRun([
    running('a-variant-with-a-long-name-that-nobody-types', '编辑 src/主题/暗色.css 👨‍👩‍👧‍👦 e\u0301 done'),
    ...troubledRun.variants,
  ]);
  for (const state of [liveRun, manyRun, troubledRun, wide, aRun([])]) {
    for (const rows of [1, 2, 3, 4, 5, 10, 24]) {
      for (let columns = 1; columns <= 130; columns += 1) {
        const lines = draw(state, columns, { rows });
        expect(lines.length).toBeLessThanOrEqual(Math.max(1, rows - 1));
        for (const line of lines) {
          expect(displayWidth(line), `${columns}x${rows}: ${line}`).toBeLessThanOrEqual(columns);
          expect(line).not.toMatch(/\s$/);
        }
      }
    }
  }
});

test('fault 36: nothing an agent writes reaches the terminal as a command', () => {
  const hostile = 'x\u001b]0;title\u0007\u001b[2J\r\u202e\n\ny';
  const state = aRun([
    running('dark', hostile),
    ended('light', { outcome: 'failed', reason: hostile }),
    aVariant('docs', { phase: { kind: 'preparing', step: hostile } }),
  ]);
  const lines = draw(state, 200);
  expect(lines).toHaveLength(5);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: none of these may be there
  expect(lines.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
});

test('after a takeover it says that nothing new starts, and how to go on', () => {
  const text = drawn(aRun([running('dark', 'x'), aVariant('docs')], { launches: false }), 120);
  expect(text).toContain('copse resume ui');
  expect(text).toContain('docs  waiting for copse resume');
});

test('while it stops it says so', () => {
  expect(drawn(aRun([running('dark', 'x')], { phase: { kind: 'stopping', reason: '', fatal: null } }), 80)).toContain(
    'Stopping.',
  );
});
