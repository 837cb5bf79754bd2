import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { WRITES_A_FILE } from '../../support/fake-claude.ts';
import { Person } from '../../support/person.ts';
import { variantsYaml } from '../../support/variants.ts';

/** Counts its runs outside of every worktree. */
const COUNTED = (folder: string, then: string): string => `echo "$COPSE_VARIANT" >> ${folder}/count; ${then}`;

async function counted(person: Person): Promise<string[]> {
  return (await readFile(join(person.home, 'count'), 'utf8')).trim().split('\n');
}

async function personWith(top: (home: string) => Record<string, unknown>, files: Record<string, string> = {}): Promise<Person> {
  const person = await Person.create({ claude: WRITES_A_FILE, files });
  await person.write('variants.yaml', variantsYaml(['dark', 'light'], top(person.home)));
  return person;
}

test('a check that fails on the base is marked and does not count', async () => {
  const person = await personWith((home) => ({ verify: { broken: COUNTED(home, 'echo 3 of 9 fail; exit 1'), fine: 'true' } }));
  const before = await person.fingerprint();
  const ended = await person.approved(['run']);
  expect(ended.exit, ended.stderr).toBe(0);
  const state = await person.state();
  expect(state.baseChecks).toMatchObject([
    { name: 'broken', status: 'failed', detail: '3 of 9 fail' },
    { name: 'fine', status: 'passed' },
  ]);
  for (const variant of state.variants) {
    expect(variant.checks).toMatchObject([
      { name: 'broken', status: 'failed', onBase: 'failed' },
      { name: 'fine', status: 'passed', onBase: 'passed' },
    ]);
  }
  expect((await counted(person)).toSorted()).toEqual(['_base', 'dark', 'light']);
  await person.holds(before);
});

test('a second run from the same base does not check it again, and has its output', async () => {
  const person = await personWith((home) => ({ verify: { test: COUNTED(home, 'test ! -e dark.txt') } }));
  expect((await person.approved(['run'])).exit).toBe(1);
  expect((await person.approved(['run'])).exit).toBe(1);
  expect((await counted(person)).filter((name) => name === '_base')).toHaveLength(1);
  const state = await person.state('ui-2');
  expect(state.baseChecks).toMatchObject([{ name: 'test', status: 'passed' }]);
  expect(state.variants.map(({ checks }) => checks[0])).toMatchObject([
    { status: 'failed', onBase: 'passed' },
    { status: 'passed', onBase: 'passed' },
  ]);
  const finished = (await person.events('ui-2')).find((event) => event.type === 'check.finished' && event.variant === null);
  expect(finished?.type === 'check.finished' ? await readFile(finished.log, 'utf8') : null).toBe('');
});

test('set-up is done once for several bases, and again when what it depends on changes', async () => {
  const setup = ['echo setup >> "$HOME/setups-$COPSE_VARIANT"; mkdir -p ignored; cp package.json ignored/'];
  const person = await personWith(
    () => ({
      copy: ['.env'],
      setup,
      verify: {
        test: 'test -e ignored/package.json && test -e .env && test ! -e left && mkdir -p sub/ignored && test ! -e sub/ignored/left && touch left sub/ignored/left',
      },
    }),
    { 'package.json': '{}\n' },
  );
  await person.write('.env', 'A=1\n');
  const setups = async () => (await readFile(join(person.home, 'setups-_base'), 'utf8')).trim().split('\n').length;
  expect(await person.approved(['run'])).toMatchObject({ exit: 0 });
  expect(await setups()).toBe(1);
  await person.write('readme.md', 'Another base.\n');
  await person.git('commit', '-qam', 'second');
  expect(await person.approved(['run'])).toMatchObject({ exit: 0 });
  expect((await person.state('ui-2')).baseChecks).toMatchObject([{ status: 'passed' }]);
  expect(await setups()).toBe(1);
  await person.write('package.json', '{"name": "app"}\n');
  await person.git('commit', '-qam', 'third');
  expect(await person.approved(['run'])).toMatchObject({ exit: 0 });
  expect(await setups()).toBe(2);
  const scratch = `${person.repo}.worktrees/copse-base-0`;
  expect((await readdir(`${person.repo}.worktrees`)).filter((name) => !name.startsWith('ui-'))).toEqual(['copse-base-0']);
  expect((await person.copse(['prune', '--others', '--dry-run', '--json'])).stdout).not.toContain('copse-base-0');
  expect(await person.git('worktree', 'list')).toMatch(new RegExp(`^${scratch} .*\\(detached HEAD\\)`, 'm'));
  const pruned = await person.copse(['prune', '--all', '--yes']);
  expect(pruned.exit, pruned.stderr).toBe(0);
  expect(await readdir(`${person.repo}.worktrees`)).not.toContain('copse-base-0');
});

test('a supervisor that dies in the middle of the base’s checks leaves nothing behind for the next', async () => {
  const person = await personWith((home) => ({
    verify: {
      test: `touch tracked-not; echo changed > readme.md; test -e ${home}/go || { touch ${home}/there-$COPSE_VARIANT; sleep 600; }`,
    },
  }));
  await person.approve(['run']);
  const before = await person.fingerprint();
  await person.copse(['run', '--detach']);
  await vi.waitFor(async () => expect(await person.processesInWorktrees()).toContainEqual(expect.stringContaining('sleep 600')), {
    timeout: 30_000,
    interval: 30,
  });
  await vi.waitFor(async () => expect(await readFile(join(person.home, 'there-_base'), 'utf8')).toBe(''), { timeout: 30_000 });
  process.kill(await person.supervisorPid(), 'SIGKILL');
  await person.supervisorGone();
  await writeFile(join(person.home, 'go'), '');
  const ended = await person.copse(['resume']);
  expect(ended.exit, ended.stderr).toBe(0);
  expect((await person.state()).baseChecks).toMatchObject([{ status: 'passed' }]);
  await person.holds(before);
});
