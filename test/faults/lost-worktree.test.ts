import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Person } from '../support/person.ts';
import { variantsYaml } from '../support/variants.ts';

const FILES = { 'a.txt': 'a\n', 'b/b.txt': 'b\n', 'c.txt': 'c\n', 'old.txt': 'old\n' };
const TRACKED = ['.gitignore', 'a.txt', 'b/b.txt', 'c.txt', 'readme.md', 'variants.yaml'];

/** Waits for the test, then writes a file by its whole path as Claude Code does: the folders are made again. */
const worksOn = (more: string): string => `
const here = process.cwd(); process.chdir('/');
init(); if (args.includes('--resume') || fs.existsSync(process.env.HOME + '/again')) { fs.writeFileSync(here + '/again.txt', 'x'); return done(); }
say('Looking.');
while (!fs.existsSync(process.env.HOME + '/go')) await sleep(20);
fs.mkdirSync(here + '/src', { recursive: true }); fs.writeFileSync(here + '/src/new.txt', 'new');
${more}
done();`;

async function personWith(claude: string) {
  const person = await Person.create({ claude, files: { ...FILES, 'variants.yaml': variantsYaml(['dark']) } });
  const worktree = `${person.repo}.worktrees/ui-dark`;
  return { person, worktree, before: await person.fingerprint() };
}

async function filesOf(person: Person, ref = 'ui/dark'): Promise<string[]> {
  return (await person.git('ls-tree', '-r', '--name-only', ref)).split('\n');
}

describe.concurrent('a worktree that is deleted while its agent works', () => {
  it.each([
    ['and nothing else', ''],
    [
      'and the agent writes most of it again',
      `for (const f of ['a.txt', 'c.txt', 'readme.md']) fs.writeFileSync(here + '/' + f, 'mine');`,
    ],
    ['and the agent begins a repository there', `cp.execFileSync('git', ['init', '-q'], { cwd: here });`],
  ])('fault 94: is lost, %s, and a retry has it made again', async (_, more) => {
    const { person, worktree, before } = await personWith(worksOn(more));
    const run = person.start(['run']);
    await person.waitForEvent('attempt.activity');
    await rm(worktree, { recursive: true });
    await writeFile(join(person.home, 'go'), '');
    expect((await run.ended).exit).toBe(1);
    expect(await person.outcomes()).toEqual({ dark: 'lost' });
    expect(await person.git('rev-parse', 'ui/dark')).toBe(await person.git('rev-parse', 'main'));
    await person.holds(before);

    await writeFile(join(person.home, 'again'), '');
    const retried = await person.copse(['retry', 'dark']);
    expect(retried.exit, retried.stderr).toBe(0);
    expect(await filesOf(person)).toEqual([...TRACKED, 'again.txt', 'old.txt'].sort());
    const aside = (await readdir(dirname(worktree))).find((name) => name.startsWith('ui-dark.left-')) ?? '';
    expect(await readFile(join(dirname(worktree), aside, 'src/new.txt'), 'utf8')).toBe('new');
    await person.holds(before);
  });

  const STEPS = ['read-tree', 'diff-files', 'ls-files', 'update-index', 'write-tree', 'commit-tree', 'update-ref'];
  const BY = {
    'at once': 'rm -rf "$W"',
    'bit by bit':
      'for f in a.txt b/b.txt c.txt readme.md .gitignore variants.yaml .git; do [ -e "$W/$f" ] && { rm "$W/$f"; break; }; done; [ -e "$W/.git" ] || rm -rf "$W"',
  };

  it.each(STEPS.flatMap((step) => Object.entries(BY).map(([how, script]) => [how, step, script] as const)))(
    'fault 94: %s from git %s of its commit on, never becomes a commit of the absence',
    async (_, step, script) => {
      const { person, worktree, before } = await personWith(
        `init(); fs.writeFileSync('dark.txt', 'dark'); fs.rmSync('old.txt'); fs.writeFileSync(process.env.HOME + '/armed', ''); done();`,
      );
      const bin = join(person.home, 'deletes');
      const path = person.env['PATH'] ?? '';
      await mkdir(bin);
      const begins = `if [ -e "$HOME/armed" ]; then case " $* " in *" ${step} "*) : > "$HOME/begun";; esac; fi`;
      await writeFile(
        join(bin, 'git'),
        `#!/bin/sh\nW='${worktree}'\nHOME='${person.home}'\n${begins}\nif [ -e "$HOME/begun" ]; then ${script}; fi\nPATH='${path}' exec git "$@"\n`,
      );
      await chmod(join(bin, 'git'), 0o755);
      await person.copse(['run'], { env: { PATH: `${bin}:${path}` } });
      expect(existsSync(join(person.home, 'begun')), `git ${step} was never run`).toBe(true);
      const files = await filesOf(person);
      expect(files.filter((file) => file !== 'old.txt' && file !== 'dark.txt')).toEqual(TRACKED);
      const { dark } = await person.outcomes();
      expect(files.includes('dark.txt') ? ['succeeded'] : ['lost', 'failed']).toContain(dark);
      await person.holds(before);
    },
  );
});
