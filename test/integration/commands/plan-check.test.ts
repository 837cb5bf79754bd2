import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { PlanJson } from '../../../src/view/plan/plan-json.ts';
import { WRITES_A_FILE } from '../../support/fake-claude.ts';
import { type Ended, Person } from '../../support/person.ts';
import { variantsYaml } from '../../support/variants.ts';

async function personWith(top: (home: string) => Record<string, unknown>, files: Record<string, string> = {}): Promise<Person> {
  const person = await Person.create({ claude: WRITES_A_FILE, files });
  await person.write('variants.yaml', variantsYaml(['dark', 'light'], top(person.home)));
  return person;
}

const looked = ({ stdout }: Ended): PlanJson['baseChecks'] => (JSON.parse(stdout) as PlanJson).baseChecks;
const flat = (text: string): string => text.replaceAll(/\s+/g, ' ');

test('nothing runs that is not approved, and the hash of the plan approves it', async () => {
  const person = await personWith((home) => ({ setup: [`touch ${home}/ran`], verify: { test: `touch ${home}/ran` } }));
  const refused = await person.copse(['plan', '--check']);
  expect(refused.exit).toBe(3);
  expect(refused.stderr).toMatch(/copse plan --check --trust [0-9a-f]{64}/);
  const agent = await person.copse(['plan', '--check'], { env: { CLAUDECODE: '1' } });
  expect(agent.exit).toBe(3);
  expect(`${agent.stdout}${agent.stderr}`).not.toMatch(/[0-9a-f]{64}/);
  expect((await person.copse(['plan', '--check', '--trust', 'f'.repeat(64)])).exit).toBe(3);
  expect(await readdir(person.home)).not.toContain('ran');
  const hash = /--trust ([0-9a-f]{64})/.exec(refused.stderr)?.[1] ?? '';
  const ended = await person.copse(['plan', '--check', '--trust', hash]);
  expect(ended.exit, ended.stderr).toBe(0);
  expect(await readdir(person.home)).toContain('ran');
  expect((await person.copse(['plan', '--trust', hash])).exit).toBe(2);
});

test('says how each check ends, keeps what is known, and leaves the name of the run free', async () => {
  const person = await personWith((home) => ({
    verify: {
      types: `echo types >> ${home}/count`,
      test: `echo test >> ${home}/count; echo 3 of 9 fail; exit 1`,
      demo: './demo.sh',
    },
  }));
  const before = await person.fingerprint();
  await person.approve(['run']);
  const ended = await person.copse(['plan', '--check']);
  expect(ended.exit, ended.stderr).toBe(0);
  const said = flat(ended.stdout);
  expect(said).toMatch(/✔ types passed \d+s/);
  expect(said).toMatch(/✘ test failed \d+s 3 of 9 fail It fails on the base, which is fine if the task is to fix it\./);
  expect(said).toMatch(/! demo could not run \d+s \.\/demo\.sh: not found This is a script of the repository/);
  expect(said).toContain('Nothing was spent. Start: copse run');
  const output = /✘ test[^✔!]*?Output: (\S+)/.exec(said)?.[1] ?? '';
  expect(await readFile(output, 'utf8')).toBe('3 of 9 fail\n');
  await person.holds(before);
  expect(await readdir(join(person.repo, '.git/copse/v1'))).not.toContain('runs');

  const again = await person.copse(['plan', '--check', '--json']);
  expect(looked(again)).toMatchObject({
    canRun: true,
    setupFailure: null,
    checks: [
      { name: 'types', status: 'passed', known: true, detail: null },
      { name: 'test', status: 'failed', exitCode: 1, known: true, detail: '3 of 9 fail' },
      { name: 'demo', status: 'could-not-run', exitCode: 127, known: false, missing: null },
    ],
  });
  expect(flat((await person.copse(['plan', '--check'])).stdout)).toMatch(/types passed \d+s \(known from before\)/);
  expect((await person.copse(['run'])).exit).toBe(1);
  expect((await person.state('ui')).baseChecks.map(({ status }) => status)).toEqual(['passed', 'failed', 'could-not-run']);
  const runs = (await readFile(join(person.home, 'count'), 'utf8')).split('\n').filter((name) => name === 'types');
  // The base once, and each variant.
  expect(runs).toHaveLength(3);
});

describe('what could not run is said, with the fix, and ends with 3', () => {
  test.each([
    ['a missing program', { verify: { test: 'nomocha' } }, 'could not run', 'Install nomocha, or add the command'],
    ['what something killed', { verify: { test: 'kill -KILL $$' } }, 'ended by', 'Something killed it.'],
    ['set-up', { setup: ['echo no such lock >&2; exit 1'], verify: { test: 'true' } }, 'no such lock', 'Correct `setup:`'],
    ['set-up without checks', { setup: ['echo no such lock >&2; exit 1'] }, 'no such lock', 'Correct `setup:`'],
  ])('%s', async (_, top, what, fix) => {
    const person = await personWith(() => top);
    await person.approve(['run']);
    const ended = await person.copse(['plan', '--check']);
    expect(ended.exit, ended.stderr).toBe(3);
    expect(flat(ended.stdout)).toContain(what);
    expect(flat(ended.stdout)).toContain(fix);
    expect(ended.stdout).not.toContain('Start: copse run');
    const json = await person.copse(['plan', '--check', '--json']);
    expect(json.exit).toBe(3);
    expect(looked(json)?.canRun).toBe(false);
  });
});

test('a check that runs out of time could run, and nothing is known of it', async () => {
  const person = await personWith(() => ({ verify: { test: 'echo waiting; sleep 600' } }));
  await person.write('.worktreerc', 'commandTimeout: 1s\n');
  await person.approve(['run']);
  const ended = await person.copse(['plan', '--check']);
  expect(ended.exit, ended.stderr).toBe(0);
  expect(flat(ended.stdout)).toMatch(
    /test timed out .* It was stopped after 1s, so for a variant that fails it the result is unknown/,
  );
});

test('set-up alone is tried, and without anything to look at that is said', async () => {
  const person = await personWith((home) => ({ setup: [`touch ${home}/set-up`] }));
  await person.approve(['run']);
  const ended = await person.copse(['plan', '--check']);
  expect(ended.exit, ended.stderr).toBe(0);
  expect(await readdir(person.home)).toContain('set-up');
  await person.write('variants.yaml', variantsYaml(['dark']));
  const nothing = await person.copse(['plan', '--check']);
  expect(nothing.exit).toBe(0);
  expect(flat(nothing.stdout)).toContain('There is nothing to check');
});

test('what keeps a run from starting is told first, and nothing is checked', async () => {
  const person = await personWith((home) => ({ verify: { test: `touch ${home}/ran` } }));
  await person.approve(['run']);
  const ended = await person.copse(['plan', '--check', '--base', 'nowhere']);
  expect(ended.exit).not.toBe(0);
  expect(`${ended.stdout}${ended.stderr}`).toContain('nowhere');
  expect(await readdir(person.home)).not.toContain('ran');
});

test('Ctrl-C ends what runs, and leaves nothing behind', async () => {
  const person = await personWith((home) => ({ verify: { test: `touch ${home}/there; sleep 600` } }));
  await person.approve(['run']);
  const before = await person.fingerprint();
  const { child, ended } = person.start(['plan', '--check']);
  await vi.waitFor(async () => expect(await readdir(person.home)).toContain('there'), { timeout: 30_000, interval: 30 });
  child.kill('SIGINT');
  const { exit, stderr } = await ended;
  expect(exit).toBe(130);
  expect(stderr).toContain('Stopped. Nothing was spent.');
  await person.holds(before);
  await writeFile(join(person.repo, 'variants.yaml'), variantsYaml(['dark'], { verify: { test: 'true' } }));
  await person.approve(['run']);
  expect((await person.copse(['plan', '--check'])).exit).toBe(0);
});
