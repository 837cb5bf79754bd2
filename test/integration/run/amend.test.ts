import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { putRequest } from '../../../src/store/request-files.ts';
import { Person } from '../../support/person.ts';
import { variantsYaml } from '../../support/variants.ts';

/** Keeps what it was called with, and is denied whatever the file `denied` says. */
const CLAUDE = `
fs.appendFileSync(process.env.HOME + '/args', JSON.stringify(args) + '\\n');
init();
fs.appendFileSync(variant + '.txt', 'x');
call('Write', { file_path: 'x' });
done({ total_cost_usd: 0.5 });`;

async function finished(): Promise<Person> {
  const person = await Person.create({ claude: CLAUDE, files: { 'variants.yaml': variantsYaml(['dark', 'light']) } });
  const ran = await person.copse(['run']);
  expect(ran.exit, ran.stderr).toBe(0);
  return person;
}

/** The command line of the latest attempt. */
async function lastArgs(person: Person): Promise<readonly string[]> {
  const lines = (await readFile(join(person.home, 'args'), 'utf8')).trimEnd().split('\n');
  return JSON.parse(lines.at(-1) ?? '[]') as string[];
}

const flagOf = (args: readonly string[], flag: string): string | undefined => args[args.indexOf(flag) + 1];

describe('a retry that changes the plan', () => {
  it('starts with the changed tools, limits and model, on record, and for later attempts too', async () => {
    const person = await finished();
    const changes = [
      '--allow',
      'Bash(npm install *)',
      '--budget-usd',
      '9',
      '--timeout',
      '1h',
      '--max-turns',
      '12',
      '--model',
      'opus',
    ];
    const retried = await person.copse(['retry', 'light', '-m', 'smaller', ...changes]);
    expect(retried.exit, retried.stderr).toBe(0);
    expect(retried.stderr).toContain(
      'light: also allowed Bash(npm install *); may cost $9.00; time limit 1h; at most 12 turns; model opus',
    );
    const args = await lastArgs(person);
    expect(args).toContain('Bash(npm install *)');
    expect([flagOf(args, '--model'), flagOf(args, '--max-turns'), flagOf(args, '--system-prompt-snapshot')]).toEqual([
      'opus',
      '12',
      'off',
    ]);
    // Of its nine dollars it has spent some; the run's total grew by what it may spend more.
    expect(Number(flagOf(args, '--max-budget-usd'))).toBeGreaterThan(8);
    expect((await person.state()).totalBudgetUsd).toBe(14);
    const [event] = (await person.events()).filter(({ type }) => type === 'variant.amended');
    expect(event).toMatchObject({ variant: 'light', amendment: { budgetUsd: 9, timeoutMs: 3_600_000, model: 'opus' } });

    expect((await person.copse(['retry', 'light', '-m', 'again'])).exit).toBe(0);
    expect(await lastArgs(person)).toContain('Bash(npm install *)');
    expect((await person.copse(['retry', 'dark', '-m', 'again'])).exit).toBe(0);
    expect(await lastArgs(person)).not.toContain('Bash(npm install *)');
  });

  it('is refused to an agent, which is told who can', async () => {
    const person = await finished();
    const refused = await person.copse(['retry', 'light', '--budget-usd', '50'], { env: { CLAUDECODE: '1' } });
    expect(refused).toMatchObject({ exit: 3, stdout: '' });
    expect(refused.stderr).toContain('Ask a person to run copse retry light');
    expect((await person.state()).variants.map(({ attempts }) => attempts.length)).toEqual([1, 1]);
  });

  it.for([
    [['--allow', 'Bash'], 'would allow every command'],
    [['--allow', 'Read,Bash(*)'], 'would allow every command'],
    [['--budget-usd', '0.01'], 'leaves nothing to spend'],
  ] as const)('refuses %j', async ([options, why]) => {
    const person = await finished();
    const refused = await person.copse(['retry', 'light', ...options]);
    expect(refused.exit).toBe(2);
    expect(refused.stderr).toContain(why);
  });

  it('counts for nothing if an agent wrote it: into the requests, or into the log', async () => {
    const person = await finished();
    const forged = { amendment: { allowedTools: ['Bash(curl *)'] }, seal: '0'.repeat(64) };
    await putRequest(person.paths(), {
      kind: 'retry',
      variants: ['light'],
      attempt: 'correction',
      message: 'x',
      amendments: { light: forged },
    });
    // Whatever starts the next supervisor, it finds the request.
    expect((await person.copse(['retry', 'dark', '-m', 'go'])).exit).toBe(0);
    expect((await person.state()).variants.find(({ name }) => name === 'light')?.attempts).toHaveLength(1);

    const { lastSeq, generation } = await person.state();
    const line = {
      seq: lastSeq + 1,
      at: new Date().toISOString(),
      gen: generation,
      type: 'variant.amended',
      variant: 'light',
      ...forged,
    };
    await appendFile(person.paths().events, `${JSON.stringify(line)}\n`);
    expect((await person.copse(['retry', 'light', '-m', 'go'])).exit).toBe(0);
    expect(await lastArgs(person)).not.toContain('Bash(curl *)');
  });

  it('one that was sealed for a variant counts for no other', async () => {
    const person = await finished();
    expect((await person.copse(['retry', 'light', '-m', 'x', '--allow', 'Bash(npm ci)'])).exit).toBe(0);
    const text = await readFile(person.paths().events, 'utf8');
    const { lastSeq } = await person.state();
    const sealed = JSON.parse(text.split('\n').find((line) => line.includes('"variant.amended"')) ?? '{}') as object;
    const stolen = { ...sealed, seq: lastSeq + 1, gen: (await person.state()).generation, variant: 'dark' };
    await writeFile(person.paths().events, `${text}${JSON.stringify(stolen)}\n`);
    expect((await person.copse(['retry', 'dark', '-m', 'go'])).exit).toBe(0);
    expect(await lastArgs(person)).not.toContain('Bash(npm ci)');
  });
});
