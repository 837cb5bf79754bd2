import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Person } from '../support/person.ts';
import { variantsYaml } from '../support/variants.ts';

const WORK = { defaults: { runner: { command: ['sh', '-c', 'cat .env > said.txt; date >> said.txt'] } } };

async function personWith(copy: unknown): Promise<Person> {
  const person = await Person.create({ files: { 'variants.yaml': variantsYaml(['a'], { ...WORK, copy }) } });
  await person.write('.gitignore', 'ignored/\n.env\n.env.local\nconf/\n');
  await person.git('commit', '-q', '-a', '-m', 'ignore');
  return person;
}

function beside(person: Person, name: string): string {
  return join(dirname(person.repo), name);
}

async function copied(person: Person, cwd: string, ...paths: string[]): Promise<readonly string[]> {
  const ran = await person.approved(['run'], { cwd });
  expect({ ...ran }).toMatchObject({ exit: 0 });
  const worktree = (await person.copse(['path', 'a'], { cwd })).stdout.trim();
  return Promise.all(paths.map((path) => readFile(join(worktree, path), 'utf8').catch(() => 'none')));
}

describe('fault 88: what is copied comes from where the person stands, else from the main worktree', () => {
  it('fault 88: from a linked worktree, and what it has not from the main one', async () => {
    const person = await personWith(['.env', '.env.local']);
    await person.write('.env', 'main\n');
    await person.write('.env.local', 'local of main\n');
    const linked = beside(person, 'linked');
    await person.git('worktree', 'add', '-q', '-b', 'mine', linked);
    await writeFile(join(linked, '.env'), 'linked\n');
    const plan = await person.copse(['plan'], { cwd: linked });
    expect(plan.stdout).toMatch(/Copies +\.env from \S*linked\n +\.env\.local \(/);
    expect(await copied(person, linked, '.env', '.env.local')).toEqual(['linked\n', 'local of main\n']);
  });

  it('fault 88: what was copied from there is held back like what is copied from the main worktree', async () => {
    const person = await personWith(['.env']);
    await person.write('.env', 'TOKEN=of-the-main-worktree\n');
    const linked = beside(person, 'linked');
    await person.git('worktree', 'add', '-q', '-b', 'mine', linked);
    await writeFile(join(linked, '.env'), 'TOKEN=of-the-linked-worktree\n');
    await copied(person, linked, '.env');
    expect(await person.git('ls-tree', '-r', '--name-only', 'ui/a')).not.toContain('said.txt');
  });

  it('fault 88: in worktrees of a bare repository', async () => {
    const person = await personWith(['.env']);
    const bare = beside(person, 'project/.bare');
    await person.git('clone', '-q', '--bare', person.repo, bare);
    const main = beside(person, 'project/main');
    await person.git('-C', bare, 'worktree', 'add', '-q', main, 'main');
    await writeFile(join(main, '.env'), 'beside the bare one\n');
    expect(await copied(person, main, '.env')).toEqual(['beside the bare one\n']);
  });

  it('fault 88: in a bare repository itself there is nothing to copy, and plan says so', async () => {
    const person = await personWith(['.env']);
    const bare = beside(person, 'bare.git');
    await person.git('clone', '-q', '--bare', person.repo, bare);
    const file = join(person.home, 'variants.yaml');
    await writeFile(file, await person.read('variants.yaml'));
    const plan = await person.copse(['plan', '-f', file], { cwd: bare });
    expect(plan.stdout + plan.stderr).toContain('a bare repository has no files to copy');
    expect(plan.exit).toBe(3);
  });

  it("fault 88: never from a variant's worktree, where an agent writes", async () => {
    const person = await personWith(['.env']);
    await person.write('.env', 'main\n');
    await copied(person, person.repo, '.env');
    const variant = (await person.copse(['path', 'a'])).stdout.trim();
    await writeFile(join(variant, '.env'), 'by an agent\n');
    const plan = JSON.parse((await person.copse(['plan', '--json'], { cwd: variant })).stdout);
    expect(plan.copy).toMatchObject({ entries: ['.env'] });
    expect(plan.copy.from).toBeUndefined();
  });
});

describe('fault 99: a symlink out of the repository', () => {
  async function linkedEnv(copy: unknown): Promise<Person> {
    const person = await personWith(copy);
    await mkdir(join(person.home, 'secrets'));
    await writeFile(join(person.home, 'secrets/.env'), 'TOKEN=secret of mine\n');
    await symlink(join(person.home, 'secrets/.env'), join(person.repo, '.env'));
    return person;
  }

  it('fault 99: refused with what to write instead', async () => {
    const person = await linkedEnv(['.env']);
    const plan = await person.copse(['plan']);
    expect(plan.exit).toBe(3);
    expect((plan.stdout + plan.stderr).replaceAll(/\s+/g, ' ')).toContain('copy: {".env": follow}');
  });

  it('fault 99: with follow its content is copied, once a person approved that', async () => {
    const person = await linkedEnv({ '.env': 'follow' });
    const refused = await person.copse(['run']);
    expect(refused.exit).toBe(3);
    expect(refused.stderr.replaceAll(/\s+/g, ' ')).toContain('.env (what its symlinks lead to, also outside of the repository)');
    expect(await copied(person, person.repo, '.env')).toEqual(['TOKEN=secret of mine\n']);
    const worktree = (await person.copse(['path', 'a'])).stdout.trim();
    await writeFile(join(worktree, '.env'), 'changed\n');
    expect(await readFile(join(person.home, 'secrets/.env'), 'utf8')).toBe('TOKEN=secret of mine\n');
  });

  it('fault 99: links within a folder, and one that leads nowhere', async () => {
    const person = await linkedEnv([{ '.env': 'follow' }, { conf: 'follow' }]);
    await mkdir(join(person.repo, 'conf'));
    await symlink(join(person.home, 'secrets'), join(person.repo, 'conf/all'));
    expect(await copied(person, person.repo, 'conf/all/.env')).toEqual(['TOKEN=secret of mine\n']);
    await symlink('/no/such/file', join(person.repo, 'conf/none'));
    const plan = await person.copse(['plan']);
    expect(plan.stdout + plan.stderr).toContain('conf/none is a symlink that leads nowhere');
  });

  it('fault 130: an optional file that is not there is named, and no error', async () => {
    const person = await personWith({ '.env': 'always', '.env.local': 'optional' });
    await person.write('.env', 'main\n');
    expect((await person.copse(['plan'])).stdout).toContain('optional, not there: .env.local');
    expect(await copied(person, person.repo, '.env', '.env.local')).toEqual(['main\n', 'none']);
    await person.write('.env.local', 'now\n');
    expect((await person.copse(['plan'])).stdout).toMatch(/Copies +\.env, \.env\.local \(/);
  });
});
