import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ambientEnvironment, baseEnvironment } from '../../../src/system/environment.ts';
import { readTextIfExists } from '../../../src/system/files.ts';
import {
  descendantsOfAll,
  findByMarker,
  findWorkingIn,
  identityOf,
  isRunning,
  ownIdentity,
} from '../../../src/system/processes/process-identity.ts';
import { runCommand } from '../../../src/system/processes/run-command.ts';
import { runLogged } from '../../../src/system/processes/run-logged.ts';
import { spawnDetached } from '../../../src/system/processes/spawn-detached.ts';
import { stopProcesses } from '../../../src/system/processes/stop-processes.ts';
import { startChild, until } from '../../support/child-processes.ts';
import { temporaryFolder } from '../../support/temporary-run.ts';

const env = baseEnvironment(ambientEnvironment());
const LIMIT = 30_000;

describe('identity', () => {
  test('a process is itself until it ends; as a zombie it runs no more', async () => {
    const { child, identity } = await startChild(['sh', '-c', 'echo ready; exec sleep 600']);
    expect(await isRunning(identity)).toBe(true);
    expect(await isRunning({ ...identity, startTime: '0' })).toBe(false);
    child.kill('SIGKILL');
    await until(async () => !(await isRunning(identity)));
    expect(await identityOf(identity.pid)).toBeNull();
    expect(await isRunning(await ownIdentity())).toBe(true);
  });

  test('descendants, marker and working directory each find their own', async () => {
    const marker = randomUUID();
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'copse-test-')));
    await mkdir(join(folder, 'sub'));
    const script = `cd ${folder}/sub && (sleep 600 & sleep 600 & echo ready; wait)`;
    const { identity } = await startChild(['sh', '-c', script], { COPSE_MARKER: marker });
    await until(async () => (await descendantsOfAll(new Set([identity.pid]))).length >= 2);
    const tree = [identity, ...(await descendantsOfAll(new Set([identity.pid])))].map(({ pid }) => pid).sort();
    await until(async () => (await findByMarker(marker)).length === tree.length);
    expect((await findByMarker(marker)).map(({ pid }) => pid).sort()).toEqual(tree);
    expect((await findWorkingIn(folder)).map(({ pid }) => pid).sort()).toEqual(tree);
    expect(await findByMarker(marker.slice(0, 8))).toEqual([]);
    await stopProcesses({ root: identity, marker, force: true });
    await rm(folder, { recursive: true });
  });
});

describe('runCommand', () => {
  const run = (script: string, more: object = {}) => runCommand('sh', ['-c', script], { cwd: '/', env, ...more });

  test('hands back what the program wrote and how it ended', async () => {
    const result = await run('cat; echo oops >&2; exit 3', { input: 'in' });
    expect(result).toMatchObject({ exitCode: 3, signal: null, timedOut: false, startError: null });
    expect([result.stdout.toString(), result.stderr.toString()]).toEqual(['in', 'oops\n']);
    expect(await run('kill -9 $$')).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
  });

  test('gives the exact environment', async () => {
    const result = await runCommand('/usr/bin/env', [], { cwd: '/', env: { ONLY: 'this' } });
    expect(result.stdout.toString()).toBe('ONLY=this\n');
  });

  test('stops at the time limit, at the size limit and when told to', async () => {
    expect(await run('exec sleep 600', { timeoutMs: 20 })).toMatchObject({ exitCode: null, timedOut: true });
    const large = await run('exec yes', { maxBytes: 1000 });
    expect(large).toMatchObject({ exitCode: null, overflowed: true });
    expect(large.stdout.length).toBeLessThanOrEqual(1000);
    expect(await run('exec sleep 600', { signal: AbortSignal.abort() })).toMatchObject({ exitCode: null, timedOut: false });
  });

  test('does not wait for what stays in the background', async () => {
    const result = await run('sleep 600 & echo $!');
    expect(result.exitCode).toBe(0);
    // Throws if it were gone.
    process.kill(Number(result.stdout.toString()), 'SIGKILL');
  });

  test('says why a program cannot start', async () => {
    const none = await runCommand('no-such-program', [], { cwd: '/', env });
    expect(none).toMatchObject({ exitCode: null, startError: 'spawn no-such-program ENOENT' });
    expect((await runCommand('sh', ['a\0b'], { cwd: '/', env })).startError).toContain('null bytes');
    expect((await run('true', { input: 'x'.repeat(5_000_000) })).exitCode).toBe(0);
  });
});

describe('runLogged', () => {
  test('logs both streams in order, private, from the beginning', async () => {
    const log = join(await temporaryFolder(), 'log');
    const script = 'echo out; echo err >&2; cat; exit 4';
    for (let twice = 0; twice < 2; twice += 1) {
      expect(await runLogged(['sh', '-c', script], { cwd: '/', env, log, timeoutMs: LIMIT })).toMatchObject({
        exitCode: 4,
        timedOut: false,
        startError: null,
      });
      expect(await readFile(log, 'utf8')).toBe('out\nerr\n');
    }
    expect((await stat(log)).mode & 0o777).toBe(0o600);
  });

  test('keeps the beginning and the end of very much output', async () => {
    const log = join(await temporaryFolder(), 'log');
    const script = 'echo first; yes "a line of output" | head -n 6168094; sleep 2; echo last';
    expect(await runLogged(['sh', '-c', script], { cwd: '/', env, log, timeoutMs: LIMIT })).toMatchObject({ exitCode: 0 });
    const text = await readFile(log, 'utf8');
    expect(text.length).toBeLessThan(2 ** 23);
    expect(text.slice(0, 24)).toBe('first\na line of output\na');
    expect(text.slice(-23)).toBe('\na line of output\nlast\n');
    expect(/\n\[.* left out \d+ MiB of output .*\]\n/.exec(text)).not.toBeNull();
  });

  test('gives the exact environment and a marker', async () => {
    const log = join(await temporaryFolder(), 'log');
    await runLogged(['/usr/bin/env'], { cwd: '/', env: { ONLY: 'this' }, log, timeoutMs: LIMIT, marker: 'm' });
    expect((await readFile(log, 'utf8')).trim().split('\n').sort()).toEqual(['COPSE_MARKER=m', 'ONLY=this']);
  });

  test('says why a command cannot start, without rejecting', async () => {
    const log = join(await temporaryFolder(), 'log');
    const none = await runLogged(['no-such-program'], { cwd: '/', env, log, timeoutMs: LIMIT });
    expect(none).toMatchObject({ exitCode: null, timedOut: false, startError: expect.stringContaining('ENOENT') });
  });

  test('at its time limit the whole tree is stopped, also what left the session', async () => {
    const marker = randomUUID();
    const log = join(await temporaryFolder(), 'log');
    const options = { cwd: '/', env, log, timeoutMs: 100, marker };
    expect(await runLogged(['sh', '-c', 'setsid sleep 600 & exec sleep 600'], options)).toMatchObject({
      exitCode: null,
      timedOut: true,
    });
    expect(await findByMarker(marker)).toEqual([]);
  });

  test('an abort stops it too', async () => {
    const log = join(await temporaryFolder(), 'log');
    const abort = new AbortController();
    const running = runLogged(['sh', '-c', 'echo up; exec sleep 600'], {
      cwd: '/',
      env,
      log,
      timeoutMs: LIMIT,
      signal: abort.signal,
    });
    await until(async () => (await readTextIfExists(log)) === 'up\n');
    abort.abort();
    expect(await running).toMatchObject({ exitCode: null, timedOut: false });
  });
});

describe('spawnDetached', () => {
  test('starts in a session of its own, appends to private files, and says how it ended', async () => {
    const folder = await temporaryFolder();
    const stdout = join(folder, 'out');
    const ended = Promise.withResolvers<number | null>();
    const script = 'echo $$ $(ps -o sid= -p $$); exit 5';
    const options = { cwd: folder, env, stdin: null, stdout, stderr: stdout, onExit: ended.resolve };
    const { pid } = await spawnDetached(['sh', '-c', script], options);
    expect(await ended.promise).toBe(5);
    expect((await readFile(stdout, 'utf8')).trim().split(/\s+/)).toEqual([String(pid), String(pid)]);
    expect((await stat(stdout)).mode & 0o777).toBe(0o600);
    await spawnDetached(['echo', 'more'], { cwd: folder, env, stdin: null, stdout, stderr: stdout });
    await until(async () => (await readFile(stdout, 'utf8')).endsWith('more\n'));
  });

  test('identifies a program even if it ends at once', async () => {
    const log = join(await temporaryFolder(), 'log');
    for (let count = 0; count < 20; count += 1) {
      const identity = await spawnDetached(['true'], { cwd: '/', env, stdin: null, stdout: log, stderr: log });
      expect(identity.startTime).toMatch(/^\d+$/);
    }
  });

  test('refuses with the reason: no program, or no working directory', async () => {
    const log = join(await temporaryFolder(), 'log');
    const options = { cwd: '/', env, stdin: null, stdout: log, stderr: log };
    await expect(spawnDetached(['no-such-program'], options)).rejects.toMatchObject({
      code: 'cannot-start',
      why: expect.stringContaining('ENOENT'),
    });
    await expect(spawnDetached(['sh'], { ...options, cwd: '/no/such/folder' })).rejects.toMatchObject({
      why: expect.stringContaining('there is no /no/such/folder'),
    });
  });
});
