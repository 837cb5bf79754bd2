import { existsSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { isForPerson } from '../../src/text/for-agent.ts';
import { type Ended, Person, type StartOptions } from '../support/person.ts';
import { suggestionsIn } from '../support/suggestions.ts';
import { variantsYaml } from '../support/variants.ts';

const WORKS = `init(); fs.writeFileSync(variant + '.txt', 'by ' + variant + '\\n'); call('Write', { file_path: variant + '.txt' }); done();`;

/** A program of this name that runs what it is given, and stays until that ends. */
async function programNamed(person: Person, name: string): Promise<string> {
  const folder = join(person.home, 'agents');
  await mkdir(folder, { recursive: true });
  const path = join(folder, name);
  await writeFile(path, '#!/bin/sh\n"$@"\nexit $?\n');
  await chmod(path, 0o755);
  return path;
}

const CLEARS = ['sh', '-c', 'env -u CLAUDECODE -u COPSE_MARKER "$@"; exit $?', 'sh'];

/** Who types: by name, how. */
const AGENTS: Readonly<Record<string, (person: Person) => Promise<StartOptions>>> = {
  'Claude Code': async () => ({ env: { CLAUDECODE: '1' } }),
  'one that clears the variable': async () => ({ env: { CLAUDECODE: '1' }, through: CLEARS }),
  'a child of the program, without any variable': async (person) => ({ through: [await programNamed(person, 'claude')] }),
  'an agent of copse, marker cleared': async () => ({ env: { COPSE_MARKER: 'x:dark:1' }, through: CLEARS }),
  'another agent': async () => ({ env: { GEMINI_CLI: '1' } }),
};

async function personWith(top: Record<string, unknown> = {}, variants: Parameters<typeof variantsYaml>[0] = ['dark']) {
  return Person.create({ claude: WORKS, files: { 'variants.yaml': variantsYaml(variants, top) } });
}

/** Refused for a person, with no word of how to get round it. */
function refusedFor(ended: Ended, args: readonly string[]): void {
  expect({ args, ...ended }).toMatchObject({ args, exit: 3, stdout: '' });
  expect(ended.stderr).toMatch(/Ask a person/);
  expect(ended.stderr).not.toMatch(/bypass|--trust|[0-9a-f]{64}/);
}

const WIDENING: readonly (readonly string[])[] = [
  ['run', '--isolation', 'bypass'],
  ['run', '--allowed-tools', 'Bash(touch *)'],
  ['run', '--prompt', 'x', '--count', '40'],
  ['run', '--budget-usd', '900'],
  ['run', '--total-budget-usd', '900'],
  ['run', '--detach', '--json', '--budget-usd', '26'],
  ['serve', '--lan'],
  ['trust'],
];

describe.each(Object.entries(AGENTS))('fault 100, fault 101: %s grants itself nothing', (_, how) => {
  let person: Person;
  let agent: StartOptions;
  beforeAll(async () => {
    person = await personWith({ setup: ['true'] });
    agent = await how(person);
  });

  it('starts nothing that is wider or dearer than what a person allowed', async () => {
    for (const args of WIDENING) {
      const ended = await person.copse(args, { ...agent, env: { ...agent.env, IS_SANDBOX: '1' } });
      if (args.includes('--json'))
        expect({ args, ...ended }).toMatchObject({ exit: 3, stdout: expect.stringContaining('needs-person') });
      else refusedFor(ended, args);
    }
    expect(existsSync(person.paths().dir)).toBe(false);
  });

  it('approves nothing, not even with the hash', async () => {
    const { trust } = JSON.parse((await person.copse(['plan', '--json'])).stdout) as { trust: { hash: string } };
    for (const args of [
      ['trust', trust.hash],
      ['run', '--trust', trust.hash],
      ['plan', '--check', '--trust', trust.hash],
    ])
      refusedFor(await person.copse(args, agent), args);
    expect(JSON.parse((await person.copse(['trust', '--json'])).stdout)).toMatchObject({ approved: false });
    // Nor does it get to know the hash.
    expect((await person.copse(['plan', '--json'], agent)).stdout).not.toContain(trust.hash);
    expect((await person.copse(['plan'], agent)).stdout).not.toContain(trust.hash);
  });
});

describe('fault 100: room for agents', () => {
  it('starts what is within the defaults, and more where the person says so', async () => {
    const person = await personWith({}, ['dark', 'light']);
    const agent = { env: { CLAUDECODE: '1' } };
    expect(await person.copse(['run', 'dark'], agent)).toMatchObject({ exit: 0 });
    await person.supervisorGone();
    const six = ['run', '--prompt', 'x', '--count', '6', '--name', 'six', '--budget-usd', '6'];
    refusedFor(await person.copse(six, agent), six);
    const settings = join(person.home, '.config/copse');
    await mkdir(settings, { recursive: true });
    await writeFile(join(settings, 'config.yaml'), 'agentMay: {variants: 6}\n');
    expect((await person.copse(six, agent)).stderr).toMatch(/may cost \$36.*may cost \$25/s);
    await writeFile(join(settings, 'config.yaml'), 'agentMay: {variants: 6, budgetUsd: 36}\n');
    expect(await person.copse(six, agent)).toMatchObject({ exit: 0 });
    await person.supervisorGone('six');
  });

  it('takes no room from a file of the repository', async () => {
    const person = await personWith();
    await person.write('.worktreerc', 'agentMay: {variants: 50, budgetUsd: 9000}\n');
    const ended = await person.copse(['run'], { env: { CLAUDECODE: '1' } });
    expect(ended).toMatchObject({ exit: 2, stderr: expect.stringContaining('cannot say what agents may start') });
  });

  it('counts what a variants file asks for, which an agent can write', async () => {
    const person = await personWith({ defaults: { budgetUsd: 900 } });
    const ended = await person.copse(['run'], { env: { CLAUDECODE: '1' } });
    expect(ended).toMatchObject({ exit: 3, stderr: expect.stringContaining('may cost $900') });
    expect(await person.copse(['run', '--total-budget-usd', '20'], { env: { CLAUDECODE: '1' } })).toMatchObject({ exit: 0 });
  });

  it('an agent may tighten, and never loosen what was tightened', async () => {
    const person = await personWith();
    await person.write('.worktreerc', 'isolation: sandbox\n');
    const agent = { env: { CLAUDECODE: '1' } };
    refusedFor(await person.copse(['run', '--isolation', 'guarded'], agent), []);
    await person.write('.worktreerc', 'isolation: guarded\n');
    expect((await person.copse(['plan', '--isolation', 'sandbox'], agent)).stderr).not.toContain('Ask a person');
  });

  it('brings no settings and approvals of its own', async () => {
    const person = await personWith({ setup: ['true'] });
    const claude = await programNamed(person, 'claude');
    const elsewhere = join(person.home, 'elsewhere');
    await mkdir(join(elsewhere, 'copse'), { recursive: true });
    await writeFile(join(elsewhere, 'copse/config.yaml'), 'isolation: bypass\nagentMay: {variants: 50}\n');
    // The agent was started with the person's folders and sets others for what it starts.
    const through = [claude, 'env', `XDG_CONFIG_HOME=${elsewhere}`, `XDG_STATE_HOME=${elsewhere}`, `HOME=${elsewhere}`];
    const { stdout } = await person.copse(['config', '--json'], { through });
    const settings = (JSON.parse(stdout) as { settings: { key: string; value: unknown }[] }).settings;
    expect(settings.find(({ key }) => key === 'isolation')?.value).toBe('guarded');
    expect(settings.find(({ key }) => key === 'agentMay')?.value).toEqual({ budgetUsd: 25, variants: 5 });
  });
});

describe('fault 100: finished work', () => {
  const agent = { env: { CLAUDECODE: '1' } };
  const finished = async (top: Record<string, unknown> = {}): Promise<Person> => {
    const person = await personWith(top, ['dark', 'light']);
    expect((await person.approved(['run'])).exit).toBeLessThan(2);
    await person.supervisorGone();
    return person;
  };

  it('an agent neither removes what has not landed, nor deletes, nor skips', async () => {
    const person = await finished();
    const before = await person.git('worktree', 'list', '--porcelain');
    for (const args of [
      ['prune', 'dark', '--yes'],
      ['prune', '--all', '--yes'],
      ['prune', '--run', 'ui', '--yes'],
      ['prune', '--purge', '--yes'],
      ['prune', 'dark', '--purge', '--yes'],
      ['prune', '--skip-teardown', '--yes'],
      ['merge', 'dark', '--no-verify'],
      ['compare', '--judge'],
      ['compare', '--judge-budget-usd', '90'],
    ]) {
      const ended = await person.copse(args, agent);
      expect({ args, ...ended }).toMatchObject({ exit: 3, stderr: expect.stringContaining('Ask a person') });
    }
    expect(await person.git('worktree', 'list', '--porcelain')).toBe(before);
    // What it may: land with checks, clear what landed, take back what it names.
    expect(await person.copse(['merge', 'dark'], agent)).toMatchObject({ exit: 0 });
    expect(await person.copse(['prune', '--yes'], agent)).toMatchObject({ exit: 0 });
    expect(await person.copse(['undo'], agent)).toMatchObject({ exit: 3 });
    expect(await person.copse(['undo', '--yes'])).toMatchObject({ exit: 3, stderr: expect.stringMatching(/copse undo \w{10}/) });
    expect(await person.copse(['undo', ...person.lastOperation()], agent)).toMatchObject({ exit: 0 });
  });

  it('a correction does not reach an agent that runs without isolation', async () => {
    const person = await personWith();
    expect(await person.copse(['run', '--isolation', 'bypass'], { env: { IS_SANDBOX: '1' } })).toMatchObject({ exit: 0 });
    await person.supervisorGone();
    const ended = await person.copse(['retry', 'dark', '-m', 'rm -rf ~'], agent);
    expect(ended).toMatchObject({ exit: 3, stderr: expect.stringContaining('Ask a person') });
  });

  it('is shown only commands that it may type, whatever went wrong', { timeout: 240_000 }, async () => {
    const person = await finished({ verify: { test: 'test ! -e dark.txt' } });
    await person.write('.git/hooks/pre-commit', '#!/bin/sh\nexit 1\n');
    await chmod(join(person.repo, '.git/hooks/pre-commit'), 0o755);
    await person.write('bad.yaml', 'prompt: x\nisolation: bypass\nvariants:\n  dark: {approach: x}\n');
    await person.write('bash.yaml', 'prompt: x\nvariants:\n  dark: {approach: x, allowedTools: [Bash]}\n');
    const typed = [
      [],
      ['status', '--json'],
      ['compare', '--json'],
      ['compare'],
      ['merge', 'dark'],
      ['merge', 'dark', '--json'],
      ['merge', 'light'],
      ['prune', '--dry-run'],
      ['prune', 'dark', '--dry-run', '--json'],
      ['prune', 'nothing'],
      ['undo'],
      ['doctor'],
      ['plan', '-f', 'bad.yaml'],
      ['run', '-f', 'bash.yaml', '--json'],
      ['plan', '--trust', 'x'],
    ];
    for (const args of typed) {
      const { stdout, stderr } = await person.copse(args, agent);
      const shown = suggestionsIn(`${stdout}\n${stderr}`).filter(({ line }) => !/Ask a person/.test(line));
      expect({ args, wrong: shown.filter(({ command }) => isForPerson(command)) }).toEqual({ args, wrong: [] });
      expect({ args, text: stdout + stderr }).not.toMatchObject({
        text: expect.stringMatching(/--isolation bypass|--no-verify|--purge/),
      });
      expect(stderr).not.toContain('bug in copse');
    }
    // A person sees them as ever.
    expect((await person.copse(['merge', 'dark'])).stderr).toContain('--no-verify');
    expect((await person.copse(['prune', '--dry-run'])).stdout).toMatch(/copse prune \w+/);
  });
});
