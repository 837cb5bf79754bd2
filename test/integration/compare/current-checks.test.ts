import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CompareJson } from '../../../src/view/compare/compare-json.ts';
import type { MergeJson } from '../../../src/view/landing/merge-json.ts';
import type { PlanJson } from '../../../src/view/plan/plan-json.ts';
import { fakeClaude, WRITES_A_FILE } from '../../support/fake-claude.ts';
import { type Ended, Person } from '../../support/person.ts';
import { variantsYaml } from '../../support/variants.ts';

const compared = ({ stdout }: Ended): CompareJson => JSON.parse(stdout) as CompareJson;
const flat = (text: string): string => text.replaceAll(/\s+/g, ' ');

/** A run of `dark` and `light` whose check is wrong, and a variants file with what it should have been. */
async function wronglyChecked(
  now: Record<string, unknown>,
  then: Record<string, unknown> = { verify: { test: 'test -d nowhere' } },
): Promise<Person> {
  const person = await Person.create({ claude: WRITES_A_FILE });
  await person.write('variants.yaml', variantsYaml(['dark', 'light'], then));
  await person.approved(['run']);
  expect(await person.outcomes()).toEqual({ dark: 'succeeded', light: 'succeeded' });
  await person.write('variants.yaml', variantsYaml(['dark', 'light'], now));
  return person;
}

const CORRECTED = { verify: { test: 'test ! -e dark.txt', lint: 'true' } };

test('finished variants are checked by the file as it is now, shown and approved, and the run stays as it is', async () => {
  const person = await wronglyChecked({ ...CORRECTED, metrics: { size: { run: 'ls | wc -l', goal: 'min' } } });
  const plan = await readFile(person.paths().plan, 'utf8');
  const events = await readFile(person.paths().events, 'utf8');
  const before = await person.fingerprint();
  const refused = await person.copse(['compare', '--checks']);
  expect(refused.exit).toBe(3);
  expect(flat(refused.stderr)).toContain(
    'Checks of variants.yaml in place of those of run ui: - verify.test test -d nowhere + verify.test test ! -e dark.txt + verify.lint true + metrics.size ls | wc -l (goal: min)',
  );
  const hash = /copse compare --checks --trust ([0-9a-f]{64})/.exec(refused.stderr)?.[1] ?? '';
  const ended = await person.copse(['compare', '--checks', '--json', '--trust', hash]);
  expect(ended.exit, ended.stderr).toBe(0);
  const { variants, checksFrom, ranking } = compared(ended);
  expect(checksFrom).toBe('variants.yaml');
  expect(variants.map(({ name, checks, metrics }) => ({ name, checks, metrics }))).toMatchObject([
    {
      name: 'dark',
      checks: [
        { name: 'test', status: 'failed', onBase: 'passed' },
        { name: 'lint', status: 'passed', onBase: 'passed' },
      ],
      metrics: [{ name: 'size', value: 2 }],
    },
    {
      name: 'light',
      checks: [
        { name: 'test', status: 'passed' },
        { name: 'lint', status: 'passed' },
      ],
      metrics: [{ value: 2 }],
    },
  ]);
  expect(ranking[0]?.name).toBe('light');

  const text = await person.copse(['compare', '--checks']);
  expect(text.exit, text.stderr).toBe(0);
  // Once, and known results are not found out again.
  expect(flat(text.stdout).match(/Checks and metrics are those of variants\.yaml as it is now, not of run ui\./g)).toHaveLength(
    1,
  );
  expect(text.stderr).not.toContain('test of dark');
  expect(text.stdout).toContain('copse merge light --checks\n');
  expect(text.stdout).toContain('copse compare --checks --html report.html\n');
  expect((await person.copse(['compare', '--checks', '--md'])).stdout).toContain('Checks and metrics are those of variants.yaml');

  const old = compared(await person.copse(['compare', '--json']));
  expect(old.checksFrom).toBeNull();
  expect(old.variants.map(({ checks }) => checks.map(({ name }) => name))).toEqual([['test'], ['test']]);
  expect(await readFile(person.paths().plan, 'utf8')).toBe(plan);
  expect(await readFile(person.paths().events, 'utf8')).toBe(events);
  expect(await person.fingerprint()).toEqual(before);
});

test('set-up, protected files and the environment are those of the file too', async () => {
  const person = await wronglyChecked({
    setup: ['mkdir -p ignored && echo installed > ignored/tool'],
    protect: ['readme.md'],
    defaults: { env: { SIDE: 'left-{run}' } },
    verify: { tool: 'grep -q installed ignored/tool', env: 'test "$SIDE" = left-ui', readme: 'grep -q app readme.md' },
  });
  await person.approve(['run']);
  const { variants } = compared(await person.copse(['compare', '--checks', '--json']));
  for (const { checks } of variants) expect(checks.map(({ status }) => status)).toEqual(['passed', 'passed', 'passed']);
});

test('an agent gets no hash to approve with, and a file that says the same asks nothing', async () => {
  const person = await wronglyChecked({ verify: { test: 'test -d nowhere' } });
  const same = await person.copse(['compare', '--checks', 'dark'], { env: { CLAUDECODE: '1' } });
  expect(same.exit, same.stderr).toBe(0);
  expect(same.stderr).toContain('variants.yaml checks what run ui did.');
  await person.write('variants.yaml', variantsYaml(['dark', 'light'], { verify: { test: 'touch ran' } }));
  const other = await person.copse(['compare', '--checks'], { env: { CLAUDECODE: '1' } });
  expect(other.exit).toBe(3);
  expect(`${other.stdout}${other.stderr}`).not.toMatch(/[0-9a-f]{64}/);
});

describe('where the file cannot say', () => {
  test('it is gone, or another is named', async () => {
    const person = await wronglyChecked(CORRECTED);
    await rename(join(person.repo, 'variants.yaml'), join(person.repo, 'other.yaml'));
    const gone = await person.copse(['compare', '--checks']);
    expect(gone.exit).toBe(2);
    expect(flat(gone.stderr)).toContain('copse compare --checks -f');
    const none = await person.copse(['compare', '--checks', '-f', 'none.yaml']);
    expect(none.exit).toBe(2);
    expect(none.stderr).toContain('none.yaml');
    const plan = JSON.parse((await person.copse(['plan', '--json', '-f', 'other.yaml'])).stdout) as PlanJson;
    const ended = await person.copse(['compare', '--checks', '-f', 'other.yaml', '--trust', plan.trust?.hash ?? '']);
    expect(ended.exit, ended.stderr).toBe(0);
    expect(ended.stdout).toContain('copse merge light --checks -f other.yaml\n');
  });

  test('a run that came from another file is checked by that one', async () => {
    const person = await Person.create({ claude: WRITES_A_FILE });
    await person.write('mine.yaml', variantsYaml(['dark'], { verify: { test: 'false' } }));
    const trust = async (): Promise<string> =>
      (JSON.parse((await person.copse(['plan', '--json', '-f', 'mine.yaml'])).stdout) as PlanJson).trust?.hash ?? '';
    await person.copse(['run', '-f', 'mine.yaml', '--trust', await trust()]);
    expect(await person.outcomes()).toEqual({ dark: 'succeeded' });
    await person.write('mine.yaml', variantsYaml(['dark'], { verify: { test: 'true' } }));
    const ended = await person.copse(['compare', '--checks', '--json', '--trust', await trust()]);
    expect(compared(ended)).toMatchObject({ checksFrom: 'mine.yaml', variants: [{ checks: [{ status: 'passed' }] }] });
    await rm(join(person.repo, 'mine.yaml'));
    const gone = await person.copse(['compare', '--checks']);
    expect(gone.exit).toBe(2);
    expect(flat(gone.stderr)).toContain('mine.yaml, the variants file of run ui, is not there any more.');
  });

  test('a variant is not in it any more', async () => {
    const person = await wronglyChecked(CORRECTED);
    await person.write('variants.yaml', variantsYaml(['light', 'new'], CORRECTED));
    await person.approve(['run']);
    const missing = await person.copse(['compare', '--checks']);
    expect(missing.exit).toBe(2);
    expect(missing.stderr).toContain('variants.yaml has no variant dark, which run ui has.');
    const ended = await person.copse(['compare', '--checks', '--json', 'light']);
    expect(compared(ended).variants).toMatchObject([{ name: 'light', checks: [{ status: 'passed' }, { status: 'passed' }] }]);
  });

  test('it has a mistake in what concerns checks, and only then', async () => {
    const person = await wronglyChecked({ ...CORRECTED, protect: ['nothing/like/this'] });
    await person.approve(['run']);
    const ended = await person.copse(['compare', '--checks']);
    expect(ended.exit).not.toBe(0);
    expect(ended.stderr).toContain('nothing/like/this');
    await person.write('variants.yaml', variantsYaml(['dark', 'light'], CORRECTED));
    await person.approve(['run']);
    await fakeClaude(join(person.repo, '../bin'), 'process.exit(1);');
    await rm(join(person.repo, '../bin/claude'));
    expect((await person.copse(['compare', '--checks'])).exit).toBe(0);
  });

  test('options that need --checks say so', async () => {
    const person = await wronglyChecked(CORRECTED);
    for (const words of [
      ['-f', 'variants.yaml'],
      ['--trust', 'x'],
    ]) {
      expect((await person.copse(['compare', ...words])).exit).toBe(2);
      expect((await person.copse(['merge', 'light', ...words])).exit).toBe(2);
    }
    expect((await person.copse(['merge', 'light', '--checks', '--no-verify'])).exit).toBe(2);
  });
});

describe('merge', () => {
  test('takes the same checks, and nothing runs that compare has run', async () => {
    const person = await wronglyChecked(
      { verify: { test: 'echo "$COPSE_VARIANT" >> "$HOME/ran"; test ! -e dark.txt' } },
      { verify: { test: './nowhere.sh' } },
    );
    const stale = await person.copse(['merge', 'light']);
    expect(stale.exit).toBe(1);
    expect(stale.stderr).toContain('copse merge light --checks\n');
    expect(stale.stderr).not.toContain('copse retry');
    const refused = await person.copse(['merge', 'light', '--checks']);
    expect(refused.exit).toBe(3);
    expect(refused.stderr).toMatch(/copse merge light --checks --trust [0-9a-f]{64}/);
    await person.approve(['run']);
    expect((await person.copse(['compare', '--checks'])).exit).toBe(0);
    const ran = async () => (await readFile(join(person.home, 'ran'), 'utf8')).trim().split('\n').toSorted();
    expect(await ran()).toEqual(['_base', 'dark', 'light']);
    const dark = await person.copse(['merge', 'dark', '--checks', '--dry-run']);
    expect(dark.exit).toBe(1);
    expect(dark.stderr).toContain('test fails on the result');
    const light = await person.copse(['merge', 'light', '--checks', '--json']);
    expect(light.exit, light.stderr).toBe(0);
    expect((JSON.parse(light.stdout) as MergeJson).landed).toMatchObject([{ checks: [{ name: 'test', status: 'passed' }] }]);
    expect(await ran()).toEqual(['_base', 'dark', 'light']);
    expect(await readdir(person.repo)).toContain('light.txt');
  });
});
