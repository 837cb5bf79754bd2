import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { ProcessIdentity } from '../../src/model/attempt.ts';
import type { RunEvent } from '../../src/model/run-state/events.ts';
import { exists } from '../../src/system/files.ts';
import { lives, startChild } from '../support/child-processes.ts';
import { Person } from '../support/person.ts';
import { variantsYaml } from '../support/variants.ts';

/** `light` ends once the test says so, `dark` only when it is made anew, `third` at once. */
const SCRIPT = `
init(); fs.writeFileSync(variant + '.txt', 'by ' + variant); say('works');
const wait = { light: '/go', dark: '/again' }[variant];
while (wait !== undefined && !fs.existsSync(process.env.HOME + wait)) await sleep(20);
done();`;

type Change = (process: ProcessIdentity) => Partial<ProcessIdentity>;

/** Records of copse's processes that are now true of others. */
const NOT_OURS: readonly (readonly [string, Change])[] = [
  ['fault 7: after a reboot', ({ startTime }) => ({ startTime, bootId: '00000000-0000-4000-8000-000000000000' })],
  ['fault 8: where other processes have the recorded pids', () => ({ startTime: '1' })],
];

async function killedRun() {
  const person = await Person.create({
    claude: SCRIPT,
    files: { 'variants.yaml': variantsYaml(['dark', 'light', 'third'], { concurrency: 2 }) },
  });
  const before = await person.fingerprint();
  await person.copse(['run', '--detach']);
  await person.waitForEvent('attempt.activity', { variant: 'dark' });
  await person.waitForEvent('attempt.activity', { variant: 'light' });
  process.kill(await person.supervisorPid(), 'SIGKILL');
  await person.supervisorGone();
  await writeFile(join(person.home, 'go'), '');
  const { exit } = person.paths().attempt('light', 1);
  await vi.waitFor(async () => expect(await exists(exit)).toBe(true), { timeout: 10_000, interval: 20 });
  const dark = (await person.events()).find((event) => event.type === 'attempt.started' && event.variant === 'dark');
  if (dark?.type !== 'attempt.started') throw new Error('dark was not started');
  process.kill(-dark.process.pid, 'SIGKILL');
  await vi.waitFor(async () => expect(await person.processesInWorktrees()).toEqual([]), { timeout: 10_000, interval: 20 });
  return { person, before };
}

/** Makes every record of the run name `other` in place of its own processes. */
async function rewrite(person: Person, other: ProcessIdentity, change: Change): Promise<void> {
  const paths = person.paths();
  const changed = { ...other, ...change(other) };
  const events = (await person.events()).map((event): RunEvent => {
    if (event.type === 'attempt.started') return { ...event, process: changed };
    return event.type === 'run.started' ? { ...event, supervisor: changed } : event;
  });
  await writeFile(paths.events, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  await rm(paths.snapshot, { force: true });
  const record = JSON.parse(await readFile(paths.supervisor, 'utf8'));
  const host = { ...record.host, bootId: changed.bootId };
  await writeFile(paths.supervisor, JSON.stringify({ ...record, identity: changed, host }));
  const lock = JSON.parse(await readFile(paths.lock, 'utf8'));
  await writeFile(paths.lock, JSON.stringify({ ...lock, identity: changed, host }));
}

describe.each(NOT_OURS)('%s', (_, change) => {
  it.each([
    { verb: ['attach'], ends: ['lost'], third: 'queued' },
    { verb: ['wait'], ends: ['lost'], third: 'queued' },
    { verb: ['stop'], ends: ['lost', 'stopped'], third: 'stopped' },
    { verb: ['stop', '--force'], ends: ['lost', 'stopped'], third: 'stopped' },
  ])('copse $verb signals nothing, settles what ran, and it goes on when asked', async ({ verb, ends, third }) => {
    const { person, before } = await killedRun();
    const bystander = await startChild(['sh', '-c', 'echo ready; exec sleep 60']);
    await rewrite(person, bystander.identity, change);
    const recorded = (await person.events()).length;

    const status = await person.copse(['status']);
    expect(status).toMatchObject({ exit: 0, stderr: '' });
    expect(status.stdout).toContain('interrupted');
    expect(await person.events()).toHaveLength(recorded);

    await person.copse(verb);
    await person.supervisorGone();
    const outcomes = await person.outcomes();
    expect(outcomes).toMatchObject({ light: 'succeeded', third });
    // Asked to stop, the supervisor may see first that it is gone.
    expect(ends).toContain(outcomes['dark']);
    for (const name of ['dark', 'light']) expect(await person.git('show', `ui/${name}:${name}.txt`)).toBe(`by ${name}`);
    expect(lives(bystander.child)).toBe(true);

    await writeFile(join(person.home, 'again'), '');
    await person.copse(['resume']);
    await person.copse(['retry']);
    expect(await person.outcomes()).toEqual({ dark: 'succeeded', light: 'succeeded', third: 'succeeded' });
    expect(lives(bystander.child)).toBe(true);
    await person.holds(before);
  });
});
