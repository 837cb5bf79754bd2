import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { standingOf } from '../../../src/model/evidence/check.ts';
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

test('a template with a folder for each run has the base checked beside the variants too', async () => {
  const person = await personWith(() => ({ verify: { where: 'pwd >> "$HOME/places"' } }));
  await person.write('.worktreerc', 'worktree: "../wt/{run}/{variant}"\n');
  const ended = await person.approved(['run']);
  expect(ended.exit, ended.stderr).toBe(0);
  const places = (await readFile(join(person.home, 'places'), 'utf8')).trim().split('\n');
  const folder = join(person.repo, '../wt/ui');
  expect(places.toSorted()).toEqual(['copse-base-0', 'dark', 'light'].map((name) => join(folder, name)));
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

/** A `claude` that says outside of every worktree that it was started. */
const TELLS = `
fs.appendFileSync(process.env.HOME + '/agents', variant + '\\n');
${WRITES_A_FILE}`;

async function agents(person: Person): Promise<string[]> {
  return (await readFile(join(person.home, 'agents'), 'utf8').catch(() => '')).split('\n').filter(Boolean).toSorted();
}

async function lookingPerson(
  top: (home: string) => Record<string, unknown>,
  files: Record<string, string> = {},
): Promise<Person> {
  const person = await Person.create({ claude: TELLS, files });
  await person.write('variants.yaml', variantsYaml(['dark', 'light'], top(person.home)));
  return person;
}

describe('where checks could not tell anything', () => {
  test.each([
    [
      'a missing program',
      { verify: { test: 'nomocha test' } },
      {},
      'The check test cannot run, not even on the base: nomocha: not found',
    ],
    ['one that a script wants', { verify: { test: 'sh t' } }, { t: 'nomocha --exit\n' }, 'nomocha: not found'],
    ['one that an interpreter line wants', { verify: { test: './t' } }, { t: '#!/usr/bin/env norubby\n' }, 'norubby'],
    [
      'one that set-up should have installed',
      { verify: { test: 'node_modules/.bin/nomocha' } },
      {},
      'node_modules/.bin/nomocha: not found',
    ],
    ['a program that may not be run', { verify: { test: '/etc/passwd' } }, {}, '/etc/passwd: Permission denied'],
    [
      'a set-up that fails',
      { setup: ['echo no such lock >&2; exit 1'], verify: { test: 'true' } },
      {},
      'not even on the base. Set-up failed: echo no such lock >&2; exit 1: no such lock',
    ],
  ])('%s keeps every agent from starting', async (_, top, files, reason) => {
    const person = await lookingPerson(() => top, files);
    if ('t' in files) {
      await person.git('update-index', '--chmod=+x', 't');
      await person.git('commit', '-qm', 'executable');
      await person.git('checkout', '-q', 't');
    }
    const before = await person.fingerprint();
    const ended = await person.approved(['run']);
    expect(ended.exit, ended.stderr).toBe(4);
    expect(await agents(person)).toEqual([]);
    const state = await person.state();
    expect(state.phase).toMatchObject({ kind: 'finished', ending: 'fatal', fatal: 'checks-cannot-run' });
    expect(state.phase).toHaveProperty('reason', expect.stringContaining(reason));
    expect(state.variants.flatMap(({ attempts }) => attempts)).toEqual([]);
    const said = `${ended.stdout} ${ended.stderr}`.replaceAll(/\s+/g, ' ');
    expect(said).toContain(reason);
    expect(said).toContain('Install what the check needs, or add the command that installs it to `setup:`');
    expect(said).not.toContain('copse retry');
    await person.holds(before);
  });

  test('what is found out late ends what is queued, and nothing that works', async () => {
    const person = await lookingPerson((home) => ({
      concurrency: 1,
      verify: { slow: `test "$COPSE_VARIANT" != _base || until test -e ${home}/go; do sleep 0.05; done`, test: 'nomocha' },
    }));
    await person.approve(['run']);
    await person.copse(['run', '--detach']);
    await person.waitForEvent('attempt.started', { variant: 'dark' });
    await writeFile(join(person.home, 'go'), '');
    const ended = await person.copse(['wait']);
    expect(ended.exit, ended.stderr).toBe(1);
    expect(await agents(person)).toEqual(['dark']);
    expect(await person.outcomes()).toEqual({ dark: 'succeeded', light: 'skipped' });
    const { variants, phase } = await person.state();
    expect(phase).toMatchObject({ kind: 'finished', ending: 'completed' });
    expect(variants[1]?.phase).toHaveProperty('reason', 'The check test cannot run, not even on the base: nomocha: not found');
    expect(variants[0]?.checks).toMatchObject([
      { name: 'slow', status: 'passed', onBase: 'passed' },
      { name: 'test', status: 'could-not-run', onBase: 'could-not-run' },
    ]);
  });

  test('a person who asks for it gets an agent all the same', async () => {
    const person = await lookingPerson(() => ({ verify: { test: 'nomocha' } }));
    expect((await person.approved(['run'])).exit).toBe(4);
    const ended = await person.copse(['retry', 'dark']);
    expect(ended.exit, ended.stderr).toBe(1);
    expect(await agents(person)).toEqual(['dark']);
    expect((await person.state()).variants[0]?.checks).toMatchObject([{ status: 'could-not-run', onBase: 'could-not-run' }]);
  });

  test('a supervisor that took over looks as well', async () => {
    const person = await lookingPerson((home) => ({
      setup: [`test "$COPSE_VARIANT" = _base || until test -e ${home}/go; do sleep 0.05; done`],
      verify: { test: 'nomocha' },
    }));
    await person.approve(['run']);
    await person.copse(['run', '--detach']);
    await person.waitForEvent('setup.started');
    process.kill(await person.supervisorPid(), 'SIGKILL');
    await person.supervisorGone();
    await writeFile(join(person.home, 'go'), '');
    const ended = await person.copse(['resume']);
    expect(ended.exit, ended.stderr).toBe(4);
    expect(await agents(person)).toEqual([]);
  });

  test('stopping does not wait for the look', async () => {
    const person = await lookingPerson((home) => ({
      setup: [`test "$COPSE_VARIANT" != _base || until test -e ${home}/go; do sleep 0.05; done`],
      verify: { test: 'true' },
    }));
    await person.approve(['run']);
    await person.copse(['run', '--detach']);
    await person.waitForEvent('setup.finished', { variant: 'dark' });
    await person.copse(['stop', 'dark']);
    const stopped = await person.waitForEvent('variant.finished', { variant: 'dark' });
    expect(stopped).toMatchObject({ outcome: 'stopped' });
    await writeFile(join(person.home, 'go'), '');
    await person.copse(['wait']);
    expect(await agents(person)).toEqual(['light']);
  });
});

describe('what is no obstacle', () => {
  test.each([
    ['a script that the variants are to write', './demo.sh', {}],
    ['one that a script of npm runs', 'npm test --silent', { 'package.json': '{"scripts": {"test": "tools/demo.sh"}}\n' }],
    ['one that is handed to a shell', 'bash demo.sh', {}],
    ['one that may not be run yet', './demo.sh', { 'demo.sh': 'exit 1\n' }],
  ])('%s', async (_, run, files) => {
    const person = await lookingPerson(() => ({ verify: { demo: run } }), files);
    const ended = await person.approved(['run']);
    expect(await agents(person), ended.stderr).toEqual(['dark', 'light']);
    expect((await person.state()).baseChecks).toMatchObject([{ status: 'could-not-run' }]);
  });

  test('a suite that takes long holds agents for a moment only', async () => {
    const person = await lookingPerson((home) => ({
      verify: { test: `test "$COPSE_VARIANT" != _base || until test -e ${home}/go; do sleep 0.05; done` },
    }));
    await person.approve(['run']);
    await person.copse(['run', '--detach']);
    await person.waitForEvent('attempt.finished', { variant: 'dark' });
    expect((await person.state()).baseChecks).toEqual([]);
    await writeFile(join(person.home, 'go'), '');
    expect((await person.copse(['wait'])).exit).toBe(0);
  });

  test('a run without checks has nothing to wait for', async () => {
    const person = await lookingPerson((home) => ({ setup: [`echo "$COPSE_VARIANT" >> ${home}/count`] }));
    const ended = await person.approved(['run']);
    expect(ended.exit, ended.stderr).toBe(0);
    expect((await counted(person)).toSorted()).toEqual(['dark', 'light']);
  });
});

test.each([
  ['timed-out', { commandTimeout: '2s' }, 'sleep 600'],
  ['could-not-run', {}, 'kill -KILL $$'],
])('where the base is %s a failing check is unknown', async (status, settings, onBase) => {
  const person = await lookingPerson(() => ({
    verify: { test: `test "$COPSE_VARIANT" != _base || { ${onBase}; }; test "$COPSE_VARIANT" = _base` },
  }));
  await person.write('.worktreerc', JSON.stringify(settings));
  const ended = await person.approved(['run']);
  expect(ended.exit, ended.stderr).toBe(1);
  const { variants, baseChecks } = await person.state();
  expect(baseChecks).toMatchObject([{ status }]);
  expect(variants.map(({ checks }) => checks[0])).toMatchObject([
    { status: 'failed', onBase: status },
    { status: 'failed', onBase: status },
  ]);
  expect(variants.flatMap(({ checks }) => checks.map(standingOf))).toEqual(['unknown', 'unknown']);
  expect(`${ended.stdout}${ended.stderr}`).not.toContain('on the base too');
});
