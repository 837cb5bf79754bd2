import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RunState } from '../../../src/model/run-state/state.ts';
import { systemClock } from '../../../src/system/system-clock.ts';
import type { Screen } from '../../../src/view/kit/screen.ts';
import { rowsOf } from '../../../src/view/live/live-rows.ts';
import { LiveView } from '../../../src/view/live/live-view.ts';
import { renderLive } from '../../../src/view/live/render-live.ts';
import { aRun, ended, liveRun, manyRun, running } from '../../unit/view/a-run.ts';
import { VirtualTerminal } from './virtual-terminal.ts';

const HINTS = ['d leaves it running', 'Ctrl-C stops'];
const SPINNER = /[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/gu;

let now = 0;
beforeEach(() => {
  vi.useFakeTimers();
  now = Date.parse('2025-03-04T12:02:14Z');
});
afterEach(() => {
  vi.useRealTimers();
});

function viewOn(terminal: VirtualTerminal): LiveView {
  return new LiveView({
    stream: terminal,
    screen: () => screenOf(terminal),
    now: () => new Date(now),
    sleep: systemClock.sleep,
    hints: () => HINTS,
  });
}

function screenOf(terminal: VirtualTerminal): Screen {
  return { columns: terminal.columns, rows: terminal.rows, colour: false, unicode: true, utcOffsetMinutes: 0 };
}

const still = (text: string): string => text.replace(SPINNER, '*').trimEnd();

function expected(state: RunState, terminal: VirtualTerminal): string {
  return still(
    renderLive(state, rowsOf(state, { ...screenOf(terminal), now: new Date(now) }), {
      ...screenOf(terminal),
      now: new Date(now),
      frame: 0,
      hints: HINTS,
    })
      .map((line) => line.trimEnd())
      .join('\n'),
  );
}

async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 50) {
    now += Math.min(50, left);
    await vi.advanceTimersByTimeAsync(Math.min(50, left));
  }
}

test('draws what stands there, in place', async () => {
  const terminal = new VirtualTerminal(80, 24);
  terminal.write('$ copse run\r\n');
  const view = viewOn(terminal);
  view.update(liveRun);
  await pass(1000);
  expect(still(terminal.text)).toBe(`$ copse run\n${expected(liveRun, terminal)}`);
  expect(terminal.cursorShown).toBe(false);
  const next = aRun([ended('dark'), ...liveRun.variants.slice(1)]);
  view.update(next);
  await pass(1000);
  expect(still(terminal.text)).toBe(`$ copse run\n${expected(next, terminal)}`);
  await view.stop();
  expect(terminal.cursorShown).toBe(true);
  expect(still(terminal.text)).toBe(`$ copse run\n${expected(next, terminal)}`);
});

test('fault 66: resized while running, no ghost of an older frame stays', async () => {
  const terminal = new VirtualTerminal(120, 40);
  terminal.write('$ copse run\r\n');
  const view = viewOn(terminal);
  view.update(liveRun);
  await pass(500);
  for (const columns of [60, 59, 100, 20, 80, 33, 120]) {
    terminal.resize(columns);
    await pass(200);
    expect(still(terminal.text), `at ${columns} columns`).toBe(`$ copse run\n${expected(liveRun, terminal)}`);
  }
  await view.stop('');
  expect(terminal.text).toBe('$ copse run');
});

test('fault 66: nor when the old frame, broken anew, was higher than the screen', async () => {
  const terminal = new VirtualTerminal(120, 24);
  terminal.write('$ copse run\r\n');
  const view = viewOn(terminal);
  view.update(manyRun);
  await pass(500);
  for (const columns of [60, 59, 100, 20, 80, 20, 120]) {
    terminal.resize(columns);
    await pass(200);
    expect(still(terminal.screen), `at ${columns} columns`).toBe(expected(manyRun, terminal));
  }
  await view.stop();
});

test('a burst of resizes before one frame leaves no ghost either', async () => {
  const terminal = new VirtualTerminal(120, 40);
  const view = viewOn(terminal);
  view.update(liveRun);
  await pass(500);
  for (let columns = 119; columns > 50; columns -= 3) terminal.resize(columns);
  await pass(200);
  expect(still(terminal.text)).toBe(expected(liveRun, terminal));
  await view.stop();
});

test('20 variants that change 30 times a second are 12 frames a second', async () => {
  const terminal = new VirtualTerminal(100, 24);
  const view = viewOn(terminal);
  view.update(manyRun);
  await pass(1000);
  terminal.writes = [];
  for (let i = 0; i < 60; i += 1) {
    view.update(aRun(manyRun.variants.map((v, n) => running(v.name, `step ${i} of ${n}`, { turns: i }))));
    await pass(33);
  }
  expect(terminal.writes.length).toBeLessThanOrEqual(2 * 13);
  expect(terminal.writes.length).toBeGreaterThan(2 * 10);
  await view.stop();
});

test('nothing is written while nothing changes, but the clock goes on', async () => {
  const terminal = new VirtualTerminal(100, 24);
  const view = viewOn(terminal);
  const waiting = aRun([ended('dark'), ended('light')], { phase: { kind: 'paused', reason: 'Rate limit.', until: null } });
  view.update(waiting);
  await pass(1000);
  terminal.writes = [];
  await pass(5000);
  expect(terminal.writes.length).toBeGreaterThanOrEqual(4);
  expect(terminal.writes.length).toBeLessThanOrEqual(6);
  await view.stop();
});

test('a terminal that takes no more gets no more, until it drains', async () => {
  const terminal = new VirtualTerminal(100, 24);
  const view = viewOn(terminal);
  view.update(liveRun);
  await pass(500);
  terminal.accepting = false;
  await pass(200);
  terminal.writes = [];
  await pass(5000);
  expect(terminal.writes).toEqual([]);
  terminal.accepting = true;
  terminal.emit('drain');
  await pass(200);
  expect(still(terminal.text)).toBe(expected(liveRun, terminal));
  await view.stop();
});

test('the end takes the place of the view, where one is given', async () => {
  const terminal = new VirtualTerminal(80, 24);
  terminal.write('$ copse run\r\n');
  const view = viewOn(terminal);
  view.update(liveRun);
  await pass(500);
  await view.stop('ui goes on: copse attach ui\n');
  expect(terminal.text).toBe('$ copse run\nui goes on: copse attach ui');
  expect(terminal.cursorShown).toBe(true);
  terminal.writes = [];
  view.update(liveRun);
  view.restore();
  await view.stop('again');
  await pass(2000);
  expect(terminal.writes).toEqual([]);
});

test('what is printed stays above the view', async () => {
  const terminal = new VirtualTerminal(80, 24);
  const view = viewOn(terminal);
  view.update(liveRun);
  await pass(500);
  view.print('stopping dark\n');
  await pass(500);
  expect(still(terminal.text)).toBe(`stopping dark\n${expected(liveRun, terminal)}`);
  await view.stop();
});

test('suspended it gives the cursor back and is silent; continued it draws below', async () => {
  const terminal = new VirtualTerminal(80, 24);
  const view = viewOn(terminal);
  view.update(liveRun);
  await pass(500);
  const before = terminal.text;
  view.suspend();
  expect(terminal.cursorShown).toBe(true);
  terminal.write('[1]+ Stopped\r\n');
  terminal.writes = [];
  view.update(manyRun);
  await pass(1000);
  expect(terminal.writes).toEqual([]);
  view.resume();
  await pass(200);
  expect(terminal.text.startsWith(`${before}\n[1]+ Stopped\nui  20 variants`)).toBe(true);
  expect(terminal.cursorShown).toBe(false);
  await view.stop();
});

test('in an exit hook the cursor comes back at once', async () => {
  const terminal = new VirtualTerminal(80, 24);
  const view = viewOn(terminal);
  view.restore();
  expect(terminal.writes).toEqual([]);
  view.update(liveRun);
  view.restore();
  expect(terminal.cursorShown).toBe(true);
  await view.stop();
});

test('a view that never drew anything still says its last words', async () => {
  const terminal = new VirtualTerminal(80, 24);
  await viewOn(terminal).stop('no run\n');
  expect(terminal.text).toBe('no run');
});

test('touches no stream but its own, and no signals', async () => {
  const outs = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write'));
  const signals = process.listenerCount('SIGINT');
  const terminal = new VirtualTerminal(80, 24);
  const view = viewOn(terminal);
  view.update(liveRun);
  await pass(500);
  expect(process.listenerCount('SIGINT')).toBe(signals);
  await view.stop();
  for (const out of outs) {
    expect(out).not.toHaveBeenCalled();
    out.mockRestore();
  }
  expect(terminal.listenerCount('resize') + terminal.listenerCount('drain')).toBe(0);
});

test('wide characters and names keep every line within the screen', async () => {
  const terminal = new VirtualTerminal(60, 24);
  const view = viewOn(terminal);
  const state = aRun([
    running('dark', '编辑 src/主题/暗色.css 并运行所有的测试用例以及类型检查 👍👍👍', { turns: 3, costUsd: 0.1 }),
    running('light', '日本語'),
  ]);
  view.update(state);
  await pass(500);
  expect(terminal.text.split('\n')).toHaveLength(4);
  await view.stop();
});
