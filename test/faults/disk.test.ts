import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it, type TestContext, vi } from 'vitest';
import { storeAt } from '../../src/store/layout.ts';
import { needProgram } from '../support/need-program.ts';
import { type Ended, MAIN, Person } from '../support/person.ts';
import { emptyDisk, fillDisk, remountReadOnly, smallDisk } from '../support/small-disk.ts';
import { variantsYaml } from '../support/variants.ts';

/** Works and talks until the test lets it end (a file `go` in its home); a write that fails does not end it. */
const TALKS = `
init(); fs.writeFileSync(variant + '.txt', 'by ' + variant);
for (let n = 0; !fs.existsSync(process.env.HOME + '/go'); n++) {
  try { call('Bash', { command: 'echo ' + n }); } catch {}
  await sleep(40);
}
done();`;
const QUICK = `init(); fs.writeFileSync(variant + '.txt', 'by ' + variant); done();`;

async function personWith(claude: string, variants: readonly string[] = ['dark', 'light'], top: Record<string, unknown> = {}) {
  const person = await Person.create({ claude, files: { 'variants.yaml': variantsYaml(variants, top) } });
  return { person, before: await person.fingerprint(), go: () => writeFile(join(person.home, 'go'), '') };
}

const stateOf = (person: Person): string => storeAt(join(person.repo, '.git')).home;

/** Runs a line of bash in which `copse` is the built one, as a person types it. */
function shell(person: Person, line: string): Promise<Ended> {
  const child = spawn('bash', ['-c', `copse() { '${process.execPath}' '${MAIN}' "$@"; }\n${line}`], {
    cwd: person.repo,
    env: { ...person.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
  return new Promise((resolve) => child.on('close', (exit, signal) => resolve({ exit, signal, stdout, stderr })));
}

describe('no space for state', () => {
  it('fault 9: agents are stopped, what was recorded is whole, it is said, and the run comes home once there is space', async (context) => {
    const { person, before, go } = await personWith(TALKS);
    const disk = await smallDisk(context, 512, stateOf(person));
    const run = person.start(['run']);
    await person.waitForEvent('attempt.activity', { variant: 'dark' });
    await person.waitForEvent('attempt.activity', { variant: 'light' });
    await fillDisk(disk);
    const ended = await run.ended;
    expect(ended.exit).not.toBe(0);
    expect(ended.stderr).toContain('No space is left');
    await person.supervisorGone();
    expect(await person.processesInWorktrees()).toEqual([]);
    const recorded = await person.events();
    expect(recorded.map((event) => event.seq)).toEqual(recorded.map((_, index) => index + 1));
    expect((await readFile(person.paths().events)).at(-1)).toBe(10);
    expect((await person.copse(['status'])).stdout).toContain('interrupted');

    await emptyDisk(disk);
    await go();
    await person.copse(['wait']);
    for (const name of ['dark', 'light']) expect(await person.git('show', `ui/${name}:${name}.txt`)).toBe(`by ${name}`);
    expect((await person.copse(['retry'])).exit).toBe(0);
    expect(await person.outcomes()).toEqual({ dark: 'succeeded', light: 'succeeded' });
    await person.holds(before);
  });

  it('fault 9: what could be recorded but not committed is no ending: it is committed once there is space', async (context) => {
    needProgram(context, 'fallocate');
    const { person, before, go } = await personWith(TALKS, ['dark']);
    const disk = await smallDisk(context, 512, stateOf(person));
    const run = person.start(['run']);
    await person.waitForEvent('attempt.activity', { variant: 'dark' });
    // Blocks behind the end of the log: what is appended to it is not short of space.
    execFileSync('fallocate', ['--keep-size', '--length', '65536', person.paths().events]);
    await fillDisk(disk);
    const ended = await run.ended;
    expect(ended.exit).not.toBe(0);
    expect(ended.stderr).toContain('No space is left');
    await person.supervisorGone();
    await person.waitForEvent('attempt.finished', { variant: 'dark' });

    await emptyDisk(disk);
    await go();
    await person.copse(['wait']);
    expect(await person.git('show', 'ui/dark:dark.txt')).toBe('by dark');
    expect(await person.outcomes()).toEqual({ dark: 'stopped' });
    await person.holds(before);
  });

  it('fault 9: a run does not begin on a full disk', async (context) => {
    const { person, before } = await personWith(QUICK);
    const disk = await smallDisk(context, 512, stateOf(person));
    await fillDisk(disk);
    const ended = await person.copse(['run']);
    expect(ended.exit).toBe(3);
    expect(ended.stderr).toContain('No space is left');
    expect(await person.git('branch', '--list', 'ui/*')).toBe('');
    await emptyDisk(disk);
    expect((await person.copse(['run'])).exit).toBe(0);
    await person.holds(before);
  });

  it('fault 11: a file size limit on the log of events ends it the same way', async (context) => {
    needProgram(context, 'prlimit');
    const { person, before, go } = await personWith(TALKS);
    const run = person.start(['run']);
    await person.waitForEvent('attempt.activity', { variant: 'dark' });
    await person.waitForEvent('attempt.activity', { variant: 'light' });
    const { size } = await stat(person.paths().events);
    execFileSync('prlimit', ['--pid', String(await person.supervisorPid()), `--fsize=${size + 10}`]);
    const ended = await run.ended;
    expect(ended.exit).not.toBe(0);
    expect(ended.stderr).toContain('No space is left');
    await person.supervisorGone();
    expect(await person.processesInWorktrees()).toEqual([]);
    await go();
    await person.copse(['wait']);
    for (const name of ['dark', 'light']) expect(await person.git('show', `ui/${name}:${name}.txt`)).toBe(`by ${name}`);
    await person.holds(before);
  });
});

/** Set-up waits for the test, so that the folder of the variant's logs is there and its agent is not. */
const HELD = { setup: ['until [ -e "$HOME/mounted" ]; do sleep 0.05; done'] };
const WRITES_MUCH = `
init(); fs.writeFileSync(variant + '.txt', 'by ' + variant);
for (let n = 0; n < 60; n++) call('Bash', { command: 'cat' }, 'x'.repeat(10_000));
done();`;

describe('no space for logs', () => {
  async function onSmallLogs(context: TestContext, claude: string) {
    const { person, before } = await personWith(claude, ['dark', 'light'], HELD);
    await person.approve(['run']);
    const run = person.start(['run']);
    // Its log is open: a mount over it does not remove it.
    await vi.waitFor(() => expect(existsSync(person.paths().setupLog('dark', 1))).toBe(true), { timeout: 30_000, interval: 30 });
    await smallDisk(context, 128, person.paths().variantDir('dark'));
    await writeFile(join(person.home, 'mounted'), '');
    return { person, before, ended: await run.ended };
  }

  it('fault 10: the variant ends with that reason, its work is kept, the others go on', async (context) => {
    const { person, before, ended } = await onSmallLogs(context, `if (variant === 'light') { ${QUICK} return; }\n${WRITES_MUCH}`);
    expect(ended.exit).toBe(1);
    expect(await person.outcomes()).toMatchObject({ light: 'succeeded' });
    const dark = (await person.state()).variants.find((variant) => variant.name === 'dark');
    expect(dark?.phase).toMatchObject({ kind: 'finished', outcome: 'failed' });
    expect(ended.stdout).toContain('No space is left for its log');
    expect(await person.git('show', 'ui/dark:dark.txt')).toBe('by dark');
    await person.holds(before);
  });

  it('fault 11: an agent whose log exceeds a file size limit is said to, and its work is kept', async () => {
    const { person, before } = await personWith(WRITES_MUCH, ['dark']);
    // In kB: the limit reaches supervisor and agent alike, and the records of the run stay below it.
    const ended = await shell(person, 'ulimit -f 200; copse run');
    expect(ended.exit).toBe(1);
    expect(await person.outcomes()).toEqual({ dark: 'failed' });
    expect(ended.stdout).toContain('file size limit');
    expect(await person.git('show', 'ui/dark:dark.txt')).toBe('by dark');
    await person.holds(before);
  });
});

describe('stdout that takes nothing', () => {
  it('fault 12: with /dev/full as stdout the command says so, and the supervisor goes on', async () => {
    const { person, before, go } = await personWith(TALKS);
    const ended = await shell(person, 'copse run --json >/dev/full');
    expect(ended.exit).toBe(1);
    expect(ended.stderr).toContain('No space left on device');
    expect(ended.stderr).not.toContain('bug');
    await person.waitForEvent('attempt.activity', { variant: 'light' });
    await go();
    expect((await person.copse(['wait'])).exit).toBe(0);
    await person.holds(before);
  });

  it('fault 12: a run that only has its summary to say ends well behind it', async () => {
    const { person, before } = await personWith(QUICK);
    const ended = await shell(person, 'copse run >/dev/full');
    expect(ended.exit).toBe(1);
    expect(ended.stderr).toContain('No space left on device');
    expect(await person.outcomes()).toEqual({ dark: 'succeeded', light: 'succeeded' });
    await person.holds(before);
  });
});

describe('a reader that has seen enough', () => {
  it('fault 13: copse status | head -1 is quiet', async () => {
    const { person, before } = await personWith(QUICK);
    await person.copse(['run']);
    const lines: readonly (readonly [string, RegExp])[] = [
      ['copse status | head -1', /^ui .*\n$/],
      ['copse status --json | head -c 10', /^\{"schema":$/],
      ['copse logs dark --raw | head -1', /^\{.*\}\n$/],
      ['copse | head -1', /^.+\n$/],
    ];
    for (const [line, shown] of lines) {
      const ended = await shell(person, `${line}; echo "\${PIPESTATUS[0]}" >&2`);
      expect(ended.stdout).toMatch(shown);
      // 141, if there was more than the pipe takes: what a shell shows for a program that SIGPIPE ended.
      expect(ended.stderr).toMatch(/^(0|141)\n$/);
    }
    await person.holds(before);
  });

  it('fault 13: and a long answer ends with its reader', async () => {
    const { person, before } = await personWith(WRITES_MUCH, ['dark']);
    await person.copse(['run']);
    const ended = await shell(person, `copse logs dark --full | head -1; echo "\${PIPESTATUS[0]}" >&2`);
    expect(ended.stderr).toMatch(/^(0|141)\n$/);
    const closed = await shell(person, `copse logs dark --raw | true; echo "\${PIPESTATUS[0]}" >&2`);
    expect(closed.stderr).toMatch(/^(0|141)\n$/);
    await person.holds(before);
  });
});

describe('a state directory that cannot be written', () => {
  it('fault 14: run is refused before anything is spent; what is there can still be looked at', async (context) => {
    const { person, before } = await personWith(`fs.writeFileSync(process.env.HOME + '/spent', ''); ${QUICK}`);
    const disk = await smallDisk(context, 1024, stateOf(person));
    expect((await person.copse(['run'])).exit).toBe(0);
    await person.supervisorGone();
    await rm(join(person.home, 'spent'));
    // The kernel refuses while the last process of the run is still closing its files.
    await vi.waitFor(() => remountReadOnly(disk), { timeout: 10_000, interval: 50 });
    const branches = await person.git('branch', '--list');
    for (const args of [['run'], ['run', '--detach'], ['retry', 'dark'], ['retry', 'dark', '--fresh']]) {
      const ended = await person.copse(args);
      expect(ended.exit).toBe(3);
      expect(ended.stderr).toContain('copse cannot write its state');
      expect(ended.stderr).toContain('read-only');
    }
    expect(existsSync(join(person.home, 'spent'))).toBe(false);
    expect(await person.git('branch', '--list')).toBe(branches);
    expect(existsSync(join(dirname(person.repo), 'app.worktrees', 'ui-2-dark'))).toBe(false);
    expect((await person.copse(['status'])).stdout).toContain('dark');
    expect((await person.copse(['logs', 'dark', '--answer'])).stdout).toContain('Done by dark.');
    await vi.waitFor(async () => expect(await person.processesInWorktrees()).toEqual([]), { timeout: 20_000 });
    await person.holds(before);
  });
});
