import { spawnSync } from 'node:child_process';
import { lstat, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WRITES_A_FILE } from '../support/fake-claude.ts';
import { MAIN, Person } from '../support/person.ts';
import { Terminal } from '../support/tmux.ts';
import { variantsYaml } from '../support/variants.ts';

/** A git directory in the worktree whose configuration names a program, and a `.git` that leads there. */
const REPLACE = `git init -q --separate-git-dir="$PWD/evil" planted && rm -rf planted
git --git-dir=evil config core.fsmonitor "$PWD/evil/run.sh" && git --git-dir=evil config core.bare false
printf '#!/bin/sh\\ntouch "$HOME/pwned"\\n' > evil/run.sh && chmod +x evil/run.sh
rm -f .git && echo "gitdir: $PWD/evil" > .git && cp .git copy-of-git`;

async function personWith(check: string): Promise<{ person: Person; worktree: string }> {
  const files = { 'variants.yaml': variantsYaml(['dark'], { verify: { test: 'sh check.sh' } }), 'check.sh': check };
  const person = await Person.create({ claude: WRITES_A_FILE, files });
  return { person, worktree: join(`${person.repo}.worktrees`, 'ui-dark') };
}

const pwned = (person: Person) =>
  lstat(join(person.home, 'pwned')).then(
    () => true,
    () => false,
  );

describe('fault 117: the .git of a worktree is replaced', () => {
  it('by a check: it is put right and named, and no command that copse suggests runs what it names', async () => {
    const { person, worktree } = await personWith(REPLACE);
    const ended = await person.approved(['run']);
    expect(ended.exit, ended.stderr).toBe(0);
    expect(ended.stdout.replaceAll(/\s+/g, ' ')).toContain(
      "While its checks ran: The worktree's .git file had been changed; it was restored.",
    );
    expect(await readFile(join(worktree, 'copy-of-git'), 'utf8')).toBe(`gitdir: ${worktree}/evil\n`);
    expect((await readFile(join(worktree, '.git'), 'utf8')).trim()).toBe(`gitdir: ${person.repo}/.git/worktrees/ui-dark`);
    expect((await person.copse(['exec', 'dark', '--', 'git', 'status', '--short'])).exit).toBe(0);
    expect(await pwned(person)).toBe(false);
  });

  it('later, by something that it left running: exec and path put it right first', async () => {
    const { person, worktree } = await personWith('true');
    expect((await person.approved(['run'])).exit).toBe(0);
    await writeFile(join(worktree, 'later.sh'), REPLACE);
    for (const args of [
      ['exec', 'dark', '--', 'git', 'show', '--stat'],
      ['path', 'dark'],
    ]) {
      await rm(join(worktree, 'evil'), { recursive: true, force: true });
      await person.git('-C', worktree, 'status');
      expect(spawnSync('sh', ['later.sh'], { cwd: worktree, env: person.env }).status).toBe(0);
      const ended = await person.copse(args);
      expect(ended.stderr).toContain("The worktree's .git file had been changed; it was restored.");
      expect(ended.exit).toBe(0);
      expect(ended.stdout).toContain(args[0] === 'path' ? worktree : 'dark.txt');
    }
    expect(await pwned(person)).toBe(false);
  });

  it('later: open puts it right as well, before the person has a shell there', async (context) => {
    const { person, worktree } = await personWith('true');
    expect((await person.approved(['run'])).exit).toBe(0);
    await person.supervisorGone();
    await writeFile(join(worktree, 'later.sh'), REPLACE);
    expect(spawnSync('sh', ['later.sh'], { cwd: worktree, env: person.env }).status).toBe(0);
    const terminal = Terminal.open(context, [process.execPath, MAIN, 'open', 'dark', '--shell'], {
      cwd: person.repo,
      env: { ...person.env, SHELL: '/bin/sh' },
      columns: 120,
      rows: 40,
    });
    terminal.press('git status; echo "seen $?"', 'Enter');
    await terminal.shows(/^seen 0$/m);
    await terminal.shows(/\.git file had been changed; it was restored/);
    expect(await pwned(person)).toBe(false);
  });

  it('by a link: it is put right too', async () => {
    const { person, worktree } = await personWith('true');
    expect((await person.approved(['run'])).exit).toBe(0);
    await writeFile(join(worktree, 'later.sh'), `${REPLACE}; rm .git; ln -s evil .git`);
    expect(spawnSync('sh', ['later.sh'], { cwd: worktree, env: person.env }).status).toBe(0);
    const ended = await person.copse(['exec', 'dark', '--', 'git', 'status']);
    expect(ended.stderr).toContain("The worktree's .git file had been changed; it was restored.");
    expect(await pwned(person)).toBe(false);
  });

  it('by a folder: exec and path say so and do nothing', async () => {
    const { person, worktree } = await personWith('true');
    expect((await person.approved(['run'])).exit).toBe(0);
    await writeFile(join(worktree, 'later.sh'), `${REPLACE}; rm .git`);
    expect(spawnSync('sh', ['later.sh'], { cwd: worktree, env: person.env }).status).toBe(0);
    await rename(join(worktree, 'evil'), join(worktree, '.git'));
    for (const args of [
      ['exec', 'dark', '--', 'git', 'status'],
      ['path', 'dark'],
    ]) {
      const ended = await person.copse(args);
      expect(ended.exit).toBe(3);
      expect(ended.stderr).toContain('The .git of the worktree of dark does not lead to this repository.');
      expect(ended.stdout).toBe('');
    }
    expect(await pwned(person)).toBe(false);
  });
});
