import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { readExit, shimmed } from '../../../src/run/attempt/shim.ts';
import { findByMarker, isRunning } from '../../../src/system/processes/process-identity.ts';
import { spawnDetached } from '../../../src/system/processes/spawn-detached.ts';

interface Ran {
  readonly exit: Awaited<ReturnType<typeof readExit>>;
  readonly stdout: string;
}

async function start(script: string, o: { wallMs?: number; prompt?: string; marker?: string } = {}) {
  const dir = await mkdtemp(join(tmpdir(), 'shim-'));
  const promptFile = join(dir, 'prompt');
  const exitFile = join(dir, '1.exit');
  const stdout = join(dir, 'out');
  await writeFile(promptFile, o.prompt ?? '');
  const command = shimmed({ exitFile, wallMs: o.wallMs ?? 60_000, promptFile, command: ['/bin/sh', '-c', script] });
  const env = { PATH: process.env['PATH'] ?? '', ...(o.marker === undefined ? {} : { COPSE_MARKER: o.marker }) };
  const identity = await spawnDetached(command, { cwd: dir, env, stdin: null, stdout, stderr: join(dir, 'err') });
  const ended = async (): Promise<Ran> => {
    await vi.waitFor(async () => expect(await isRunning(identity)).toBe(false), { timeout: 30_000, interval: 20 });
    return { exit: await readExit(exitFile), stdout: await readFile(stdout, 'utf8') };
  };
  return { identity, exitFile, stdout, ended, dir };
}

describe('shim', () => {
  it('leaves the exit status in a file', async () => {
    const { ended } = await start('exit 7');
    expect((await ended()).exit).toEqual({ code: 7, timedOut: false });
  });

  it('gives the prompt on stdin, and then its end', async () => {
    const { ended } = await start('cat; echo end', { prompt: 'Do "this" $(not that)\n' });
    expect((await ended()).stdout).toBe('Do "this" $(not that)\nend\n');
  });

  it('tells a signal as 128 + n', async () => {
    const { ended } = await start('kill -9 $$');
    expect((await ended()).exit).toEqual({ code: 137, timedOut: false });
  });

  it('ends what runs over its wall clock, without anybody else', async () => {
    const { ended } = await start('exec sleep 600', { wallMs: 1_000 });
    expect((await ended()).exit).toEqual({ code: 130, timedOut: true });
  });

  it('lets the agent see SIGINT as it would in a terminal: neither ignored nor blocked', async () => {
    const { ended, stdout, identity } = await start('trap "echo told; exit 3" INT; echo ready; while :; do sleep 0.05; done');
    await vi.waitFor(async () => expect(await readFile(stdout, 'utf8')).toBe('ready\n'), { timeout: 10_000, interval: 20 });
    process.kill(-identity.pid, 'SIGINT');
    expect(await ended()).toMatchObject({ exit: { code: 3, timedOut: false }, stdout: 'ready\ntold\n' });
  });

  it('outlives the signals that end the agent, so that the status is written', async () => {
    const { ended, identity, stdout } = await start('echo ready; exec sleep 600');
    await vi.waitFor(async () => expect(await readFile(stdout, 'utf8')).toBe('ready\n'), { timeout: 10_000, interval: 20 });
    process.kill(-identity.pid, 'SIGTERM');
    expect((await ended()).exit).toEqual({ code: 143, timedOut: false });
  });

  it('leaves no timer behind', async () => {
    const { ended, dir } = await start('exit 0', { wallMs: 3_600_000 });
    await ended();
    const { findWorkingIn } = await import('../../../src/system/processes/process-identity.ts');
    await vi.waitFor(async () => expect(await findWorkingIn(dir)).toEqual([]), { timeout: 10_000, interval: 50 });
  });

  it('leaves nothing of its own once the status is there, however soon the agent ends', async () => {
    const left = await Promise.all(
      Array.from({ length: 60 }, async (_, n) => {
        const marker = `shim-test-${process.pid}-${n}`;
        const { ended } = await start('exit 0', { wallMs: 60_000, marker });
        expect((await ended()).exit).toEqual({ code: 0, timedOut: false });
        return findByMarker(marker);
      }),
    );
    expect(left.flat()).toEqual([]);
  });

  it('has no status while the agent runs', async () => {
    const { exitFile, ended, identity } = await start('exec sleep 600');
    expect(await readExit(exitFile)).toBeNull();
    process.kill(-identity.pid, 'SIGKILL');
    expect((await ended()).exit).toBeNull();
  });
});
