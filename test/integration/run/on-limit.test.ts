import { describe, expect, it } from 'vitest';
import { Person } from '../../support/person.ts';
import { variantsYaml } from '../../support/variants.ts';

/** Meets a limit that is reset soon, and works once it is continued. `$NEVER`: its reset is over already, each time. */
const CLAUDE = `
init();
const seconds = Math.floor(Date.now() / 1000);
const isLimited = process.env.NEVER !== undefined || !args.includes('--resume');
fs.writeFileSync(variant + '.txt', isLimited ? 'half' : 'whole');
call('Write', { file_path: 'x' });
if (isLimited) {
  emit({ type: 'rate_limit_event', rate_limit_info: { status: 'rejected', resetsAt: seconds + (process.env.NEVER === undefined ? 3 : -60) } });
  done({ subtype: 'success', is_error: true, api_error_status: 429, result: 'Claude AI usage limit reached' });
  process.exitCode = 1;
} else done({ result: 'All of it.' });`;

const personWith = (top: Record<string, unknown> = {}): Promise<Person> =>
  Person.create({
    claude: CLAUDE,
    files: { 'variants.yaml': variantsYaml(['dark', 'light'], { defaults: { retries: 0 }, ...top }) },
  });

describe('a rate limit', () => {
  it('of a run that nobody watches: what it ended goes on at the reset, in the same conversation', async () => {
    const person = await personWith();
    expect((await person.copse(['run', '--detach'])).exit).toBe(0);
    await person.waitForEvent('run.paused');
    expect((await person.copse(['status'])).stdout).toContain('Continues automatically at');
    const waited = await person.copse(['wait']);
    expect(waited.exit, waited.stdout).toBe(0);
    const { variants } = await person.state();
    for (const { name, attempts } of variants) {
      expect(attempts.map(({ kind }) => kind)).toEqual(['first', 'continue']);
      expect(attempts[1]?.sessionId).toBe(attempts[0]?.sessionId);
      // Not before its reset.
      expect(Date.parse(attempts[1]?.startedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(attempts[0]?.limitedUntil ?? ''));
      expect(await person.git('show', `ui/${name}:${name}.txt`)).toBe('whole');
    }
  });

  it('ends what it ends where the file says stop, and in a run that is watched', async () => {
    const stops = await personWith({ onLimit: 'stop' });
    await stops.copse(['run', '--detach']);
    expect((await stops.copse(['wait'])).exit).toBe(1);
    expect(await stops.outcomes()).toEqual({ dark: 'limited', light: 'limited' });
    const watched = await personWith();
    expect((await watched.copse(['run'])).exit).toBe(1);
    expect(await watched.outcomes()).toEqual({ dark: 'limited', light: 'limited' });
  });

  it('can be stopped while it waits', async () => {
    const person = await personWith();
    await person.copse(['run', '--unattended', '--detach']);
    await person.waitForEvent('variant.finished');
    await person.copse(['stop']);
    await person.supervisorGone();
    expect((await person.state()).phase).toMatchObject({ kind: 'finished', ending: 'stopped' });
  });

  it('whose reset is over already is no reason to try for ever', async () => {
    const person = await personWith({ defaults: { env: ['NEVER=1'], retries: 0 } });
    expect((await person.approved(['run', '--detach'])).exit).toBe(0);
    await person.copse(['wait']);
    expect((await person.state()).variants.map(({ attempts }) => attempts.length)).toEqual([1, 1]);
  });
});
