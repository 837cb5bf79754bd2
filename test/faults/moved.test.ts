import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Person } from '../support/person.ts';
import { variantsYaml } from '../support/variants.ts';

/** A finished run `ui`; the worktree of its variant `a` is to be moved. */
async function finished() {
  const person = await Person.create({
    files: {
      'variants.yaml': variantsYaml(['a', 'b'], {
        defaults: { runner: { command: ['sh', '-c', 'echo by $COPSE_VARIANT > $COPSE_VARIANT.txt'] } },
      }),
    },
  });
  expect(await person.approved(['run'])).toMatchObject({ exit: 0 });
  await person.supervisorGone();
  const from = `${person.repo}.worktrees/ui-a`;
  const to = join(person.home, 'elsewhere', 'mine');
  await mkdir(join(to, '..'), { recursive: true });
  return { person, from, to };
}

interface Case {
  readonly title: string;
  move(person: Person, from: string, to: string): Promise<unknown>;
}

const MOVES: readonly Case[] = [
  {
    title: 'fault 83: git worktree move',
    move: (person, from, to) => person.git('worktree', 'move', from, to),
  },
  {
    title: 'fault 83: mv, then git worktree repair',
    move: async (person, from, to) => {
      await rename(from, to);
      await person.git('worktree', 'repair', to);
    },
  },
  {
    title: 'fault 83: git worktree move, and another worktree stands at the old place',
    move: async (person, from, to) => {
      await person.git('worktree', 'move', from, to);
      await person.git('worktree', 'add', '-q', '-b', 'other', from);
    },
  },
];

describe('a worktree is where git has it', () => {
  it.each(MOVES)('$title', async ({ move }) => {
    const { person, from, to } = await finished();
    await move(person, from, to);
    const there = existsSync(from);
    expect((await person.copse(['path', 'a'])).stdout.trim()).toBe(to);
    expect((await person.copse(['exec', 'a', '--', 'cat', 'a.txt'])).stdout).toContain('by a');

    await writeFile(join(to, 'a.txt'), 'mended by hand\n');
    await writeFile(join(to, 'notes.txt'), 'mine\n');
    const merged = await person.copse(['merge', 'a']);
    expect(merged.exit).toBe(3);
    expect(merged.stderr).toMatch(/not committed: a\.txt/);
    const swept = await person.copse(['prune', '--yes']);
    expect(swept.stdout).not.toContain('gone');
    expect(await readFile(join(to, 'notes.txt'), 'utf8')).toBe('mine\n');
    expect((await person.copse(['doctor'])).stdout).not.toMatch(/was moved|is gone/);

    const all = await person.copse(['merge', 'a', '--include-uncommitted']);
    expect(all).toMatchObject({ exit: 0 });
    expect(await person.git('show', 'main:a.txt')).toBe('mended by hand');
    expect(await person.copse(['prune', '--yes'])).toMatchObject({ exit: 0 });
    expect(existsSync(to)).toBe(false);
    expect(existsSync(from)).toBe(there);
    expect(await person.copse(['undo', ...person.lastOperation(), '--yes'])).toMatchObject({ exit: 0 });
    expect(await readFile(join(to, 'notes.txt'), 'utf8')).toBe('mine\n');
    expect((await person.copse(['path', 'a'])).stdout.trim()).toBe(to);
    expect(await person.git('fsck', '--no-dangling')).toBe('');
  });

  it('fault 83: moved behind the back of git, it stays, and merge says what to do', async () => {
    const { person, from } = await finished();
    await rename(from, `${from}-mine`);
    await writeFile(join(`${from}-mine`, 'a.txt'), 'mended by hand\n');
    const merged = await person.copse(['merge', 'a']);
    expect(merged.exit).toBe(3);
    expect(merged.stderr).toContain(`git worktree repair ${from}-mine`);
    await person.copse(['prune', '--yes']);
    expect(await readFile(join(`${from}-mine`, 'a.txt'), 'utf8')).toBe('mended by hand\n');
    await person.git('worktree', 'repair', `${from}-mine`);
    expect((await person.copse(['merge', 'a'])).stderr).toMatch(/not committed: a\.txt/);
  });

  it('fault 83: a retry works in the moved worktree', async () => {
    const { person, from, to } = await finished();
    await person.git('worktree', 'move', from, to);
    await writeFile(join(to, 'notes.txt'), 'mine\n');
    expect((await person.copse(['retry', 'a', '-m', 'again'])).exit).toBe(0);
    await person.supervisorGone();
    expect(existsSync(from)).toBe(false);
    expect(await person.git('show', 'ui/a:notes.txt')).toBe('mine');
  });
});
