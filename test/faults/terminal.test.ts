import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, type TestContext } from 'vitest';
import { MAIN, Person } from '../support/person.ts';
import { Terminal } from '../support/tmux.ts';
import { variantsYaml } from '../support/variants.ts';

/** Works until the test lets it end; `deaf` takes no signal but SIGKILL. */
const script = (deaf: boolean): string => `
${deaf ? "process.on('SIGINT', () => {}); process.on('SIGTERM', () => {});" : ''}
init(); fs.writeFileSync(variant + '.txt', 'by ' + variant);
for (let n = 0; !fs.existsSync(process.env.HOME + '/go'); n++) { call('Bash', { command: 'echo ' + n }); await sleep(100); }
done();`;

async function personWith(o: { deaf?: boolean; variants?: readonly string[]; top?: Record<string, unknown> } = {}) {
  const person = await Person.create({
    claude: script(o.deaf === true),
    files: { 'variants.yaml': variantsYaml(o.variants ?? ['dark', 'light'], o.top) },
  });
  return { person, before: await person.fingerprint(), go: () => writeFile(join(person.home, 'go'), '') };
}

function open(
  context: TestContext,
  person: Person,
  args: readonly string[],
  size: { columns?: number; rows?: number } = {},
): Terminal {
  return Terminal.open(context, [process.execPath, MAIN, ...args], { cwd: person.repo, env: person.env, ...size });
}

async function atWork(person: Person): Promise<void> {
  await person.waitForEvent('attempt.activity', { variant: 'dark' });
  await person.waitForEvent('attempt.activity', { variant: 'light' });
}

async function comesHome(person: Person, go: () => Promise<void>, before: Record<string, string>): Promise<void> {
  await go();
  expect((await person.copse(['wait'])).exit).toBe(0);
  expect(await person.outcomes()).toEqual({ dark: 'succeeded', light: 'succeeded' });
  await person.holds(before);
}

/** Pids of `copse run` in the repository: the views, not the supervisor. */
async function viewsOf(person: Person): Promise<readonly string[]> {
  const views: string[] = [];
  for (const pid of await readdir('/proc')) {
    const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
    if (words[1] !== MAIN || words[2] !== 'run') continue;
    if ((await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')).includes(`HOME=${person.home}\0`)) views.push(pid);
  }
  return views;
}

const widest = (screen: string): number => Math.max(...screen.split('\n').map((line) => line.length));

describe('the view', () => {
  it('fault 66: without a terminal says plain lines, one per change, and no escape sequence', async () => {
    const { person, before, go } = await personWith();
    const run = person.start(['run']);
    await atWork(person);
    await go();
    const ended = await run.ended;
    expect(ended.exit).toBe(0);
    expect(ended.stderr.split('\n').filter((line) => line.startsWith('dark: starting'))).toHaveLength(1);
    expect(ended.stdout + ended.stderr).not.toContain('\u001b');
    await person.holds(before);
  });

  it('fault 66: in 20 columns no line is broken', async (context) => {
    const { person, before, go } = await personWith();
    const terminal = open(context, person, ['run'], { columns: 20, rows: 12 });
    await atWork(person);
    const live = await terminal.shows(/dark/);
    expect(widest(live)).toBeLessThanOrEqual(20);
    // A line that the terminal broke would push the frame apart: each variant has one.
    expect(terminal.screen().match(/dark/g)).toHaveLength(1);
    expect(terminal.screen().match(/light/g)).toHaveLength(1);
    await go();
    await terminal.shows(/exit=0/);
    await comesHome(person, go, before);
  });

  it('fault 66: resized while running leaves no ghost of an older frame', async (context) => {
    const { person, before, go } = await personWith();
    const terminal = open(context, person, ['run'], { columns: 110, rows: 24 });
    await atWork(person);
    await terminal.shows(/dark[^\n]*echo/);
    for (const [columns, rows] of [
      [40, 10],
      [20, 6],
      [90, 30],
      [60, 12],
    ] as const) {
      terminal.resize(columns, rows);
      const { seq } = (await person.events()).at(-1) ?? { seq: 0 };
      await expect.poll(async () => (await person.events()).at(-1)?.seq ?? 0, { timeout: 20_000 }).toBeGreaterThan(seq + 3);
      await expect.poll(() => terminal.screen().match(/(dark|light)\b/g), { timeout: 20_000 }).toHaveLength(2);
      expect(widest(terminal.screen())).toBeLessThanOrEqual(columns);
    }
    await go();
    await terminal.shows(/exit=0/);
    await comesHome(person, go, before);
  });
});

describe('Ctrl-C', () => {
  it('fault 67: once stops the run, and what was done is committed', async (context) => {
    const { person, before } = await personWith();
    const terminal = open(context, person, ['run']);
    await atWork(person);
    await terminal.shows(/Ctrl-C stops/);
    terminal.press('C-c');
    await terminal.shows(/exit=130/);
    expect(await person.outcomes()).toEqual({ dark: 'stopped', light: 'stopped' });
    for (const name of ['dark', 'light']) expect(await person.git('show', `ui/${name}:${name}.txt`)).toBe(`by ${name}`);
    await person.holds(before);
  });

  it('fault 67: twice forces an end on agents that are deaf to it, and what was done is committed', async (context) => {
    const { person, before } = await personWith({ deaf: true });
    const terminal = open(context, person, ['run']);
    await atWork(person);
    await terminal.shows(/Ctrl-C stops/);
    terminal.press('C-c');
    await terminal.shows(/Ctrl-C again kills/);
    terminal.press('C-c');
    await terminal.shows(/exit=130/);
    const requests = (await person.events()).filter((event) => event.type === 'request.acknowledged');
    expect(requests).toHaveLength(2);
    expect(await person.outcomes()).toEqual({ dark: 'stopped', light: 'stopped' });
    for (const name of ['dark', 'light']) expect(await person.git('show', `ui/${name}:${name}.txt`)).toBe(`by ${name}`);
    await person.holds(before);
  });

  it('fault 67: in attach it only leaves, as d does in run', async (context) => {
    const { person, before, go } = await personWith();
    const run = open(context, person, ['run']);
    await atWork(person);
    await run.shows(/d leaves it running/);
    run.press('d');
    await run.shows(/keeps running[\s\S]*exit=0/);
    const attached = open(context, person, ['attach']);
    await attached.shows(/Ctrl-C leaves/);
    attached.press('C-c');
    await attached.shows(/keeps running[\s\S]*exit=0/);
    await comesHome(person, go, before);
  });
});

describe('the terminal closes', () => {
  it('fault 68: the run goes on, and wait sees its end', async (context) => {
    const { person, before, go } = await personWith();
    const terminal = open(context, person, ['run']);
    await atWork(person);
    await terminal.shows(/dark/);
    expect(await viewsOf(person)).toHaveLength(1);
    terminal.close();
    await expect.poll(() => viewsOf(person), { timeout: 20_000 }).toEqual([]);
    const { seq } = (await person.events()).at(-1) ?? { seq: 0 };
    await expect.poll(async () => (await person.events()).at(-1)?.seq ?? 0, { timeout: 20_000 }).toBeGreaterThan(seq);
    expect((await person.copse(['status'])).stdout).toContain('running');
    await comesHome(person, go, before);
  });
});

describe('SIGTERM and SIGHUP without a terminal', () => {
  const signals = ['SIGTERM', 'SIGHUP'] as const;

  async function signalled(signal: NodeJS.Signals, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const all = await personWith();
    const run = all.person.start(args, { env });
    await atWork(all.person);
    run.child.kill(signal);
    return { ...all, ended: await run.ended };
  }

  async function isStopped(person: Person, before: Record<string, string>): Promise<void> {
    expect(await person.outcomes()).toEqual({ dark: 'stopped', light: 'stopped' });
    for (const name of ['dark', 'light']) expect(await person.git('show', `ui/${name}:${name}.txt`)).toBe(`by ${name}`);
    await person.holds(before);
  }

  it.each(signals)('fault 96: %s ends the view, and the run goes on', async (signal) => {
    const { person, before, go, ended } = await signalled(signal, ['run']);
    expect(ended).toMatchObject({ exit: 143, stdout: '' });
    expect(ended.stderr).toContain('copse attach ui');
    expect((await person.copse(['status'])).stdout).toContain('running');
    await comesHome(person, go, before);
  });

  it('fault 96: so does the JSON of a retry, whatever CI=false says', async () => {
    const { person, before, go } = await personWith();
    const first = person.start(['run']);
    await atWork(person);
    expect((await person.copse(['stop'])).exit).toBe(0);
    await first.ended;
    const retry = person.start(['retry', '--json'], { env: { CI: 'false' } });
    await expect.poll(async () => Object.values(await person.outcomes()), { timeout: 20_000 }).toEqual(['running', 'running']);
    // The view is there once it has printed something.
    await expect.poll(() => retry.stdout(), { timeout: 20_000 }).not.toBe('');
    retry.child.kill('SIGHUP');
    expect((await retry.ended).exit).toBe(143);
    await comesHome(person, go, before);
  });

  it.each(signals)('fault 96: in CI %s stops the run', async (signal) => {
    const { person, before, ended } = await signalled(signal, ['run'], { CI: 'true' });
    expect(ended.exit).toBe(signal === 'SIGTERM' ? 143 : 130);
    await isStopped(person, before);
  });

  it('fault 96: so it does with --stop-on-exit', async () => {
    const { person, before, ended } = await signalled('SIGTERM', ['run', '--stop-on-exit']);
    expect(ended.exit).toBe(143);
    await isStopped(person, before);
  });
});

describe('approval in a terminal', () => {
  it('fault 65: is asked for once, and no is the answer of whoever only presses Enter', async (context) => {
    const { person, before, go } = await personWith({ top: { setup: ['true'] } });
    const refused = open(context, person, ['run']);
    await refused.shows(/\[y\/N\]/);
    refused.press('Enter');
    await refused.shows(/Nothing was started[\s\S]*exit=3/);
    const left = open(context, person, ['run']);
    await left.shows(/\[y\/N\]/);
    left.press('C-c');
    // Not behind the question.
    await left.shows(/\[y\/N\] *\n+\S+ Nothing was started[\s\S]*exit=3/);
    const approved = open(context, person, ['run']);
    await approved.shows(/\[y\/N\]/);
    approved.press('y', 'Enter');
    await atWork(person);
    await go();
    await approved.shows(/exit=0/);
    expect((await person.copse(['run'])).exit).toBe(0);
    await person.holds(before, 'ui-2');
  });
});
