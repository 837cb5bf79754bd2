import { describe, expect, it } from 'vitest';
import { Person } from '../../support/person.ts';

/** As long as a specification that somebody pasted. */
const LONG = 'Make the theme calm and readable. '.repeat(3_500);

const CLAUDE = `init();
for (let n = 0; n < 300; n += 1) fs.writeFileSync(variant + '-' + n + '.txt', 'x\\n');
call('Write', { file_path: 'x' });
done({ result: 'Done. ' + 'All of it. '.repeat(20000) });`;

const bytes = (text: string): number => Buffer.byteLength(text);

describe('JSON for agents', () => {
  it('is small, whatever the prompt: plan, run, status, wait, retry, compare', async () => {
    expect(bytes(LONG)).toBeGreaterThan(100_000);
    const person = await Person.create({
      claude: CLAUDE,
      files: { 'variants.yaml': `name: ui\nprompt: ${LONG}\nvariants: {dark: ${LONG}, light: As light., calm: As calm.}\n` },
    });
    const plan = await person.copse(['plan', '--json']);
    expect(bytes(plan.stdout)).toBeLessThan(16_000);
    expect(bytes((await person.copse(['plan', '--json', '--full'])).stdout)).toBeGreaterThan(300_000);

    const started = await person.copse(['run', '--detach', '--json']);
    expect(started.exit, started.stderr).toBe(0);
    const run = JSON.parse(started.stdout) as { next: { command: string; spends: boolean }[] };
    expect(run).toMatchObject({ schema: 1, run: 'ui', variants: ['dark', 'light', 'calm'], totalBudgetUsd: 15 });
    expect(run.next[0]).toMatchObject({ command: 'copse wait ui', spends: false });

    const waited = await person.copse(['wait', 'ui', '--json']);
    expect(waited.exit, waited.stderr).toBe(0);
    const status = await person.copse(['status', 'ui', '--json']);
    for (const { stdout } of [waited, status]) {
      expect(bytes(stdout)).toBeLessThan(2_000);
      expect(JSON.parse(stdout)).toMatchObject({
        truncated: false,
        runs: [
          { id: 'ui', state: 'finished', variants: [{ name: 'dark', outcome: 'succeeded', changes: { files: 300 } }, {}, {}] },
        ],
      });
    }
    const full = JSON.parse((await person.copse(['status', 'ui', '--json', '--full'])).stdout) as {
      runs: { variants: object[] }[];
    };
    expect(full.runs[0]?.variants[0]).toHaveProperty('worktree');
    expect(bytes((await person.copse(['compare', '--json'])).stdout)).toBeLessThan(300_000);

    const again = await person.copse(['retry', 'light', '-m', 'Smaller.', '--detach', '--json']);
    expect(JSON.parse(again.stdout)).toMatchObject({ schema: 1, run: 'ui', variants: ['light'] });
    expect((await person.copse(['wait', 'ui'])).exit).toBe(0);
  });

  it('lists the latest runs only, unless all are asked for', async () => {
    const person = await Person.create({
      claude: `init(); fs.writeFileSync('a.txt', 'x'); call('Write', { file_path: 'x' }); done();`,
      files: { 'variants.yaml': 'name: ui\nprompt: x\nvariants: {dark: As dark.}\n' },
    });
    for (let n = 0; n < 7; n += 1) expect((await person.copse(['run'])).exit).toBe(0);
    const ids = async (...options: string[]): Promise<string[]> =>
      (JSON.parse((await person.copse(['status', '--json', ...options])).stdout) as { runs: { id: string }[] }).runs.map(
        ({ id }) => id,
      );
    expect(await ids()).toEqual(['ui-3', 'ui-4', 'ui-5', 'ui-6', 'ui-7']);
    expect(await ids('--all')).toHaveLength(7);
  });

  it('says what init wrote', async () => {
    const person = await Person.create({ files: { 'package-lock.json': '{}', 'package.json': '{"scripts":{"test":"x"}}' } });
    const made = await person.copse(['init', '--json']);
    expect(JSON.parse(made.stdout)).toMatchObject({
      schema: 1,
      written: ['variants.yaml', '.worktreerc'],
      kept: null,
      read: ['package-lock.json', 'package.json'],
      next: [{ command: 'copse plan' }],
    });
    const again = JSON.parse((await person.copse(['init', '--force', '--json'])).stdout) as object;
    expect(again).toMatchObject({ written: ['variants.yaml'], kept: expect.stringContaining('variants'), keptSettings: true });
  });
});
