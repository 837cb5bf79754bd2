import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { describe, expect, it, vi } from 'vitest';
import { Person } from '../support/person.ts';
import { variantsYaml } from '../support/variants.ts';

/** Writes a file, waits until the test lets it continue (a file `go` beside the repository), then ends well. */
const WAITS = `
init(); fs.writeFileSync(variant + '.txt', 'by ' + variant); say('works');
while (!fs.existsSync(process.env.HOME + '/go')) await sleep(30);
call('Write', { file_path: variant + '.txt' }); done();
`;
const QUICK = `init(); fs.writeFileSync(variant + '.txt', 'by ' + variant); done();`;

async function person(
  claude: string,
  variants: Parameters<typeof variantsYaml>[0] = ['dark', 'light'],
  top: Record<string, unknown> = {},
) {
  const made = await Person.create({ claude, files: { 'variants.yaml': variantsYaml(variants, top) } });
  return { person: made, before: await made.fingerprint() };
}

const go = (made: Person) => import('node:fs/promises').then(({ writeFile }) => writeFile(`${made.home}/go`, ''));

describe('kill -9 of the command', () => {
  it.each(['run-reserved', 'plan-written', 'run-created', 'supervisor-ready'])(
    'fault 1: at %s the same command again converges',
    async (name) => {
      const { person: made, before } = await person(QUICK);
      const killed = await made.copse(['run'], { env: { COPSE_FAILPOINT: name } });
      expect(killed.signal).toBe('SIGKILL');
      const again = await made.copse(['run']);
      expect(again.exit).toBe(0);
      const wait = await made.copse(['status', '--json']);
      const { runs } = JSON.parse(wait.stdout) as {
        runs: { id: string; state: string; variants: { outcome: string | null }[] }[];
      };
      const last = runs.at(-1);
      expect(last?.variants.map((v) => v.outcome)).toEqual(['succeeded', 'succeeded']);
      if (name === 'run-reserved' || name === 'plan-written') expect(runs.map((run) => run.id)).toEqual(['ui']);
      // What the first had created is either finished by its own supervisor or continues on request.
      for (const run of runs) {
        if (run.state === 'interrupted') expect((await made.copse(['resume', run.id])).exit).toBe(0);
        expect((await made.copse(['wait', run.id])).exit).toBe(0);
        await made.supervisorGone(run.id);
      }
      await made.holds(before);
    },
  );
});

describe('kill -9 of the supervisor', () => {
  const points = [
    'supervisor-started',
    'worktree-registered',
    'worktree-populated',
    'attempt-spawned',
    'attempt-started',
    'attempt-ended',
    'attempt-settled',
    'commit-made',
    'branch-moved',
    'work-committed',
    'commit-recorded',
    'variant-finished',
  ];

  it.each(points)('fault 2: at %s, resume brings everything home', async (name) => {
    const { person: made, before } = await person(QUICK);
    const killed = await made.copse(['run'], { env: { COPSE_FAILPOINT: name } });
    expect(killed.exit).not.toBe(0);
    await made.supervisorGone();
    expect((await made.copse(['status'])).stdout).toContain('copse');
    const resumed = await made.copse(['resume']);
    expect(resumed.stderr).not.toContain('bug');
    expect(await made.outcomes()).toEqual({ dark: 'succeeded', light: 'succeeded' });
    for (const variant of ['dark', 'light']) {
      expect(await made.git('diff', '--name-only', `main...ui/${variant}`)).toBe(`${variant}.txt`);
      expect(await made.git('rev-list', '--count', `main..ui/${variant}`)).toBe('1');
    }
    await made.holds(before);
  });

  it('fault 2: agents go on; attach settles them, and nothing queued is launched unasked', async () => {
    const { person: made, before } = await person(WAITS, ['dark', 'light', 'third'], { concurrency: 2 });
    expect((await made.copse(['run', '--detach'])).stdout).toBe('ui\n');
    await made.waitForEvent('attempt.activity', { variant: 'dark' });
    await made.waitForEvent('attempt.activity', { variant: 'light' });
    process.kill(await made.supervisorPid(), 'SIGKILL');
    await made.supervisorGone();
    expect((await made.processesInWorktrees()).length).toBeGreaterThan(0);
    const status = await made.copse(['status']);
    expect(status.stdout).toContain('interrupted');

    const attached = made.start(['attach']);
    await made.waitForEvent('run.adopted');
    await go(made);
    const ended = await attached.ended;
    expect(ended.stdout).toContain('copse resume ui');
    expect(await made.outcomes()).toEqual({ dark: 'succeeded', light: 'succeeded', third: 'queued' });
    await made.supervisorGone();

    expect((await made.copse(['resume'])).exit).toBe(0);
    expect(await made.outcomes()).toEqual({ dark: 'succeeded', light: 'succeeded', third: 'succeeded' });
    await made.holds(before);
  });

  it('fault 2: who already waits for the run, or reads along, is not left hanging', async () => {
    const { person: made, before } = await person(WAITS, ['dark']);
    await made.copse(['run', '--detach']);
    await made.waitForEvent('attempt.activity');
    const waits = made.start(['wait']);
    const reads = made.start(['logs', 'dark', '-f']);
    await once(reads.child.stdout ?? process.stdin, 'data');
    process.kill(await made.supervisorPid(), 'SIGKILL');
    await go(made);
    expect((await waits.ended).exit).toBe(0);
    expect((await reads.ended).stdout).toContain('works');
    expect(await made.outcomes()).toEqual({ dark: 'succeeded' });
    await made.supervisorGone();
    await made.holds(before);
  });

  it('fault 2: an attempt that ended while nobody looked is settled from its stream and exit file', async () => {
    const { person: made, before } = await person(WAITS, ['dark']);
    await made.copse(['run', '--detach']);
    await made.waitForEvent('attempt.activity');
    process.kill(await made.supervisorPid(), 'SIGKILL');
    await made.supervisorGone();
    await go(made);
    await vi.waitFor(async () => expect(await made.processesInWorktrees()).toEqual([]), { timeout: 10_000, interval: 50 });
    expect((await made.copse(['wait'])).exit).toBe(0);
    expect(await made.outcomes()).toEqual({ dark: 'succeeded' });
    await made.holds(before);
  });

  it('fault 2: a stop that it took and did not live to carry out ends what had not begun, also for the next one', async () => {
    const { person: made, before } = await person(QUICK, ['dark', 'light'], {
      concurrency: 1,
      setup: ['trap "" INT TERM; while :; do sleep 1; done'],
    });
    await made.approved(['run', '--detach']);
    await made.waitForEvent('setup.started');
    expect((await made.copse(['stop'])).exit).toBe(0);
    process.kill(await made.supervisorPid(), 'SIGKILL');
    await made.supervisorGone();
    expect(await made.outcomes()).toEqual({ dark: 'preparing', light: 'stopped' });
    expect((await made.copse(['wait'])).exit).toBe(1);
    expect(await made.outcomes()).toEqual({ dark: 'stopped', light: 'stopped' });
    expect((await made.copse(['status'])).exit).toBe(0);
    await made.holds(before);
  });

  it('fault 2: a stop that it took and did not live to carry out stops an agent that did not heed the first signal', async () => {
    const { person: made, before } = await person(
      `for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {}); init(); fs.writeFileSync('a.txt', ''); say('works'); await sleep(600_000);`,
      ['dark'],
    );
    await made.copse(['run', '--detach']);
    await made.waitForEvent('attempt.activity');
    expect((await made.copse(['stop'])).exit).toBe(0);
    process.kill(await made.supervisorPid(), 'SIGKILL');
    await made.supervisorGone();
    expect((await made.copse(['wait'])).exit).toBe(1);
    expect(await made.outcomes()).toEqual({ dark: 'stopped' });
    await made.holds(before);
  });

  it('fault 2: a check that goes on is ended before it runs again', async () => {
    const { person: made, before } = await person(QUICK, ['dark'], {
      verify: { test: 'test "$COPSE_VARIANT" = dark || exit 0; mkdir ignored || exit 0; while :; do sleep 1; done' },
    });
    await made.approved(['run', '--detach']);
    await vi.waitFor(() => access(`${made.repo}.worktrees/ui-dark/ignored`), { timeout: 30_000, interval: 30 });
    process.kill(await made.supervisorPid(), 'SIGKILL');
    await made.supervisorGone();
    expect((await made.copse(['wait'])).exit).toBe(0);
    const { variants } = await made.state();
    expect(variants[0]?.checks).toMatchObject([{ name: 'test', status: 'passed' }]);
    await made.holds(before);
  });

  it('fault 2: stop after a crash stops what still runs', async () => {
    const { person: made, before } = await person(WAITS, ['dark', 'light']);
    await made.copse(['run', '--detach']);
    await made.waitForEvent('attempt.activity', { variant: 'dark' });
    await made.waitForEvent('attempt.activity', { variant: 'light' });
    process.kill(await made.supervisorPid(), 'SIGKILL');
    await made.supervisorGone();
    expect((await made.copse(['stop'])).exit).toBe(0);
    await made.copse(['wait']);
    expect(await made.outcomes()).toEqual({ dark: 'stopped', light: 'stopped' });
    expect(await made.git('diff', '--name-only', 'main...ui/dark')).toBe('dark.txt');
    await made.holds(before);
  });
});
