import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { Person } from '../support/person.ts';
import { variantsYaml } from '../support/variants.ts';

const QUICK = `init(); fs.writeFileSync(variant + '.txt', 'by ' + variant); done();`;

async function personWith(variants: readonly string[] = ['dark', 'light'], files: Record<string, string> = {}) {
  const person = await Person.create({ claude: QUICK, files: { 'variants.yaml': variantsYaml(variants), ...files } });
  return { person, before: await person.fingerprint() };
}

describe('a creation that was cut off', () => {
  it('fault 3: kill -9 while a large tree is checked out: nothing half stays, and resume brings it home', async () => {
    const many = Object.fromEntries(Array.from({ length: 1_500 }, (_, n) => [`many/${n % 40}/${n}.txt`, `${n}\n`]));
    const { person, before } = await personWith(['dark'], many);
    await person.copse(['run', '--detach'], { env: { COPSE_FAILPOINT: 'worktree-registered' } });
    await person.supervisorGone();
    expect(await person.git('worktree', 'list', '--porcelain')).toContain('locked');
    expect((await person.copse(['resume'])).exit).toBe(0);
    expect(await person.git('-C', `${person.repo}.worktrees/ui-dark`, 'status', '--porcelain')).toBe('');
    expect(await person.git('diff', '--name-only', 'main...ui/dark')).toBe('dark.txt');
    expect((await readdir(join(person.repo, '.git/worktrees'))).length).toBe(1);
    await person.holds(before);
  });

  it('fault 3: also in the middle of the checkout, which git may go on with alone', async () => {
    const many = Object.fromEntries(Array.from({ length: 2_500 }, (_, n) => [`many/${n % 40}/${n}.txt`, `${n}\n`]));
    const { person, before } = await personWith(['dark'], many);
    await person.copse(['run', '--detach']);
    const tree = `${person.repo}.worktrees/ui-dark/many`;
    await vi.waitFor(async () => expect((await readdir(tree)).length).toBeGreaterThan(0), { timeout: 20_000, interval: 1 });
    process.kill(await person.supervisorPid(), 'SIGKILL');
    await person.supervisorGone();
    await person.copse(['wait']);
    expect((await person.copse(['resume'])).stderr).not.toContain('bug');
    expect(await person.outcomes()).toEqual({ dark: 'succeeded' });
    expect(await person.git('diff', '--name-only', 'main...ui/dark')).toBe('dark.txt');
    await person.holds(before);
  });

  it('fault 19: an entry with an empty commondir, as a killed git leaves it, stops nothing and stays', async () => {
    const { person, before } = await personWith();
    const entry = join(person.repo, '.git/worktrees/broken');
    await mkdir(entry, { recursive: true });
    for (const name of ['commondir', 'gitdir', 'HEAD']) await writeFile(join(entry, name), '');
    for (const args of [['run'], ['status'], ['doctor'], ['retry', 'dark', '--fresh']]) {
      expect((await person.copse(args)).stderr).not.toContain('bug');
    }
    expect(await person.outcomes()).toEqual({ dark: 'succeeded', light: 'succeeded' });
    expect(await readdir(entry)).toHaveLength(3);
    await rm(entry, { recursive: true });
    await person.holds(before);
  });
});

describe('records that are broken', () => {
  it('fault 6: a log of events cut anywhere is read up to its last whole line, and the run comes home', async () => {
    const { person, before } = await personWith(['dark']);
    expect((await person.copse(['run'])).exit).toBe(0);
    await person.supervisorGone();
    const { events, snapshot } = person.paths();
    const whole = await readFile(events);
    const lines = whole.toString('utf8').split('\n').length - 1;
    // In the middle of a line each: of the last one, of some between, of the first after the run was created.
    for (const line of [lines - 1, Math.floor(lines / 2), 3, 1]) {
      const start = whole.toString('utf8').split('\n').slice(0, line).join('\n').length + 1;
      await writeFile(events, whole.subarray(0, start + 7));
      await rm(snapshot, { force: true });
      expect((await person.copse(['status'])).exit).toBe(0);
      expect(await person.events()).toHaveLength(line);
      const resumed = await person.copse(['resume']);
      expect(resumed.stderr).not.toContain('bug');
      expect(await person.outcomes()).toEqual({ dark: 'succeeded' });
      await person.supervisorGone();
    }
    await person.holds(before);
  });

  it.each(['', '{', 'null', '\0\0\0\0', '{"schema":1}'])('fault 20: a snapshot %j is made anew from the events', async (text) => {
    const { person, before } = await personWith(['dark']);
    expect((await person.copse(['run'])).exit).toBe(0);
    await person.supervisorGone();
    const shown = (await person.copse(['status'])).stdout;
    await writeFile(person.paths().snapshot, text);
    expect(await person.copse(['status'])).toMatchObject({ exit: 0, stdout: shown, stderr: '' });
    expect((await person.copse(['retry', 'dark', '--fresh'])).exit).toBe(0);
    await person.holds(before);
  });

  it('fault 21: state of a newer copse is refused and stays as it is', async () => {
    const { person, before } = await personWith(['dark']);
    expect((await person.copse(['run'])).exit).toBe(0);
    await person.supervisorGone();
    const newer = join(person.repo, '.git/copse/v2');
    await mkdir(newer);
    for (const args of [['run'], ['run', '--detach']]) {
      const ended = await person.copse(args);
      expect(ended.exit).toBe(3);
      expect(ended.stderr).toContain('newer copse');
    }
    await rm(newer, { recursive: true });
    const { plan } = person.paths();
    const planned = await readFile(plan, 'utf8');
    await writeFile(plan, planned.replace('"schema":1', '"schema":2').replace('"schema": 1', '"schema": 2'));
    const retried = await person.copse(['retry', 'dark']);
    expect(retried.exit).not.toBe(0);
    expect(retried.stderr).toContain('newer copse');
    await writeFile(plan, planned);
    expect((await person.copse(['retry', 'dark', '--fresh'])).exit).toBe(0);
    await person.holds(before);
  });
});

describe('the holder of a lock is suspended', () => {
  it('fault 43: a suspended supervisor keeps its run, and the run ends well once it goes on', async () => {
    const person = await Person.create({
      claude: `init(); fs.writeFileSync(variant + '.txt', 'by ' + variant); say('works');
        while (!fs.existsSync(process.env.HOME + '/go')) await sleep(30); done();`,
      files: { 'variants.yaml': variantsYaml(['dark']) },
    });
    const before = await person.fingerprint();
    await person.copse(['run', '--detach']);
    await person.waitForEvent('attempt.activity');
    const pid = await person.supervisorPid();
    process.kill(pid, 'SIGSTOP');
    try {
      expect((await person.copse(['wait', '--timeout', '1s'])).exit).toBe(8);
      // Another one, as a command starts it that takes the run to be abandoned.
      const args = ['__supervise', 'ui', '--mode', 'adopt', '--common-dir', join(person.repo, '.git')];
      const second = await person.copse(args);
      expect(second.exit).toBe(3);
      expect(second.stderr).toContain(String(pid));
      expect(await person.supervisorPid()).toBe(pid);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await writeFile(join(person.home, 'go'), '');
    expect((await person.copse(['wait'])).exit).toBe(0);
    expect((await person.events()).some((event) => event.type === 'run.adopted')).toBe(false);
    await person.holds(before);
  });
});
