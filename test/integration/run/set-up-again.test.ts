import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Person } from '../../support/person.ts';
import { variantsYaml } from '../../support/variants.ts';

/** Installs what the lock file says, and lets no one else do so. */
const SETUP =
  'mkdir -p .venv && echo "*" > .venv/.gitignore && head -c 40000 /dev/zero > .venv/lib && ln -f .venv/lib "$HOME/store.$COPSE_VARIANT" && head -c 5000 /dev/zero > .venv/own && mkdir -p node_modules && cp package-lock.json node_modules/installed && echo "$COPSE_VARIANT" >> "$HOME/set-ups"';
const CHECK = 'cmp package-lock.json node_modules/installed';

const person = (claude: string): Promise<Person> =>
  Person.create({
    claude,
    files: {
      'package-lock.json': '{}\n',
      '.gitignore': 'node_modules/\n',
      'variants.yaml': variantsYaml(['dark'], { setup: [SETUP], verify: { test: CHECK }, disposable: ['node_modules', '.venv'] }),
    },
  });

const checksOf = async (made: Person) => (await made.state()).variants[0]?.checks.map(({ status }) => status);

describe('set-up', () => {
  it('runs for a commit that changed what is to be installed, and again in the worktree for a retry', async () => {
    const made = await person(
      `init(); const first = !fs.readFileSync('package-lock.json', 'utf8').includes('new'); if (first) fs.writeFileSync('package-lock.json', '{"new":1}\\n'); else fs.writeFileSync('seen', fs.readFileSync('node_modules/installed')); done();`,
    );
    await made.approved(['run']);
    expect(await checksOf(made)).toEqual(['passed']);
    expect((await made.copse(['retry', 'dark', '-m', 'go on'])).exit).toBe(0);
    expect(await made.git('show', 'ui/dark:seen')).toBe('{"new":1}');
    expect(await checksOf(made)).toEqual(['passed']);
  });

  it('does not run again for other changes', async () => {
    const made = await person(`init(); fs.appendFileSync('a.txt', 'x'); done();`);
    await made.approved(['run']);
    await made.copse(['retry', 'dark', '-m', 'more']);
    expect(await checksOf(made)).toEqual(['passed']);
    const ran = (await made.events()).filter(({ type }) => type === 'setup.started');
    expect(ran).toHaveLength(1);
  });

  it('runs again where what it installed is gone: after a prune and its undo, which says how it comes back', async () => {
    const made = await person(`init(); fs.appendFileSync('a.txt', 'x'); done();`);
    await made.approved(['run']);
    // What a hard link elsewhere keeps was not taken, and is not freed.
    expect((await made.copse(['plan'])).stdout).toMatch(/set-up took 5\.0 kB each before/);
    const pruned = await made.copse(['prune', '--all', '--yes', '--json']);
    const { freedBytes } = JSON.parse(pruned.stdout) as { freedBytes: number };
    // Of the variant's worktree and of that for checks on the base.
    expect([freedBytes >= 10_000, freedBytes < 20_000], String(freedBytes)).toEqual([true, true]);
    const undone = await made.copse(['undo', ...made.lastOperation()]);
    expect(undone.exit, undone.stderr).toBe(0);
    expect(undone.stdout).toContain('node_modules was disposable and is gone.');
    // It ignores itself, as uv makes it.
    expect(undone.stdout).toContain('.venv was disposable and is gone.');
    const command = /copse (exec ui\/dark -- sh -c '.*')/.exec(undone.stdout.replace(/\n\s*/g, ' '))?.[1] ?? '';
    expect(command).not.toBe('');
    expect(undone.stdout).not.toContain('.copse-cache');
    const retried = await made.copse(['retry', 'dark', '-m', 'more']);
    expect(retried.exit, retried.stderr).toBe(0);
    expect(await checksOf(made)).toEqual(['passed']);
    await rm(join((await made.copse(['path', 'dark'])).stdout.trim(), 'node_modules'), { recursive: true });
    await made.copse(['retry', 'dark', '-m', 'once more']);
    expect((await made.events()).filter(({ type }) => type === 'setup.started')).toHaveLength(3);
  });
});
