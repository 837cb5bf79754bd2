import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Person } from '../../support/person.ts';
import { variantsYaml } from '../../support/variants.ts';

/** The bug: `sum` subtracts. `honest` fixes it, `cheat` only takes the test away, `idle` adds a note, `loud` fixes it in many lines. */
const WORKS = `
init();
const fixed = 'exports.sum = (a, b) => a + b;\\n';
if (variant === 'honest') fs.writeFileSync('sum.js', fixed);
if (variant === 'loud') fs.writeFileSync('sum.js', '// '.repeat(9) + '\\n'.repeat(30) + fixed);
if (variant === 'cheat') fs.writeFileSync('test.js', '');
if (variant === 'idle') fs.writeFileSync('note.txt', 'hm');
call('Write', { file_path: 'x' }); done();
`;
const FILES = {
  'sum.js': 'exports.sum = (a, b) => a - b;\n',
  'test.js': "require('node:assert').equal(require('./sum.js').sum(1, 2), 3);\n",
};

async function fixing(...variants: string[]): Promise<Person> {
  const top = { verify: { test: { run: 'node test.js', tests: ['test.js'] } } };
  return Person.create({ claude: WORKS, files: { ...FILES, 'variants.yaml': variantsYaml(variants, top) } });
}

/** Commands of these verbs that a text proposes. */
function proposed(text: string, verbs = 'merge|prune'): string[] {
  return text.split('\n').flatMap((line) => new RegExp(`copse (?:${verbs}).*`).exec(line)?.[0] ?? []);
}

async function everywhere(made: Person): Promise<string[][]> {
  const [bare, wait, compare] = [await made.copse([]), await made.copse(['wait']), await made.copse(['compare'])];
  return [bare, wait, compare].map(({ stdout }) => proposed(stdout));
}

describe('what is proposed', () => {
  it('is the best by the ranking, and after it is merged to clear away', async () => {
    const made = await fixing('idle', 'cheat', 'loud', 'honest');
    const ran = await made.approved(['run']);
    expect(proposed(ran.stdout), ran.stdout + ran.stderr).toEqual(['copse merge honest']);
    expect(await everywhere(made)).toEqual([['copse merge honest'], ['copse merge honest'], ['copse merge honest']]);
    expect((await made.copse(['merge', 'honest'])).exit).toBe(0);
    // `loud` conflicts with what was merged, `cheat` passes by its own test alone.
    for (const commands of await everywhere(made)) {
      expect(commands).toContain('copse prune');
      expect(commands).not.toContain('copse merge loud');
      expect(commands).not.toContain('copse merge cheat');
      expect(commands).not.toContain('copse merge honest');
    }
  });

  it('is nothing whose branch is gone, or that is on the target by other means', async () => {
    const made = await fixing('honest', 'idle');
    await made.approved(['run']);
    await made.git('worktree', 'remove', '--force', `${made.repo}.worktrees/ui-honest`);
    await made.git('branch', '-D', 'ui/honest');
    expect((await everywhere(made))[0]).toEqual(['copse merge idle']);
    await made.git('merge', '-q', 'ui/idle');
    expect(proposed((await made.copse([])).stdout, 'merge')).toEqual([]);
  });

  it('is nothing whose need is not to be had, and else both in order', async () => {
    const made = await Person.create({
      claude: `init(); fs.writeFileSync(variant + '.txt', ''); call('Write', { file_path: 'x' }); done();`,
      files: { 'variants.yaml': variantsYaml({ ground: {}, top: { needs: ['ground'] } }) },
    });
    await made.copse(['run']);
    await made.copse(['merge', 'ground']);
    expect(proposed((await made.copse([])).stdout, 'merge')).toEqual(['copse merge top']);
    await made.copse(['undo', ...made.lastOperation()]);
    await made.git('worktree', 'remove', '--force', `${made.repo}.worktrees/ui-ground`);
    await made.git('branch', '-D', 'ui/ground');
    expect(proposed((await made.copse([])).stdout, 'merge')).toEqual([]);
  });
});

describe('what is said of a run', () => {
  it('in which nothing succeeded is that, not "done"', async () => {
    const made = await Person.create({
      claude: `init(); done({ is_error: true, subtype: 'error_during_execution', result: 'boom' });`,
      files: { 'variants.yaml': variantsYaml(['dark']) },
    });
    await made.copse(['run']);
    const { stdout } = await made.copse(['status']);
    expect(stdout).toMatch(/^ui {2}nothing succeeded /);
    expect(stdout).not.toContain('done');
  });

  it('whose checks could not run on the base comes first, with what to do', async () => {
    const made = await Person.create({
      claude: `init(); fs.writeFileSync(variant + '.txt', ''); call('Write', { file_path: 'x' }); done();`,
      files: { 'variants.yaml': variantsYaml(['dark', 'light'], { verify: { test: './no-such-script' } }) },
    });
    const ran = await made.approved(['run']);
    expect(ran.exit).toBe(1);
    expect(ran.stdout).toMatch(/^ui {2}0 of 2 succeeded .*\n\n {2}The check test could not run on the base/);
    expect(ran.stdout.replaceAll(/\s+/g, ' ')).toContain(
      'Install what the check needs, or add the command that installs it to `setup:`',
    );
    expect(proposed(ran.stdout, 'merge|retry')).toEqual([]);
    const waited = await made.copse(['wait']);
    expect(waited.stdout).toContain('could not run on the base');
    const { runs } = JSON.parse((await made.copse(['wait', '--json', '--full'])).stdout) as {
      runs: { variants: { retryHelps: boolean; checks: { name: string; standing: string; onBase: string }[] }[] }[];
    };
    for (const { retryHelps, checks } of runs[0]?.variants ?? []) {
      expect(retryHelps).toBe(false);
      expect(checks).toMatchObject([{ name: 'test', standing: 'unknown', onBase: 'could-not-run' }]);
    }
  });

  it('names denied calls with the line that allows them, and that a retry would not help', async () => {
    const denial = `{ tool_name: 'Bash', tool_use_id: 't', tool_input: { command: 'npm install zod' } }`;
    const made = await Person.create({
      claude: `init(); done({ permission_denials: [${denial}] });`,
      files: { 'variants.yaml': variantsYaml(['dark']) },
    });
    await made.copse(['run']);
    expect(await made.outcomes()).toEqual({ dark: 'blocked' });
    const { runs } = JSON.parse((await made.copse(['status', '--json'])).stdout) as {
      runs: { variants: { retryHelps: boolean; next: string | null; denials: { allow: string | null }[] }[] }[];
    };
    expect(runs[0]?.variants[0]).toMatchObject({
      retryHelps: false,
      next: null,
      denials: [{ allow: 'allowedTools: ["Bash(npm install *)"]' }],
    });
    for (const verb of ['status', 'wait']) expect((await made.copse([verb])).stdout).toContain('To allow: allowedTools:');
  });
});

describe('retry', () => {
  it('exits by what became of the one that is named, not of the others', async () => {
    const made = await Person.create({
      claude: `init(); if (variant === 'other' || !fs.existsSync(process.env.HOME + '/go')) { done({ is_error: true, subtype: 'error_during_execution', result: 'boom' }); } else { fs.writeFileSync('hr.txt', ''); call('Write', { file_path: 'x' }); done(); }`,
      files: { 'variants.yaml': variantsYaml(['hr', 'other']) },
    });
    expect((await made.copse(['run'])).exit).toBe(1);
    expect((await made.copse(['retry', 'hr'])).exit).toBe(1);
    await writeFile(join(made.home, 'go'), '');
    const retried = await made.copse(['retry', 'hr']);
    expect(retried.exit, retried.stdout + retried.stderr).toBe(0);
    expect(await made.outcomes()).toEqual({ hr: 'succeeded', other: 'failed' });
  });
});

describe('merge', () => {
  it('of what is red on both sides says so by name', async () => {
    const made = await fixing('idle');
    await made.approved(['run']);
    const merged = await made.copse(['merge', 'idle']);
    expect(merged.exit, merged.stderr).toBe(0);
    expect(merged.stdout).toContain('test fails on main too.');
  });
});
