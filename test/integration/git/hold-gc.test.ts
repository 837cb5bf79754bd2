import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { holdGc } from '../../../src/git/objects/hold-gc.ts';
import { systemClock } from '../../../src/system/system-clock.ts';
import { Sandbox } from '../../support/git-repository.ts';

function place(sandbox: Sandbox) {
  return { commonDir: join(sandbox.root, '.git'), clock: systemClock, pid: join(sandbox.root, '.git/gc.pid') };
}

test('git says who runs, and collects again afterwards', async () => {
  const sandbox = new Sandbox();
  const o = place(sandbox);
  await holdGc(o, async () => {
    expect(() => sandbox.git('gc', '-q')).toThrow(
      new RegExp(`gc is already running on machine '${hostname()}' pid ${process.pid}`),
    );
  });
  expect(existsSync(o.pid)).toBe(false);
  sandbox.git('gc', '-q');
});

test.each([
  ['of a process that is gone', `999999999 ${hostname()}`, 0],
  ['of another machine, a day old', '1 elsewhere', 24 * 3600],
  ['that makes no sense', 'x', 0],
])('a lock left behind holds nobody up: %s', async (_, text, ageSeconds) => {
  const sandbox = new Sandbox();
  const o = place(sandbox);
  writeFileSync(o.pid, text);
  const at = Date.now() / 1000 - ageSeconds;
  utimesSync(o.pid, at, at);
  expect(await holdGc(o, async () => readFileSync(o.pid, 'utf8'))).toBe(`${process.pid} ${hostname()}`);
});

test('a gc that does not end is named', async () => {
  const sandbox = new Sandbox();
  const o = place(sandbox);
  writeFileSync(o.pid, '1 elsewhere');
  let now = 0;
  const clock = {
    ...systemClock,
    monotonicMs: () => now,
    sleep: async (ms: number) => {
      now += ms * 100;
    },
  };
  const error = await holdGc({ ...o, clock }, async () => undefined).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'gc-running', exit: 3, message: 'git gc is at work in this repository (pid 1).' });
  expect(readFileSync(o.pid, 'utf8')).toBe('1 elsewhere');
});
