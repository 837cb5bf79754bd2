import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Person } from '../support/person.ts';
import { variantsYaml } from '../support/variants.ts';

const WORKS = `init(); fs.writeFileSync(variant + '.txt', 'x'); fs.mkdirSync('data'); fs.writeFileSync('data/db', 'rows'); done();`;

/** A clone whose own files name folders that need no keeping. */
async function clone(files: Readonly<Record<string, string>>): Promise<Person> {
  return Person.create({
    claude: WORKS,
    files: { '.gitignore': 'data/\nsecrets/\n', 'variants.yaml': variantsYaml(['dark']), ...files },
  });
}

const DISPOSABLE = { '.worktreerc': 'disposable: [data, secrets]\nkeepTrash: 1d\nkeepCommits: 1d\n' };

describe('fault 110: a file of the repository makes nothing go sooner', () => {
  it("not in a person's own worktree: all of it comes back", async () => {
    const person = await clone(DISPOSABLE);
    const own = join(person.repo, '../own');
    await person.git('worktree', 'add', '-q', '-b', 'own', own);
    for (const folder of ['data', 'secrets', 'node_modules']) {
      await mkdir(join(own, folder));
      await writeFile(join(own, folder, 'file'), folder);
    }
    await writeFile(join(own, 'work.txt'), 'work');
    await person.git('-C', own, 'add', 'work.txt');
    await person.git('-C', own, 'commit', '-q', '-m', 'work');
    await person.git('merge', '-q', 'own');
    const shown = await person.copse(['prune', '--others', 'own', '--dry-run']);
    expect(shown.stdout).not.toMatch(/data|secrets/);
    expect(existsSync(own)).toBe(true);
    expect(await person.copse(['prune', '--others', 'own', '--yes'])).toMatchObject({ exit: 0 });
    expect(existsSync(own)).toBe(false);
    expect(await person.copse(['undo', ...person.lastOperation()])).toMatchObject({ exit: 0 });
    for (const folder of ['data', 'secrets']) expect(await readFile(join(own, folder, 'file'), 'utf8')).toBe(folder);
  });

  it("what a person's own settings name goes, and a dry run says so", async () => {
    const person = await clone(DISPOSABLE);
    const own = join(person.repo, '../own');
    await person.git('worktree', 'add', '-q', '-b', 'own', own);
    await mkdir(join(own, 'data'));
    await writeFile(join(own, 'data/file'), 'data');
    await mkdir(join(person.home, '.config/copse'), { recursive: true });
    await writeFile(join(person.home, '.config/copse/config.yaml'), 'disposable: [data]\n');
    const shown = await person.copse(['prune', '--others', 'own', '--dry-run', '--json']);
    expect(JSON.parse(shown.stdout)).toMatchObject({ items: [{ name: 'own', goes: true, disposable: ['data'] }] });
    expect((await person.copse(['prune', '--others', 'own', '--dry-run'])).stdout).toContain(
      'Deleted, not kept in the trash: data',
    );
  });

  it.each([
    ['settings', DISPOSABLE],
    ['the variants file', { 'variants.yaml': variantsYaml(['dark'], { disposable: ['data', 'node_modules'] }) }],
  ])('%s: only approved, and shown before', async (_, files) => {
    const person = await clone(files);
    const refused = await person.copse(['run']);
    expect(refused).toMatchObject({ exit: 3 });
    expect(refused.stderr).toMatch(/disposable +data/);
    expect(refused.stderr).not.toContain('node_modules');
    expect(await person.approved(['run'])).toMatchObject({ exit: 0 });
    await person.supervisorGone();
    const data = join(`${person.repo}.worktrees/ui-dark`, 'data/db');
    expect((await person.copse(['prune', 'dark', '--dry-run'])).stdout).toContain('Deleted, not kept in the trash: data');
    // Revoked, nothing of it is deleted permanently.
    await person.copse(['trust', '--revoke']);
    expect((await person.copse(['prune', 'dark', '--dry-run'])).stdout).not.toContain('Deleted, not kept');
    expect(await person.copse(['prune', 'dark', '--yes'])).toMatchObject({ exit: 0 });
    expect(existsSync(data)).toBe(false);
    expect(await person.copse(['undo', ...person.lastOperation()])).toMatchObject({ exit: 0 });
    expect(await readFile(data, 'utf8')).toBe('rows');
    // Approved again, it goes.
    await person.approve(['run']);
    expect(await person.copse(['prune', 'dark', '--yes'])).toMatchObject({ exit: 0 });
    expect(await person.copse(['undo', ...person.lastOperation()])).toMatchObject({ exit: 0 });
    expect(existsSync(data)).toBe(false);
  });
});
