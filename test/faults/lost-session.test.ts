import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Person } from '../support/person.ts';
import { variantsYaml } from '../support/variants.ts';

/** Knows the sessions that it has a file of, as the real one does; its prompt is written to `told.<n>`. */
const CLAUDE = `
const home = process.env.HOME;
const transcript = home + '/' + session + '.jsonl';
if (fs.existsSync(home + '/broken')) { console.error('Error: connect ECONNREFUSED'); process.exitCode = 1; return; }
if (args.includes('--resume') && !fs.existsSync(transcript)) {
  emit({ type: 'result', subtype: 'error_during_execution', is_error: true, num_turns: 0, total_cost_usd: 0, usage, modelUsage: {}, permission_denials: [], errors: ['No conversation found with session ID: ' + session] });
  process.exitCode = 1;
  return;
}
fs.appendFileSync(transcript, prompt);
const n = fs.readdirSync(home).filter((name) => name.startsWith('told.')).length + 1;
fs.writeFileSync(home + '/told.' + n, JSON.stringify({ session, resumed: args.includes('--resume'), prompt }));
init(); fs.writeFileSync('work.' + n, 'x'); call('Write', { file_path: 'work.' + n });
done({ result: n === 1 ? 'Smaller header' : 'Even smaller' });`;

async function worked(top: Record<string, unknown> = {}) {
  const person = await Person.create({
    claude: CLAUDE,
    files: { 'variants.yaml': variantsYaml({ a: 'As a.' }, { prompt: 'Make the header smaller.', ...top }) },
  });
  const before = await person.fingerprint();
  expect((await person.approved(['run'])).exit).toBe(0);
  const told = async (n: number): Promise<{ session: string; resumed: boolean; prompt: string }> =>
    JSON.parse(await person.copse(['exec', 'a', '--', 'cat', join(person.home, `told.${n}`)]).then(({ stdout }) => stdout));
  const { session } = await told(1);
  return { person, before, told, forget: () => rm(join(person.home, `${session}.jsonl`)), session };
}

const finished = async (person: Person) => {
  const [variant] = (await person.state()).variants;
  if (variant?.phase.kind !== 'finished') throw new Error(`it is ${variant?.phase.kind}`);
  return { ...variant, outcome: variant.phase.outcome };
};

describe.concurrent('a retry', () => {
  it('fault 89: without its transcript goes on in a new session on the work that is there', async () => {
    const { person, before, told, forget, session } = await worked();
    const start = await person.git('rev-parse', '--short=12', 'main');
    await forget();
    const retried = await person.copse(['retry', 'a', '-m', 'smaller still']);
    expect(retried.exit, retried.stderr).toBe(0);
    const { prompt, ...second } = await told(2);
    expect(second.resumed).toBe(false);
    expect(second.session).not.toBe(session);
    for (const part of ['Make the header smaller.', 'As a.', `git log -p ${start}..HEAD`, '> Smaller header', 'smaller still'])
      expect(prompt).toContain(part);
    expect(await person.git('ls-tree', '--name-only', 'ui/a')).toMatch(/work\.1\nwork\.2$/);
    // From now on the new one is continued.
    expect((await person.copse(['retry', 'a', '-m', 'once more'])).exit).toBe(0);
    expect(await told(3)).toMatchObject({ session: second.session, resumed: true, prompt: 'once more' });
    await person.holds(before);
  });

  it('fault 89: without a message is told what to do, too, and --fresh begins at the start', async () => {
    const { person, told, forget } = await worked();
    await forget();
    expect((await person.copse(['retry', 'a'])).exit).toBe(0);
    expect((await told(2)).prompt).toContain('What to do now: Continue where you stopped.');
    expect((await person.copse(['retry', 'a', '--fresh'])).exit).toBe(0);
    expect((await told(3)).prompt).toBe('Make the header smaller.\n\nAs a.');
  });

  it.each([
    ['that never gets to work', []],
    ['that never gets to work although its session is gone', ['forget']],
  ])('fault 89: %s leaves what was known, and says so', async (_, how) => {
    const { person, before, forget } = await worked({ verify: { ok: 'true' } });
    if (how.includes('forget')) await forget();
    await writeFile(join(person.home, 'broken'), '');
    for (let n = 0; n < 2; n++) {
      const retried = await person.copse(['retry', 'a', '-m', 'smaller still']);
      expect(retried.exit).toBe(1);
      expect(retried.stdout).toContain('1 of 1 succeeded');
      expect(retried.stdout.match(/The last retry changed nothing/g)).toHaveLength(1);
      expect(retried.stdout).not.toContain('copse retry');
    }
    expect(await finished(person)).toMatchObject({ outcome: 'succeeded', checks: [{ name: 'ok', status: 'passed' }] });
    await rm(join(person.home, 'broken'));
    expect((await person.copse(['retry', 'a', '-m', 'smaller still'])).exit).toBe(0);
    expect(await finished(person)).toMatchObject({ outcome: 'succeeded', notes: [] });
    await person.holds(before);
  });

  it('fault 89: that is stopped before it begins leaves what was known', async () => {
    const { person, before } = await worked({ setup: ['[ ! -e "$HOME/slow" ] || sleep 600'] });
    await person.git('worktree', 'remove', '--force', `${person.repo}.worktrees/ui-a`);
    await writeFile(join(person.home, 'slow'), '');
    const retry = person.start(['retry', 'a', '-m', 'smaller still']);
    await expect.poll(async () => (await person.events()).filter(({ type }) => type === 'setup.started').length).toBe(2);
    expect((await person.copse(['stop', 'a'])).exit).toBe(0);
    await retry.ended;
    expect(await finished(person)).toMatchObject({ outcome: 'succeeded', changes: { files: 1 } });
    await person.holds(before);
  });
});
