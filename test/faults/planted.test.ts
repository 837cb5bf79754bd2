import { existsSync } from 'node:fs';
import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Person } from '../support/person.ts';
import { variantsYaml } from '../support/variants.ts';

/** An agent whose check writes a hook, or changes the one that is there. */
const PLANTS = `init(); fs.writeFileSync(variant + '.txt', 'x\\n'); done();`;

async function ranWith(check: string, before?: (person: Person) => Promise<void>) {
  const person = await Person.create({
    claude: PLANTS,
    files: { 'variants.yaml': variantsYaml(['dark'], { verify: { test: check } }) },
  });
  await before?.(person);
  const ran = await person.approved(['run']);
  expect(ran).toMatchObject({ exit: 0 });
  await person.supervisorGone();
  return { person, ran };
}

const finished = async (check: string, before?: (person: Person) => Promise<void>): Promise<Person> =>
  (await ranWith(check, before)).person;

async function hook(person: Person, text: string): Promise<void> {
  await person.write('.git/hooks/pre-commit', `#!/bin/sh\n${text}\n`);
  await chmod(join(person.repo, '.git/hooks/pre-commit'), 0o755);
}

/** In the shared git directory, from a worktree. */
const hookOf = (text: string): string =>
  `printf '#!/bin/sh\\n${text}\\n' > "$(git rev-parse --git-common-dir)/hooks/pre-commit" && chmod +x "$(git rev-parse --git-common-dir)/hooks/pre-commit"`;

const flat = (text: string): string => text.replaceAll(/\s+/g, ' ');

describe('fault 116: hooks and settings planted by a check', () => {
  it('a new hook is named by the summary, by merge and by doctor, and does not run until the person takes it', async () => {
    const { person, ran } = await ranWith(hookOf('touch "$HOME/ran"; exit 1'));
    expect(flat(ran.stdout)).toContain('Changed while agents worked, so copse does not use it: hook pre-commit');
    const merged = await person.copse(['merge', 'dark', '--dry-run']);
    expect(merged).toMatchObject({ exit: 0, stderr: expect.stringContaining('hook pre-commit. See why: copse doctor') });
    expect(existsSync(join(person.home, 'ran'))).toBe(false);
    const doctor = await person.copse(['doctor']);
    expect(flat(doctor.stdout)).toMatch(
      /hook pre-commit \(new\)\. cat \S+hooks\/pre-commit Put it back, or accept it: copse trust --git/,
    );
    // Neither an agent nor a script without the hash accepts it.
    expect(await person.copse(['trust', '--git'], { env: { CLAUDECODE: '1' } })).toMatchObject({ exit: 3 });
    const asked = await person.copse(['trust', '--git']);
    expect(asked.exit).toBe(3);
    const hash = /copse trust --git ([0-9a-f]{64})/.exec(asked.stderr)?.[1] ?? '';
    expect(await person.copse(['trust', '--git', hash])).toMatchObject({ exit: 0 });
    expect(await person.copse(['merge', 'dark'])).toMatchObject({
      exit: 1,
      stderr: expect.stringContaining('The hook pre-commit refused'),
    });
    expect(existsSync(join(person.home, 'ran'))).toBe(true);
    expect(flat((await person.copse(['doctor'])).stdout)).toMatch(/you changed: hook pre-commit \(new\)/);
  });

  it.each([
    ['changed', hookOf('exit 0')],
    ['removed', 'rm -f "$(git rev-parse --git-common-dir)/hooks/pre-commit"'],
  ])("a hook of the person's that was %s: nothing lands without them", async (change, check) => {
    const person = await finished(check, (one) => hook(one, 'touch "$HOME/guarded"'));
    const merged = await person.copse(['merge', 'dark']);
    expect(merged).toMatchObject({ exit: 3, stderr: expect.stringContaining('copse trust --git') });
    expect(await person.git('log', '--oneline', 'main')).not.toContain('\n');
    expect(flat((await person.copse(['doctor'])).stdout)).toContain(`(${change})`);
    // Put back by hand, all is as before.
    await hook(person, 'touch "$HOME/guarded"');
    expect(await person.copse(['merge', 'dark'])).toMatchObject({ exit: 0 });
    expect(existsSync(join(person.home, 'guarded'))).toBe(true);
  });

  it('what the person changes themselves while no agent works counts at once', async () => {
    const person = await finished('true');
    await hook(person, 'touch "$HOME/mine"');
    const merged = await person.copse(['merge', 'dark']);
    expect(merged).toMatchObject({ exit: 0 });
    expect(merged.stderr).not.toContain('while agents worked');
    expect(existsSync(join(person.home, 'mine'))).toBe(true);
  });

  it('what an agent that drives copse changes is not taken for the person', async () => {
    const person = await finished('true');
    await hook(person, 'touch "$HOME/agents"');
    const merged = await person.copse(['merge', 'dark'], { env: { CLAUDECODE: '1' } });
    expect(merged).toMatchObject({ exit: 0, stderr: expect.stringContaining('hook pre-commit') });
    expect(existsSync(join(person.home, 'agents'))).toBe(false);
  });

  it('a setting as it was before is used in place of the planted one', async () => {
    const person = await finished(`git config filter.z.clean "sh -c 'touch $HOME/ran; cat'"`, async (one) => {
      await one.git('config', 'filter.z.clean', 'tr a-z A-Z');
      await one.write('.gitattributes', '*.up filter=z\n');
      await one.git('add', '-A');
      await one.git('commit', '-q', '-m', 'attributes');
    });
    await person.write('new.up', 'text\n');
    await person.write('readme.md', 'Changed.\n');
    expect((await person.copse(['plan', '--prompt', 'x'])).stderr).toContain('setting filter.z.clean');
    expect(await person.copse([])).toMatchObject({ exit: 0 });
    expect(existsSync(join(person.home, 'ran'))).toBe(false);
    await person.git('config', 'filter.z.clean', 'tr a-z A-Z');
    expect((await person.copse(['plan', '--prompt', 'x'])).stderr).not.toContain('filter.z');
  });

  it('where nothing is on record, as from before, the next run records it', async () => {
    const person = await finished('true');
    await rm(join(person.home, '.local/state/copse/git'), { recursive: true });
    await hook(person, 'true');
    expect(await person.copse(['merge', 'dark'])).toMatchObject({ exit: 0 });
    await writeFile(join(person.repo, 'variants.yaml'), variantsYaml(['dark']));
    expect(await person.copse(['run'])).toMatchObject({ exit: 0 });
    expect((await person.copse(['doctor'])).stdout).toContain('as before the first agent');
  });
});
