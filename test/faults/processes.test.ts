import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ProcessIdentity } from '../../src/model/attempt.ts';
import { acquireLock, lockOwner } from '../../src/store/lock.ts';
import { supervisorAlive, writeSupervisor } from '../../src/store/supervisor-record.ts';
import { findByMarker, hostIdentity, isRunning } from '../../src/system/processes/process-identity.ts';
import { stopProcesses } from '../../src/system/processes/stop-processes.ts';
import { systemClock } from '../../src/system/system-clock.ts';
import { lives, startChild, until } from '../support/child-processes.ts';
import { temporaryFolder, temporaryRun } from '../support/temporary-run.ts';

const IDLE = ['sh', '-c', 'echo ready; exec sleep 600'] as const;

/** Records about a process that are no longer true. */
const NOT_THAT_ONE = [
  ['fault 7: after a reboot (the boot id differs)', { bootId: '00000000-0000-0000-0000-000000000000' }],
  ['fault 8: the recorded pid belongs to another process', { startTime: '1' }],
] as const;

/** Stops them. On a busy machine it may take longer than this grace until what SIGKILL has ended is gone. */
async function stop(o: { readonly root: ProcessIdentity; readonly marker?: string }): Promise<void> {
  await until(async () => (await stopProcesses({ marker: null, ...o, graceMs: 100 })).length === 0);
}

describe.each(NOT_THAT_ONE)('%s', (_, change) => {
  test('nothing is signalled', async () => {
    const { child, identity } = await startChild([...IDLE]);
    const recorded = { ...identity, ...change };
    expect(await isRunning(recorded)).toBe(false);
    expect(await stopProcesses({ root: recorded, marker: null })).toEqual([]);
    expect(await stopProcesses({ root: recorded, marker: null, force: true })).toEqual([]);
    expect(lives(child)).toBe(true);
    expect(await isRunning(identity)).toBe(true);
  });

  test('children of the process that has the pid now are not ours', async () => {
    const { child, identity } = await startChild(['sh', '-c', 'sleep 600 & echo ready; wait']);
    expect(await stopProcesses({ root: { ...identity, ...change }, marker: null, force: true })).toEqual([]);
    expect(lives(child)).toBe(true);
    expect(await stopProcesses({ root: identity, marker: null, force: true })).toEqual([]);
  });

  test('the supervisor counts as dead, and its lock is taken over', async () => {
    const { child, identity } = await startChild([...IDLE]);
    const here = await hostIdentity();
    const recorded = { ...identity, ...change };
    const host = { ...here, bootId: recorded.bootId };
    const paths = await temporaryRun();
    await writeSupervisor(paths, { identity: recorded, host, nonce: 'n', generation: 1 });
    expect(await supervisorAlive(paths)).toBe(false);
    await writeFile(paths.lock, JSON.stringify({ identity: recorded, host, nonce: 'n', purpose: 'run', since: '2026-01-01' }));
    await (await acquireLock(paths.lock, { purpose: 'adopt', waitMs: 0 })).release();
    expect(lives(child)).toBe(true);
  });
});

describe('fault 30: a process ignores SIGTERM', () => {
  test('it is killed in the end', async () => {
    const { identity } = await startChild(['sh', '-c', "trap '' INT TERM; echo ready; while :; do sleep 1; done"]);
    await stop({ root: identity });
    expect(await isRunning(identity)).toBe(false);
  });

  test('one that is stopped by a signal is killed too', async () => {
    const { child, identity } = await startChild([...IDLE]);
    child.kill('SIGSTOP');
    await stop({ root: identity });
    expect(await isRunning(identity)).toBe(false);
  });
});

describe('fault 31: a grandchild in a session of its own', () => {
  test('is found below its parent and stopped', async () => {
    const { identity } = await startChild(['sh', '-c', "setsid sh -c 'echo ready; exec sleep 600' & wait"]);
    await stop({ root: identity });
    expect(await isRunning(identity)).toBe(false);
  });

  test('is found by its marker after everything between has ended', async () => {
    const marker = randomUUID();
    const script = "(setsid sh -c 'exec sleep 600' &) ; echo ready; exec sleep 600";
    const { child, identity } = await startChild(['sh', '-c', script], { COPSE_MARKER: marker });
    await until(async () => (await findByMarker(marker)).length === 2);
    child.kill('SIGKILL');
    await until(async () => !(await isRunning(identity)));
    expect(await findByMarker(marker)).toHaveLength(1);
    await stop({ root: identity, marker });
    expect(await findByMarker(marker)).toEqual([]);
  });

  test('so are the ones that a dying process starts while it is being stopped', async () => {
    const marker = randomUUID();
    const script = "trap 'setsid sleep 600 & exit' INT TERM; echo ready; while :; do sleep 0.05; done";
    const { identity } = await startChild(['sh', '-c', script], { COPSE_MARKER: marker });
    await stop({ root: identity, marker });
    expect(await findByMarker(marker)).toEqual([]);
  });

  test('we ourselves are never stopped, whatever marker we bear', async () => {
    const marker = randomUUID();
    const stop = join(import.meta.dirname, '../../src/system/processes/stop-processes.ts');
    const script = `const { stopProcesses } = await import(${JSON.stringify(stop)});
      console.log(JSON.stringify(await stopProcesses({ root: null, marker: ${JSON.stringify(marker)}, force: true })));
      setInterval(() => {}, 1000);`;
    const started = await startChild([process.execPath, '--input-type=module', '-e', script], { COPSE_MARKER: marker });
    expect(lives(started.child)).toBe(true);
  });
});

describe('fault 43: the holder of a lock is suspended', () => {
  test('nobody steals from the living; it is given back when it goes on', async () => {
    const path = join(await temporaryFolder(), 'lock');
    const lock = join(import.meta.dirname, '../../src/store/lock.ts');
    const script = `const { acquireLock } = await import(${JSON.stringify(lock)});
      const held = await acquireLock(${JSON.stringify(path)}, { purpose: 'copse prune' });
      console.log('held');
      process.stdin.once('data', async () => { await held.release(); process.exit(0); });`;
    const { child, identity } = await startChild([process.execPath, '--input-type=module', '-e', script]);
    child.kill('SIGSTOP');
    // A year later by every clock that it could look at.
    const later = { ...systemClock, now: () => new Date(Date.now() + 365 * 86_400_000) };
    await expect(acquireLock(path, { purpose: 'x', waitMs: 0, clock: later })).rejects.toMatchObject({
      code: 'locked',
      message: `copse prune (pid ${identity.pid}) holds the lock ${path}.`,
    });
    expect(await lockOwner(path)).toMatchObject({ alive: true, owner: { identity } });
    const waiting = acquireLock(path, { purpose: 'x', waitMs: 60_000 });
    child.stdin?.write('go on\n');
    child.kill('SIGCONT');
    await (await waiting).release();
  });
});
