import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Person } from '../support/person.ts';
import { variantsYaml } from '../support/variants.ts';

const WORK = { defaults: { runner: { command: ['sh', '-c', 'echo by $COPSE_VARIANT > $COPSE_VARIANT.txt'] } } };

async function withHook(name: string, script: string, files: Readonly<Record<string, string>> = {}): Promise<Person> {
  const person = await Person.create({ files: { 'variants.yaml': variantsYaml(['a', 'b'], WORK), ...files } });
  expect(await person.approved(['run'])).toMatchObject({ exit: 0 });
  await person.supervisorGone();
  const hook = join(person.repo, '.git/hooks', name);
  await mkdir(dirname(hook), { recursive: true });
  await writeFile(hook, `#!/bin/sh\n${script}\n`);
  await chmod(hook, 0o755);
  return person;
}

const GUARD = '[ "$(git symbolic-ref --short HEAD)" != main ] || { echo "no commits on main" >&2; exit 1; }';

describe('hooks see the branch that they guard', () => {
  it('fault 87: "no commits on main" holds, nothing moves, and another branch takes it', async () => {
    const person = await withHook('pre-commit', GUARD);
    await person.git('branch', 'next');
    const before = await person.fingerprint();
    const refused = await person.copse(['merge', 'a']);
    expect(refused.exit).not.toBe(0);
    expect(refused.stderr + refused.stdout).toContain('no commits on main');
    expect(refused.stderr + refused.stdout).toContain('copse merge a --into');
    await person.holds(before);
    expect(await person.copse(['merge', 'a', '--into', 'next'])).toMatchObject({ exit: 0 });
    expect(await person.git('show', 'next:a.txt')).toBe('by a');
  });

  it('fault 87: a hook that needs a branch finds it, and what is staged; nobody has it checked out twice', async () => {
    const see = 'git symbolic-ref HEAD && git rev-parse --abbrev-ref HEAD && git diff --cached --name-only && git worktree list';
    const person = await withHook('pre-commit', `{ ${see}; } > "$HOME/seen" && git symbolic-ref -q HEAD`);
    const head = await person.git('rev-parse', 'HEAD');
    expect(await person.copse(['merge', 'a', 'b'])).toMatchObject({ exit: 0 });
    const seen = await readFile(join(person.home, 'seen'), 'utf8');
    expect(seen).toMatch(/^refs\/heads\/main\nmain\n(a\.txt\n)?b\.txt\n/);
    expect(seen.split('\n').filter((line) => line.endsWith('[main]'))).toHaveLength(1);
    expect(await person.git('rev-parse', 'main~2')).toBe(head);
    expect(await person.git('worktree', 'list', '--porcelain')).not.toMatch(
      /branch refs\/heads\/main[\s\S]*branch refs\/heads\/main/,
    );
  });

  it('fault 87: what a hook stages lands, and commit-msg reads the branch too', async () => {
    const person = await withHook('pre-commit', 'echo formatted > a.txt && git add a.txt');
    const message = join(person.repo, '.git/hooks/commit-msg');
    await writeFile(message, '#!/bin/sh\nb=$(git symbolic-ref --short HEAD) && echo "[$b] $(cat "$1")" > "$1"\n');
    await chmod(message, 0o755);
    expect(await person.copse(['merge', 'a'])).toMatchObject({ exit: 0 });
    expect(await person.git('show', 'main:a.txt')).toBe('formatted');
    expect(await person.git('log', '-1', '--format=%s', 'main')).toMatch(/^\[main\] /);
    expect(await person.git('status', '--porcelain')).toBe('');
  });
});

describe('a hook that cannot run here', () => {
  it.each([
    ['a package of node', `node -e 'require("left-pad")'`, 'left-pad'],
    ['a program of node_modules', 'node_modules/.bin/eslint .', 'node_modules'],
    ['a program that is not installed', 'lint-everything --staged', 'lint-everything'],
  ])('fault 87: without %s it is not the fault of the variant', async (_, script, missing) => {
    const person = await withHook('pre-commit', script);
    const before = await person.fingerprint();
    const refused = await person.copse(['merge', 'a']);
    const said = (refused.stderr + refused.stdout).replaceAll(/\s+/g, ' ');
    expect(refused.exit).toBe(3);
    expect(said).toContain(`could not run for a: it did not find ${missing}`);
    expect(said).toContain('setup: [npm ci], or copy: [node_modules]');
    expect(said).not.toContain('copse retry');
    await person.holds(before);
  });
});
