import { readFile, stat } from 'node:fs/promises';
import { describe, expect, it, vi } from 'vitest';
import type { Clock } from '../../../src/model/clock.ts';
import { systemClock } from '../../../src/system/system-clock.ts';
import { startChild } from '../../support/child-processes.ts';
import { needProgram } from '../../support/need-program.ts';
import { needsRoot } from '../../support/ordinary-user.ts';
import { GOOD, serve, textAt } from './a-server.ts';

/** The machine's clock without waits of a second or more: these are in `naps`, ms. */
function napless() {
  const naps: number[] = [];
  const sleep: Clock['sleep'] = (ms, signal) => {
    if (ms < 1_000) return systemClock.sleep(ms, signal);
    naps.push(ms);
    return Promise.resolve();
  };
  return { clock: { ...systemClock, sleep }, naps };
}

/** The machine's clock, which can be put forward. */
function movedClock() {
  let ahead = 0;
  return {
    clock: { ...systemClock, monotonicMs: () => systemClock.monotonicMs() + ahead },
    goAhead: (ms: number): void => {
      ahead += ms;
    },
  };
}

it('three servers at once answer each on its own port, and a stop leaves nothing of them', async () => {
  const scene = await serve({ dark: GOOD, light: GOOD, wide: GOOD });
  const ready = await Promise.all(['dark', 'light', 'wide'].map((label) => scene.reaches(label, 'ready')));
  expect(new Set(ready.map(({ port }) => port)).size).toBe(3);
  expect(await Promise.all(ready.map(({ url }) => textAt(url)))).toEqual([
    'hello from dark',
    'hello from light',
    'hello from wide',
  ]);
  expect(await scene.servers.stop()).toEqual([]);
  expect(scene.servers.list().map(({ state }) => state)).toEqual(['stopped', 'stopped', 'stopped']);
});

it('one that listens on IPv6 alone is found there', async () => {
  const scene = await serve({ dark: GOOD.replace("'127.0.0.1'", "'::1'") });
  expect((await scene.reaches('dark', 'ready')).host).toBe('::1');
});

it('is up when a text of its stands in the output, colours or not, and its port takes connections', async () => {
  const script = `${GOOD}; setTimeout(() => process.stdout.write('rea\\u001b[1mdy in'), 300); setTimeout(() => console.log('\\u001b[22m 5 ms'), 400);`;
  const scene = await serve({ dark: { script, ready: { kind: 'text', text: 'ready in 5 ms' } } });
  expect((await scene.reaches('dark', 'ready')).tail).toContain('ready in 5 ms');
});

it('a server that never gets ready fails with the last it said, the one beside it goes on', async () => {
  const { clock, goAhead } = movedClock();
  const script = "console.log('waiting for the database'); setInterval(() => {}, 1000);";
  const scene = await serve({ dark: script, light: GOOD }, clock);
  await scene.reaches('light', 'ready');
  await vi.waitFor(() => expect(scene.of('dark').tail).toEqual(['waiting for the database']), { timeout: 20_000 });
  expect(scene.of('dark').state).toBe('starting');
  goAhead(20_000);
  const { detail, tail } = await scene.reaches('dark', 'failed');
  expect(detail).toMatch(/^Nothing answers \/ on its port \d+ within 20 s; it printed last: waiting for the database$/);
  expect(tail).toEqual(['waiting for the database']);
  // Reported at once, ended right after.
  await vi.waitFor(async () => expect(await scene.pids('dark')).toEqual([]), { timeout: 10_000 });
  expect((await scene.reaches('light', 'ready')).detail).toBe('');
});

it('a server that answers with errors only fails with their status', async () => {
  const { clock, goAhead } = movedClock();
  const scene = await serve({ dark: GOOD.replace('r.end(', "(console.log('asked'), r.writeHead(503)).end(") }, clock);
  // The second time it has taken in the first answer.
  await vi.waitFor(() => expect(scene.of('dark').tail.slice(-2)).toEqual(['asked', 'asked']), { timeout: 20_000 });
  expect(scene.of('dark').state).toBe('starting');
  goAhead(20_000);
  expect((await scene.reaches('dark', 'failed')).detail).toBe('It still answers / with status 503 after 20 s.');
});

it('one that answers 404 is up: the path may not exist, the server does', async () => {
  const scene = await serve({ dark: GOOD.replace('r.end(', 'r.writeHead(404).end(') });
  expect((await scene.reaches('dark', 'ready')).detail).toBe('');
});

it('a server that dies is started again three times, then told of with its last words', async () => {
  const { clock, naps } = napless();
  const scene = await serve({ dark: "console.error('no such table: users'); process.exit(3);", light: GOOD }, clock);
  const { detail, restarts } = await scene.reaches('dark', 'failed');
  // Each time after a longer while; the first one cannot be distinguished from other waits.
  expect(naps).toEqual([1_000, 4_000]);
  expect(detail).toBe('It ended with exit code 3, also after 3 restarts: no such table: users');
  expect(restarts).toBe(3);
  await scene.reaches('light', 'ready');
});

it('a server that is killed while it is up comes back on its port', async () => {
  const scene = await serve({ dark: GOOD });
  const before = await scene.reaches('dark', 'ready');
  const [pid] = await scene.pids('dark');
  if (pid === undefined) throw new Error('it runs');
  process.kill(pid, 'SIGKILL');
  await scene.reaches('dark', 'restarting');
  const after = await scene.reaches('dark', 'ready');
  expect(after).toMatchObject({ port: before.port, restarts: 1 });
  expect(await textAt(after.url)).toBe('hello from dark');
});

it('restarts count anew after it was up for some minutes', async () => {
  const { clock, goAhead } = movedClock();
  const mortal = GOOD.replace('r.end(', "_.url === '/die' ? process.exit(1) : r.end(");
  const scene = await serve({ dark: mortal }, clock);
  const dies = async (): Promise<void> => {
    const { url } = await scene.reaches('dark', 'ready');
    await expect(fetch(`${url}die`)).rejects.toThrow();
  };
  const isBack = (restarts: number) =>
    vi.waitFor(() => expect(scene.of('dark')).toMatchObject({ state: 'ready', restarts }), { timeout: 20_000, interval: 20 });
  await dies();
  await isBack(1);
  goAhead(4 * 60_000);
  await dies();
  await isBack(2);
  goAhead(5 * 60_000);
  await dies();
  await isBack(1);
});

it('a command that is not there is not tried again', async () => {
  const scene = await serve({ dark: { script: '', line: 'no-such-program --port $PORT' } });
  const { detail, restarts } = await scene.reaches('dark', 'failed');
  expect(detail).toMatch(/^Its command cannot be run \(exit code 127\): .*no-such-program/);
  expect(restarts).toBe(0);
});

it('fault 31: a server that forks into the background, in a session of its own, is served, told of, and ended', async () => {
  const scene = await serve({
    dark: { script: GOOD, line: `setsid '${process.execPath}' server.mjs >/dev/null 2>&1 & sleep 0.2` },
  });
  await scene.reaches('dark', 'ready');
  await vi.waitFor(
    () =>
      expect(scene.of('dark').detail).toBe('Its command ended with exit code 0; what it left in the background keeps running.'),
    { timeout: 20_000 },
  );
  expect(scene.of('dark')).toMatchObject({ state: 'ready', restarts: 0 });
  expect(await textAt(scene.of('dark').url)).toBe('hello from dark');
  expect(await scene.pids('dark')).toHaveLength(1);
  await scene.servers.stop();
  expect(await scene.pids('dark')).toEqual([]);
});

it('a server that ignores SIGINT and SIGTERM is killed', async () => {
  const deaf = `process.on('SIGINT', () => console.log('no')); process.on('SIGTERM', () => console.log('never')); ${GOOD}`;
  const scene = await serve({ dark: deaf });
  await scene.reaches('dark', 'ready');
  expect(await scene.servers.stop()).toEqual([]);
  // The shell around it reports that if it outlives it for a moment.
  const said = scene.of('dark').tail.filter((line) => line !== 'Killed');
  expect(said.slice(-2)).toEqual(['no', 'never']);
});

it('a forced stop does not wait for a server that ignores signals', async () => {
  const scene = await serve({ dark: `process.on('SIGINT', () => console.log('no')); ${GOOD}` });
  await scene.reaches('dark', 'ready');
  const gentle = scene.servers.stop();
  await vi.waitFor(() => expect(scene.of('dark').tail).toContain('no'), { timeout: 20_000 });
  await scene.servers.stop(true);
  expect(await gentle).toEqual([]);
  // SIGTERM would have ended it: it was not waited for.
  expect(await scene.pids('dark')).toEqual([]);
});

it('a server that binds another port is told so in one sentence', async () => {
  const script = `
import { createServer } from 'node:http';
const server = createServer((_, r) => r.end('x')).listen(0, '127.0.0.1', () => console.log('Local: http://localhost:' + server.address().port + '/'));`;
  const scene = await serve({ dark: script, light: GOOD });
  const { detail, port } = await scene.reaches('dark', 'failed');
  expect(detail).toMatch(
    new RegExp(`^It listens on port \\d+, not on its own port ${port}: its command must listen on \\$PORT\\.$`),
  );
  await scene.reaches('light', 'ready');
});

it('a port that somebody else listens on is told', async () => {
  const { createServer } = await import('node:net');
  const scene = await serve({ dark: GOOD });
  const { port } = await scene.reaches('dark', 'ready');
  const [pid] = await scene.pids('dark');
  if (pid === undefined) throw new Error('it runs');
  process.kill(pid, 'SIGKILL');
  const thief = createServer();
  await vi.waitFor(
    () =>
      new Promise<void>((resolve, reject) => {
        thief.once('error', reject);
        thief.listen(port, '127.0.0.1', resolve);
      }),
    { timeout: 10_000, interval: 5 },
  );
  const { detail } = await scene.reaches('dark', 'failed');
  thief.close();
  expect(detail).toBe(`Its port ${port} is in use by another program: stop it, then serve again.`);
});

it('100 MB of output leave a log of a few MB with the newest in it', async () => {
  const script = `${GOOD}
const line = 'x'.repeat(1023) + '\\n';
let n = 0;
const more = () => { while (n++ < 100 * 1024) if (!process.stdout.write(line)) return process.stdout.once('drain', more); console.log('all printed'); };
more();`;
  const scene = await serve({ dark: script, light: GOOD });
  await scene.reaches('light', 'ready');
  await vi.waitFor(() => expect(scene.of('dark').tail.at(-1)).toBe('all printed'), { timeout: 60_000, interval: 50 });
  const { log } = await scene.reaches('dark', 'ready');
  expect((await stat(log)).size).toBeLessThan(5 * 1024 * 1024);
  expect((await readFile(log, 'utf8')).endsWith('all printed\n')).toBe(true);
  expect((await stat(log)).mode & 0o077).toBe(0);
});

it('what it prints cannot steer a terminal', async () => {
  const scene = await serve(
    { dark: "console.log('\\u001b]0;owned\\u0007\\u001b[2Jhello\\u202e'); process.exit(1);" },
    napless().clock,
  );
  const { detail, tail } = await scene.reaches('dark', 'failed');
  expect(detail).toMatch(/: hello$/);
  expect(tail.every((line) => line === 'hello')).toBe(true);
});

it('output can be opened by name, as scripts do', async () => {
  const scene = await serve({ dark: { script: GOOD, line: `echo by-name >/dev/stderr; exec '${process.execPath}' server.mjs` } });
  expect((await scene.reaches('dark', 'ready')).tail).toContain('by-name');
});

describe("fault 124: another program takes a server's port", () => {
  const waits = "console.log('slow'); setInterval(() => {}, 1000);";
  const stranger = (host: string) =>
    `require('node:http').createServer((_, r) => r.end('stranger')).listen(Number(process.argv[1]), '${host}', () => console.log('ready'));`;

  /** Starts a server that says so only when the stranger is there. */
  async function taken(script: string, before: readonly string[], host = '127.0.0.1') {
    const scene = await serve({ dark: waits + script });
    await vi.waitFor(() => expect(scene.of('dark').tail).toEqual(['slow']), { timeout: 20_000 });
    const [program = process.execPath, ...rest] = [
      ...before,
      process.execPath,
      '-e',
      stranger(host),
      String(scene.of('dark').port),
    ];
    const { child } = await startChild([program, ...rest]);
    return { ...(await scene.reaches('dark', 'failed', 'ready')), pid: child.pid };
  }

  it('of the same user', async () => {
    const { state, detail, pid, port } = await taken('', []);
    expect(state).toBe('failed');
    expect(detail).toBe(
      `Its port ${port} was taken by process ${pid}, which is not the variant's server: stop it, then serve again.`,
    );
  });

  it('of another user', async (context) => {
    needsRoot(context);
    needProgram(context, 'setpriv');
    const { state, detail } = await taken('', ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--']);
    expect([state, detail]).toEqual(['failed', expect.stringContaining('which is not the variant')]);
  });

  it('on the other family of addresses, beside it', async () => {
    const late = `import('node:http').then((http) => setTimeout(() => http.createServer((_, r) => r.end('own')).listen(Number(process.env.PORT), '127.0.0.1'), 3000));`;
    const { state } = await taken(late, [], '::1');
    expect(state).toBe('failed');
  });

  it('a descendant that dropped its environment is the server', async () => {
    const line = `env -i PORT="$PORT" COPSE_VARIANT=dark '${process.execPath}' server.mjs`;
    const scene = await serve({ dark: { script: GOOD, line } });
    expect((await scene.reaches('dark', 'ready', 'failed')).detail).toBe('');
  });
});
