import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { VariantState } from '../../../src/model/run-state/state.ts';
import { WRITES_A_FILE } from '../../support/fake-claude.ts';
import { Person } from '../../support/person.ts';
import { variantsYaml } from '../../support/variants.ts';

/** Waits for ever, and lets the test know. */
const WAITS = 'touch "$HOME/waits"; sleep 600';
const unlessBase = (command: string): string => `if [ "$COPSE_VARIANT" != _base ]; then ${command}; fi`;

interface Case {
  readonly claude?: string;
  readonly top: Record<string, unknown>;
  readonly variants?: readonly string[];
  /** Besides `$HOME/waits`. */
  readonly there?: (made: Person) => Promise<unknown>;
}

async function started({ claude = WRITES_A_FILE, top, variants = ['dark'], there }: Case): Promise<Person> {
  const made = await Person.create({ claude, files: { 'variants.yaml': variantsYaml([...variants], top) } });
  await made.approve(['run']);
  expect((await made.copse(['run', '--detach'])).exit).toBe(0);
  if (there === undefined) await expect.poll(() => existsSync(join(made.home, 'waits')), { timeout: 30_000 }).toBe(true);
  else await there(made);
  return made;
}

/** Stops it, and gives what became of it once the run has ended. */
async function stopped(made: Person, name = 'dark'): Promise<{ variant: VariantState; said: string }> {
  const asked = await made.copse(['stop', name]);
  expect(asked.exit, asked.stderr).toBe(0);
  const waited = await made.copse(['wait', '--timeout', '60s']);
  expect(waited.exit, waited.stdout + waited.stderr).not.toBe(8);
  await made.supervisorGone();
  expect(await made.processesInWorktrees()).toEqual([]);
  const variant = (await made.state()).variants.find((one) => one.name === name);
  if (variant === undefined) throw new Error(`no ${name}`);
  return { variant, said: asked.stderr };
}

describe('copse stop <variant>', () => {
  it('while it is queued', async () => {
    const made = await started({
      claude: `init(); if (variant === 'dark') { fs.writeFileSync(process.env.HOME + '/waits', ''); while (!fs.existsSync(process.env.HOME + '/go')) await sleep(20); } fs.writeFileSync(variant + '.txt', ''); done();`,
      variants: ['dark', 'light'],
      top: { concurrency: 1 },
    });
    expect((await made.copse(['stop', 'light'])).exit).toBe(0);
    await made.waitForEvent('variant.finished', { variant: 'light' });
    await writeFile(join(made.home, 'go'), '');
    await made.copse(['wait']);
    expect(await made.outcomes()).toEqual({ dark: 'succeeded', light: 'stopped' });
  });

  it('while set-up runs', async () => {
    const made = await started({ top: { setup: [unlessBase(WAITS)] } });
    const { variant } = await stopped(made);
    expect(variant.phase).toMatchObject({ outcome: 'stopped', reason: '' });
    expect(variant.attempts).toEqual([]);
  });

  it('while files are copied', async () => {
    const folder = 'ignored/many';
    const made = await Person.create({
      claude: WRITES_A_FILE,
      files: { 'variants.yaml': variantsYaml(['dark'], { copy: ['ignored'] }) },
    });
    await mkdir(join(made.repo, folder), { recursive: true });
    for (let n = 0; n < 20_000; n += 1) await writeFile(join(made.repo, folder, String(n)), 'x'.repeat(2_000));
    await made.approve(['run']);
    await made.copse(['run', '--detach']);
    await made.waitForEvent('variant.preparing');
    const { variant } = await stopped(made);
    expect(variant.phase).toMatchObject({ outcome: 'stopped' });
  });

  it('while it waits for the base’s set-up, which ends as well', async () => {
    const made = await started({
      top: { setup: [`if [ "$COPSE_VARIANT" = _base ]; then ${WAITS}; fi`], verify: { test: 'true' } },
      there: async (one) => {
        await expect.poll(() => existsSync(join(one.home, 'waits')), { timeout: 30_000 }).toBe(true);
        await one.waitForEvent('setup.finished', { variant: 'dark' });
      },
    });
    const { variant } = await stopped(made);
    expect(variant.phase).toMatchObject({ outcome: 'stopped' });
    expect(variant.attempts).toEqual([]);
  });

  it('while its agent works: the work is committed', async () => {
    const made = await started({
      claude: `init(); fs.writeFileSync('dark.txt', 'half'); call('Write', { file_path: 'dark.txt' }); fs.writeFileSync(process.env.HOME + '/waits', ''); await sleep(600_000);`,
      top: { verify: { test: 'true' } },
    });
    const { variant } = await stopped(made);
    expect(variant.phase).toMatchObject({ outcome: 'stopped' });
    expect(variant.checks).toEqual([]);
    expect(await made.git('show', 'ui/dark:dark.txt')).toBe('half');
  });

  it('while it waits for another try', async () => {
    const made = await started({
      claude: `init(); fs.writeFileSync('dark.txt', 'half'); say('x'); process.exit(0);`,
      top: { defaults: { retries: 3 } },
      there: (one) => expect.poll(async () => (await one.outcomes())['dark'], { timeout: 30_000 }).toBe('retrying'),
    });
    const { variant } = await stopped(made);
    expect(variant.phase).toMatchObject({ outcome: 'stopped' });
    expect(await made.git('show', 'ui/dark:dark.txt')).toBe('half');
  });

  it('while its checks run: what its agent came to holds, and the checks are not run', async () => {
    const made = await started({ top: { verify: { first: 'true', test: unlessBase(WAITS), last: 'true' } } });
    const { variant, said } = await stopped(made);
    expect(said).toContain('The agent of dark has finished');
    expect(variant.phase).toMatchObject({ outcome: 'succeeded' });
    expect(variant.checks).toMatchObject([
      { name: 'first', status: 'passed' },
      { name: 'test', status: 'skipped' },
      { name: 'last', status: 'skipped' },
    ]);
    expect(variant.notes).toContain('It was stopped before these checks were done: test, last.');
    const merged = await made.copse(['wait', '--json']);
    expect(merged.exit).toBe(1);
  });

  it('while it waits for a check on the base, which is cancelled', async () => {
    const made = await started({
      top: { verify: { test: `if [ "$COPSE_VARIANT" = _base ] && ! test -e "$HOME/go"; then ${WAITS}; fi` } },
      there: async (one) => {
        await expect.poll(() => existsSync(join(one.home, 'waits')), { timeout: 30_000 }).toBe(true);
        await one.waitForEvent('check.started', { variant: 'dark' });
      },
    });
    const { variant } = await stopped(made);
    expect(variant.phase).toMatchObject({ outcome: 'succeeded' });
    // Whatever it was at that moment, nothing is held against a base that is not known.
    expect(variant.checks).toMatchObject([{ name: 'test', onBase: null }]);
    expect((await made.state()).baseChecks).toMatchObject([{ status: 'skipped' }]);
    // A check that was not run is unknown: a retry runs it again.
    await writeFile(join(made.home, 'go'), '');
    const again = await made.copse(['retry', 'dark']);
    expect(again.exit, again.stderr).toBe(0);
    expect((await made.state()).baseChecks).toMatchObject([{ status: 'passed' }]);
    expect((await made.state()).variants[0]?.checks).toMatchObject([{ name: 'test', onBase: 'passed' }]);
  });

  it('has nothing to stop in one that has ended', async () => {
    const made = await started({ top: {}, there: (one) => one.waitForEvent('run.finished') });
    const asked = await made.copse(['stop', 'dark']);
    expect(asked.stderr).toBe('dark has ended already.\n');
    expect(await made.outcomes()).toEqual({ dark: 'succeeded' });
  });
});
