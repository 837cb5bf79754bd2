import { existsSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WRITES_A_FILE } from '../../support/fake-claude.ts';
import { type Ended, Person } from '../../support/person.ts';
import { interruptedAt } from '../../support/slow-git.ts';
import { variantsYaml } from '../../support/variants.ts';

/** Waits for ever once a file says so, and then in one place only: `$HOME/wait` names the variant. */
const waits = (step: string): string =>
  `if [ "$(cat "$HOME/wait-${step}" 2>/dev/null)" = "$COPSE_VARIANT" ]; then touch "$HOME/waits"; sleep 600; fi`;

const TOP = {
  setup: [waits('setup')],
  verify: { first: 'test ! -e nothing', test: `${waits('check')}; true` },
  metrics: { size: { run: `${waits('metric')} >&2; echo 4`, goal: 'min' } },
};

async function person(top: Record<string, unknown> = TOP): Promise<Person> {
  const made = await Person.create({ claude: WRITES_A_FILE, files: { 'variants.yaml': variantsYaml(['dark', 'light'], top) } });
  const ran = await made.approved(['run']);
  expect(ran.exit, ran.stderr).toBe(0);
  return made;
}

/** `copse compare` that gets Ctrl-C, as a terminal sends it to all of its processes, once `there`. */
async function interrupted(made: Person, args: readonly string[], there: () => boolean, env = {}): Promise<Ended> {
  const { child, ended } = made.start(['compare', ...args], { group: true, env });
  await expect.poll(there, { timeout: 30_000 }).toBe(true);
  process.kill(-(child.pid ?? 0), 'SIGINT');
  return ended;
}

interface Shown {
  readonly stopped: boolean;
  readonly variants: readonly {
    readonly name: string;
    readonly checks: readonly { readonly name: string; readonly status: string; readonly standing: string }[];
    readonly metrics: readonly { readonly value: number | null; readonly failure: string | null }[];
  }[];
}

async function stoppedIn(step: string, variant: string): Promise<Shown> {
  const made = await person();
  await writeFile(join(made.home, `wait-${step}`), `${variant}\n`);
  const args = step === 'setup' ? await withoutWarm(made) : ['--fresh'];
  const ended = await interrupted(made, ['--json', ...args], () => existsSync(join(made.home, 'waits')));
  expect(ended.exit, ended.stderr).toBe(130);
  expect(ended.stderr).not.toMatch(/bug|Error/);
  expect(await made.processesInWorktrees()).toEqual([]);
  const shown = JSON.parse(ended.stdout) as Shown;
  expect(shown.stopped).toBe(true);
  return shown;
}

/** No scratch worktree is warm, so that set-up runs again. */
async function withoutWarm(made: Person): Promise<string[]> {
  for (const slot of ['base-0', 'variants-0']) {
    const record = join(made.repo, '.git/copse/v1/scratch', `${slot}.json`);
    if (existsSync(record)) await writeFile(record, '{}');
  }
  return ['--fresh'];
}

const statuses = (shown: Shown, name: string) =>
  shown.variants.find((one) => one.name === name)?.checks.map(({ status }) => status);

describe('Ctrl-C in compare', () => {
  it('while the base is set up: nothing is run, and the table says so', async () => {
    const shown = await stoppedIn('setup', '_base');
    for (const { checks } of shown.variants) {
      expect(checks.map(({ status, standing }) => [status, standing])).toEqual([
        ['skipped', 'unknown'],
        ['skipped', 'unknown'],
      ]);
    }
  });

  it('in a check of the base', async () => {
    const shown = await stoppedIn('check', '_base');
    expect(statuses(shown, 'dark')).toEqual(['skipped', 'skipped']);
  });

  it('in a check of a variant: what was known before holds', async () => {
    const shown = await stoppedIn('check', 'dark');
    expect(statuses(shown, 'dark')).toEqual(['passed', 'skipped']);
  });

  it('in a metric: the checks hold, and what was measured', async () => {
    const shown = await stoppedIn('metric', 'light');
    for (const name of ['dark', 'light']) expect(statuses(shown, name)).toEqual(['passed', 'passed']);
    expect(shown.variants.map(({ metrics }) => metrics[0])).toMatchObject([
      { value: 4, failure: null },
      { value: null, failure: 'Stopped.' },
    ]);
  });

  it.each(['merge-tree', 'diff-tree', 'status', 'cat-file'])('while git is at work (%s)', async (word) => {
    const made = await person();
    const ended = await interruptedAt(made, ['compare', '--fresh'], word);
    expect(ended.exit, ended.stderr).toBe(130);
    expect(ended.stderr).not.toMatch(/bug/);
    if (ended.stdout === '') expect(ended.stderr).toContain('Stopped. Nothing is known yet.');
    else expect(ended.stdout).toContain('unknown');
  });

  it('while the judge thinks: the table is there without it', async () => {
    const made = await person();
    const bin = join(made.home, 'judge');
    await mkdir(bin);
    await writeFile(join(bin, 'claude'), `#!/bin/sh\ntouch "${made.home}/asked"\nexec sleep 600\n`);
    await chmod(join(bin, 'claude'), 0o755);
    const env = { PATH: `${bin}:${made.env['PATH'] ?? ''}` };
    const ended = await interrupted(made, ['--judge'], () => existsSync(join(made.home, 'asked')), env);
    expect(ended.exit, ended.stderr).toBe(130);
    expect(ended.stdout).toMatch(/dark +succeeded +✔ +✔/);
    expect(ended.stdout).toContain('It was stopped.');
    expect(ended.stdout).not.toContain('copse merge');
    expect(ended.stdout).toContain('copse compare dark light');
  });

  it('SIGTERM is 143', async () => {
    const made = await person();
    await writeFile(join(made.home, 'wait-check'), 'dark\n');
    const { child, ended } = made.start(['compare', '--fresh']);
    await expect.poll(() => existsSync(join(made.home, 'waits')), { timeout: 30_000 }).toBe(true);
    child.kill('SIGTERM');
    const { exit, stdout } = await ended;
    expect(exit).toBe(143);
    expect(stdout).toMatch(/dark .*not run/);
  });
});
