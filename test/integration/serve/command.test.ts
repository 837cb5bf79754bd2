import { spawn } from 'node:child_process';
import { readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { storeAt } from '../../../src/store/layout.ts';
import type { PruneJson } from '../../../src/view/landing/prune-json.ts';
import { stopServing } from '../../../src/worktree/stop-serving.ts';
import { canListen, textAt } from './a-server.ts';
import { nothingServed, ownerPid, servedPerson, serving } from './served-person.ts';

const urls = ({ variants }: { variants: readonly { url: string }[] }) => variants.map(({ url }) => url);

it('serves all variants of the latest run until Ctrl-C, each with its own port and database, and the same port again', async () => {
  const person = await servedPerson();
  const first = await serving(person);
  expect(first.json.variants.map(({ label, state }) => `${label} ${state}`)).toEqual(['dark ready', 'light ready', 'wide ready']);
  expect(await Promise.all(urls(first.json).map(textAt))).toEqual(['hello from dark', 'hello from light', 'hello from wide']);
  expect(await readFile(first.json.variants[0]?.log ?? '', 'utf8')).toBe('for ui dark app_dark\n');
  const status = await person.copse(['status']);
  expect(status.stdout).toContain('Served: dark, light, wide');
  expect((await person.copse(['doctor'])).stdout).toMatch(/serve\s+dark, light, wide by pid \d+/);

  first.child.kill('SIGINT');
  const ended = await first.ended;
  expect([ended.exit, ended.stderr.includes('dark: stopped')]).toEqual([0, true]);
  expect(await person.processesInWorktrees()).toEqual([]);
  expect(await Promise.all(first.json.variants.map(({ port }) => canListen(port)))).toEqual([true, true, true]);
  expect(await readdir(join(person.repo, '.git/copse/v1/serve'))).toEqual([]);
  expect((await person.copse(['status'])).stdout).not.toContain('Served');

  const second = await serving(person, ['light']);
  expect(second.json.variants.map(({ label, url }) => ({ label, url }))).toEqual([
    { label: 'light', url: first.json.variants[1]?.url },
  ]);
  second.child.kill('SIGTERM');
  expect((await second.ended).exit).toBe(143);
  await nothingServed(person);
});

it('the page stands before the servers, with the report of what is known and a place for votes', async () => {
  const person = await servedPerson();
  const { json, child, ended } = await serving(person);
  const page = json.page ?? '';
  expect((await fetch(page.replace(/t=.*/, 't=wrong'), { redirect: 'manual' })).status).toBe(403);
  const entered = await fetch(`${page}&here=1`, { redirect: 'manual' });
  const cookie = entered.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
  expect(cookie).not.toBe('');
  const report = await vi.waitFor(
    async () => {
      const answer = await fetch(new URL('/report', page), { headers: { cookie } });
      expect(answer.status).toBe(200);
      return answer.text();
    },
    { timeout: 20_000, interval: 50 },
  );
  for (const name of ['dark', 'light', 'wide']) expect(report).toContain(name);
  child.kill('SIGINT');
  expect((await ended).exit).toBe(0);
  expect(await readdir(join(person.repo, '.git/copse/v1/serve'))).toEqual([]);
});

it('--with-base shows what they started from beside them', async () => {
  const person = await servedPerson();
  const { json, child, ended } = await serving(person, ['dark', '--with-base']);
  expect(json.variants.map(({ label, variant, state }) => ({ label, variant, state }))).toEqual([
    { label: 'dark', variant: 'dark', state: 'ready' },
    { label: 'base', variant: null, state: 'ready' },
  ]);
  expect(await textAt(json.variants[1]?.url ?? '')).toBe('hello from _base');
  child.kill('SIGINT');
  expect((await ended).exit).toBe(0);
  await nothingServed(person);
});

it('--detach comes back once all are up; stop --serve ends one, then all', async () => {
  const person = await servedPerson();
  const detached = await person.copse(['serve', '--detach']);
  expect(detached.stdout).toMatch(/^http:\/\/localhost:\d+\/\?t=[\w-]{43}\n$/);
  expect([detached.exit, detached.stderr.includes('copse stop --serve')]).toEqual([0, true]);
  const { serving: served } = JSON.parse((await person.copse(['status', '--json'])).stdout) as {
    serving: { page: string; detached: boolean; variants: { url: string }[] }[];
  };
  expect([served[0]?.page, served[0]?.detached]).toEqual([detached.stdout.trim(), true]);
  const addresses = served[0]?.variants.map(({ url }) => url) ?? [];
  expect(await Promise.all(addresses.map(textAt))).toEqual(['hello from dark', 'hello from light', 'hello from wide']);

  const again = await person.copse(['serve', 'dark']);
  expect([again.exit, again.stderr.includes('dark: failed  It is already served')]).toEqual([1, true]);

  expect((await person.copse(['stop', '--serve', 'light'])).stderr).toBe('Stopped: light.\n');
  expect((await person.copse(['status'])).stdout).toMatch(
    /\nServed in the background: dark, wide {2}http:.*\n {2}light: stopped {2}Another command stopped it\.\nStop them: copse stop --serve\n$/,
  );
  await expect(textAt(addresses[1] ?? '')).rejects.toThrow();
  expect(await textAt(addresses[2] ?? '')).toBe('hello from wide');
  expect((await person.copse(['stop', '--serve'])).stderr).toBe('Stopped: dark, wide.\n');
  expect(await person.processesInWorktrees()).toEqual([]);
  expect((await person.copse(['stop', '--serve'])).stderr).toBe('Nothing is served.\n');
});

it('where none comes up it says why, with the last lines, and fails', async () => {
  const person = await servedPerson({ serve: 'echo starting; echo "no such table: users" >&2; exit 127' });
  for (const args of [[], ['--detach']]) {
    const ended = await person.copse(['serve', ...args]);
    expect(ended.exit).toBe(1);
    const lines = ended.stderr.split('\n').map((line) => line.trim());
    // Each on its own line; the first may be too far up in the background's output.
    const told = lines.filter((line) =>
      /^\w+: failed +Its command cannot be run \(exit code 127\): no such table: users$/.test(line),
    );
    expect(told.length, ended.stderr).toBeGreaterThan(1);
    expect(lines).toContain('None of them is ready.');
  }
  await nothingServed(person);
});

it('a run from before serve was written is served as the file says now, once that is approved', async () => {
  const person = await servedPerson({ serve: null });
  const without = await person.copse(['serve']);
  expect([without.exit, without.stderr.includes('The variants of ui have no command to serve them.')]).toEqual([3, true]);
  const file = JSON.parse(await person.read('variants.yaml')) as Record<string, unknown>;
  await person.write('variants.yaml', JSON.stringify({ ...file, serve: 'exec node server.mjs' }));
  const asked = await person.copse(['serve']);
  expect(asked.exit).toBe(3);
  expect(asked.stderr).toContain('exec node server.mjs');
  const hash = /copse serve --trust ([0-9a-f]{64})/.exec(asked.stderr)?.[1] ?? '';
  const { child, ended, json } = await serving(person, ['--trust', hash]);
  expect(json.variants.map(({ state }) => state)).toEqual(['ready', 'ready', 'ready']);
  child.kill('SIGINT');
  expect((await ended).exit).toBe(0);
  await nothingServed(person);
});

it('an approval that was taken back is asked for again', async () => {
  const person = await servedPerson();
  await rm(join(person.home, '.local/state/copse/trust'), { recursive: true });
  const ended = await person.copse(['serve']);
  expect([ended.exit, ended.stderr.includes('not approved')]).toEqual([3, true]);
});

it('what took the place of a worktree is not served', async () => {
  const person = await servedPerson();
  const { variants } = await person.state();
  const dark = variants.find(({ name }) => name === 'dark')?.worktree ?? '';
  await rename(dark, `${dark}.moved`);
  await symlink(`${dark}.moved`, dark);
  const ended = await person.copse(['serve', 'dark']);
  expect([ended.exit, ended.stderr.includes('is not the worktree that copse created')]).toEqual([1, true]);
});

it('stopServing ends the server of one variant for who removes its worktree', async () => {
  const person = await servedPerson();
  const { child, ended, json } = await serving(person);
  const store = storeAt(join(person.repo, '.git'));
  expect(await stopServing({ store, run: 'ui', variant: 'dark' })).toEqual([]);
  expect(await canListen(json.variants[0]?.port ?? 0)).toBe(true);
  expect(await textAt(json.variants[1]?.url ?? '')).toBe('hello from light');
  expect(await stopServing({ store, run: 'ui', variant: 'dark' })).toBeNull();
  child.kill('SIGINT');
  expect((await ended).stderr).toContain('dark: stopped  Another command stopped it.');
});

it('prune stops the server of what it removes, and of nothing else', async () => {
  const person = await servedPerson();
  const { child, ended, json } = await serving(person);
  const shown = await person.copse(['prune', 'dark', '--dry-run']);
  expect(shown.stdout).toMatch(/Will be removed\n.*ui\/dark.*\n {6}Served: its server is stopped first\.\n/);
  expect(await textAt(json.variants[0]?.url ?? '')).toBe('hello from dark');

  const done = await person.copse(['prune', 'dark', '--yes', '--json']);
  expect([done.exit, done.stderr]).toEqual([0, '']);
  const { removed, kept, items } = JSON.parse(done.stdout) as PruneJson;
  expect(removed.map(({ name }) => name)).toEqual(['ui/dark']);
  expect(kept).toEqual([]);
  expect(items.filter(({ served }) => served).map(({ name }) => name)).toEqual(['ui/dark']);
  expect(await canListen(json.variants[0]?.port ?? 0)).toBe(true);
  expect(await textAt(json.variants[1]?.url ?? '')).toBe('hello from light');
  child.kill('SIGINT');
  expect((await ended).stderr).toContain('dark: stopped  Another command stopped it.');
});

it('prune stops a server that is between two starts, and leaves alone who else works there', async () => {
  const person = await servedPerson({ serve: 'exec sleep 0.01' });
  const { child, ended } = person.start(['serve', 'dark', 'light']);
  const { variants } = await person.state();
  const light = variants.find(({ name }) => name === 'light')?.worktree ?? '';
  const guest = spawn('sleep', ['600'], { cwd: light });
  onTestFinished(() => void guest.kill('SIGKILL'));
  await vi.waitFor(async () => expect((await person.copse(['status'])).stdout).toContain('Served'), { timeout: 20_000 });
  const done = await person.copse(['prune', 'dark', 'light', '--yes', '--json']);
  const { removed, items } = JSON.parse(done.stdout) as PruneJson;
  expect(removed.map(({ name }) => name)).toEqual(['ui/dark']);
  expect(items.find(({ name }) => name === 'ui/light')?.why).toContain('A process works in it: sleep');
  child.kill('SIGINT');
  await ended;
});

it('servers whose owner was killed end by themselves', async () => {
  const person = await servedPerson();
  const { child, ended } = await serving(person);
  child.kill('SIGKILL');
  await ended;
  await nothingServed(person);
  // The record of the dead one does no harm.
  const next = await serving(person);
  expect(next.json.variants.map(({ state }) => state)).toEqual(['ready', 'ready', 'ready']);
  next.child.kill('SIGINT');
  await next.ended;
});

it('doctor finds servers that were left behind, and ends them', async () => {
  const person = await servedPerson({ serve: 'exec node server.mjs' });
  const { child, ended, json } = await serving(person, ['dark']);
  const owner = await ownerPid(person);
  expect(owner).toBe(child.pid);
  // First all that would end the server, then the owner before it can notice.
  child.kill('SIGSTOP');
  for (const pid of await shims()) process.kill(pid, 'SIGKILL');
  child.kill('SIGKILL');
  await ended;
  expect(await textAt(json.variants[0]?.url ?? '')).toBe('hello from dark');
  const found = await person.copse(['doctor']);
  expect(found.stdout).toMatch(/Servers of dark are running without a copse serve: pid \d+\./);
  await person.copse(['doctor', '--fix']);
  await vi.waitFor(async () => expect(await canListen(json.variants[0]?.port ?? 0)).toBe(true), { timeout: 20_000 });
  expect((await person.copse(['doctor'])).stdout).not.toContain('are running without a copse serve');

  /** All of the shim: itself, its watcher, its subshell, and what passes the output on. */
  async function shims(): Promise<readonly number[]> {
    const pids: number[] = [];
    for (const name of await readdir('/proc')) {
      const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
      const words = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const command = (await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')).split('\0');
      const session = Number(words[3]);
      const leader = (await readFile(`/proc/${session}/cmdline`, 'utf8').catch(() => '')).includes('copse-serve');
      const ours =
        leader && (await readFile(`/proc/${session}/environ`, 'utf8').catch(() => '')).includes(`HOME=${person.home}\0`);
      if (ours && !command.includes('server.mjs')) pids.push(Number(name));
    }
    return pids;
  }
});
