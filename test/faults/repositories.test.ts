import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Ended, Person } from '../support/person.ts';
import { variantsYaml } from '../support/variants.ts';

const QUICK = `init(); fs.writeFileSync(variant + '.txt', 'by ' + variant); done();`;
const TWO = { 'variants.yaml': variantsYaml(['dark', 'light']) };

const worktree = (person: Person, name: string): string => join(dirname(person.repo), 'app.worktrees', name);

function git(person: Person, cwd: string, ...args: string[]): string {
  const env = { ...person.env, GIT_ALLOW_PROTOCOL: 'file' };
  return execFileSync('git', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trimEnd();
}

/** A run of both variants went well, and each has exactly its own work. */
async function ranWell(person: Person, ended: Ended, run = 'ui'): Promise<void> {
  expect(ended).toMatchObject({ exit: 0 });
  for (const name of ['dark', 'light']) {
    const branch = `${run}/${name}`;
    expect(git(person, person.repo, 'diff-tree', '-r', '--name-only', `${branch}^`, branch)).toBe(`${name}.txt`);
    expect(git(person, person.repo, 'show', `${branch}:${name}.txt`)).toBe(`by ${name}`);
  }
  await person.supervisorGone(run);
}

describe('an unborn repository', () => {
  it('fault 51: is refused with what to do, and does that make it go', async () => {
    const person = await Person.create({ claude: QUICK, unborn: true });
    await person.write('variants.yaml', TWO['variants.yaml']);
    const before = await person.fingerprint();
    for (const verb of ['plan', 'run']) {
      const ended = await person.copse([verb]);
      expect(ended.exit).toBe(3);
      // Problems are the answer of `plan`, and an error of `run`.
      expect(ended.stdout + ended.stderr).toMatch(/no commit/);
      expect(ended.stdout + ended.stderr).toContain('git commit');
    }
    for (const args of [[], ['doctor']]) expect((await person.copse(args)).stderr).not.toContain('bug');
    expect(await person.fingerprint()).toEqual(before);
    expect(existsSync(worktree(person, ''))).toBe(false);
    await person.git('add', '-A');
    await person.git('commit', '-q', '-m', 'first');
    const born = await person.fingerprint();
    await ranWell(person, await person.copse(['run']));
    await person.holds(born);
  });
});

describe('a repository in an unusual state', () => {
  it('fault 52: with a detached HEAD is run from there, and HEAD stays', async () => {
    const person = await Person.create({ claude: QUICK, files: TWO });
    await person.git('checkout', '-q', '--detach');
    const before = await person.fingerprint();
    await ranWell(person, await person.copse(['run']));
    expect(await person.git('rev-parse', 'ui/dark^')).toBe(await person.git('rev-parse', 'HEAD'));
    await person.holds(before);
  });

  it('fault 53: shallow', async () => {
    const person = await Person.create({ claude: QUICK, files: TWO });
    await person.git('commit', '-q', '--allow-empty', '-m', 'second');
    await rename(person.repo, `${person.repo}.origin`);
    git(person, dirname(person.repo), 'clone', '-q', '--depth', '1', `file://${person.repo}.origin`, person.repo);
    const before = await person.fingerprint();
    await ranWell(person, await person.copse(['run']));
    expect(await person.git('rev-list', '--count', 'main')).toBe('1');
    await person.holds(before);
  });

  it('fault 54: with a submodule: the worktree has its place, and the work is committed beside it', async () => {
    const person = await Person.create({ claude: QUICK, files: TWO });
    const library = join(dirname(person.repo), 'library');
    git(person, dirname(person.repo), 'clone', '-q', person.repo, library);
    git(person, person.repo, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'library');
    await person.git('commit', '-q', '-m', 'library');
    const before = await person.fingerprint();
    const ended = await person.copse(['run']);
    await ranWell(person, ended);
    expect(await person.git('ls-tree', 'ui/dark', 'library')).toBe(await person.git('ls-tree', 'main', 'library'));
    expect((await person.copse(['retry', 'dark', '--fresh'])).exit).toBe(0);
    await ranWell(person, ended);
    await person.holds(before);
  });

  it('fault 114: variants and branches that move one submodule to different commits are in conflict, as with any file', async () => {
    const person = await Person.create({ claude: QUICK, files: TWO });
    const library = join(dirname(person.repo), 'library');
    git(person, dirname(person.repo), 'clone', '-q', person.repo, library);
    const commitOf = (name: string): string => {
      git(person, library, 'checkout', '-q', '-B', name, 'main');
      git(person, library, '-c', 'user.name=x', '-c', 'user.email=x@y', 'commit', '-q', '--allow-empty', '-m', name);
      return git(person, library, 'rev-parse', name);
    };
    git(person, person.repo, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'library');
    await person.git('commit', '-q', '-m', 'library');
    const [one, two, three] = [commitOf('one'), commitOf('two'), commitOf('three')];
    // git gives advice on a merge only if it knows the commits.
    git(person, join(person.repo, 'library'), 'fetch', '-q', 'origin', one, two, three);
    expect(await person.copse(['run'])).toMatchObject({ exit: 0 });
    await person.supervisorGone();
    const bump = (cwd: string, to: string): void => {
      git(person, cwd, 'update-index', '--cacheinfo', `160000,${to},library`);
      git(person, cwd, 'commit', '-q', '-m', 'newer library');
    };
    bump(worktree(person, 'ui-dark'), one);
    bump(worktree(person, 'ui-light'), two);
    for (const [name, to] of [
      ['mine', two],
      ['yours', three],
    ] as const) {
      const path = join(dirname(person.repo), name);
      await person.git('worktree', 'add', '-q', '-b', name, path);
      bump(path, to);
    }
    bump(person.repo, one);
    const compared = await person.copse(['compare']);
    expect(compared, compared.stderr).toMatchObject({ exit: 0 });
    expect(compared.stdout).toMatch(/dark and light conflict\b[^.]*\blibrary/);
    const looked = await person.copse(['prune', '--others', '--dry-run', '--json']);
    expect(looked, looked.stderr).toMatchObject({ exit: 0 });
    const items = (JSON.parse(looked.stdout) as { items: { name: string; goes: boolean }[] }).items;
    for (const name of ['mine', 'yours']) expect(items.find((item) => item.name === name)).toBeDefined();
    expect(items.filter(({ goes }) => goes)).toEqual([]);
    expect((await person.copse(['merge', 'light', '--dry-run'])).exit).toBe(1);
  });

  it('fault 55: pointer files of LFS stay what they are, with its filter and without', async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12345\n`;
    const person = await Person.create({
      claude: QUICK,
      files: { ...TWO, '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n', 'big.bin': pointer },
    });
    const before = await person.fingerprint();
    await ranWell(person, await person.copse(['run']));
    expect(await readFile(join(worktree(person, 'ui-dark'), 'big.bin'), 'utf8')).toBe(pointer);
    // As git-lfs configures it, on a machine that has no git-lfs.
    await person.git('config', 'filter.lfs.smudge', 'no-such-git-lfs smudge -- %f');
    await person.git('config', 'filter.lfs.clean', 'cat');
    const configured = await person.fingerprint();
    await ranWell(person, await person.copse(['run']), 'ui-2');
    expect(await person.git('show', 'ui-2/dark:big.bin')).toBe(pointer.trimEnd());
    await person.holds(configured, 'ui-2');
    expect({ ...configured, '.git/config': '' }).toEqual({ ...before, '.git/config': '' });
  });

  it('fault 56: bare: worktrees stand beside it', async () => {
    const person = await Person.create({ claude: QUICK, files: TWO });
    const top = dirname(person.repo);
    const bare = join(top, 'bare.git');
    git(person, top, 'clone', '-q', '--bare', person.repo, bare);
    await writeFile(join(top, 'variants.yaml'), TWO['variants.yaml']);
    const before = git(person, bare, 'for-each-ref');
    const run = ['run', '-f', join(top, 'variants.yaml')];
    const ended = await person.copse(run, { cwd: bare });
    expect(ended).toMatchObject({ exit: 0 });
    for (const name of ['dark', 'light']) expect(git(person, bare, 'show', `ui/${name}:${name}.txt`)).toBe(`by ${name}`);
    const kept = git(person, bare, 'for-each-ref')
      .split('\n')
      .filter((line) => !line.includes('refs/heads/ui/'));
    expect(kept.join('\n')).toBe(before);
    expect(git(person, bare, 'fsck', '--no-dangling')).toBe('');
    expect((await person.copse(['status'], { cwd: bare })).stdout).toContain('dark');
    expect(git(person, bare, 'worktree', 'list')).toContain('ui-dark');
    expect((await person.copse(run, { cwd: bare })).exit).toBe(0);
  });

  it('fault 57: sparse: what is left out is neither there nor deleted', async () => {
    const person = await Person.create({ claude: QUICK, files: { ...TWO, 'in/a.txt': 'a', 'out/b.txt': 'b' } });
    await person.git('sparse-checkout', 'set', 'in');
    const before = await person.fingerprint();
    await ranWell(person, await person.copse(['run']));
    expect(existsSync(join(worktree(person, 'ui-dark'), 'in/a.txt'))).toBe(true);
    expect(existsSync(join(worktree(person, 'ui-dark'), 'out/b.txt'))).toBe(false);
    expect(await person.git('show', 'ui/dark:out/b.txt')).toBe('b');
    await person.holds(before);
  });
});

describe('called from elsewhere in the repository', () => {
  it('fault 58: from a subfolder, from a linked worktree, and from inside .git it is the same repository', async () => {
    const person = await Person.create({ claude: QUICK, files: { ...TWO, 'src/deep/a.txt': 'a' } });
    const linked = join(dirname(person.repo), 'linked');
    await person.git('worktree', 'add', '-q', '-b', 'mine', linked);
    const before = await person.fingerprint();
    const index = git(person, linked, 'rev-parse', '--path-format=absolute', '--git-path', 'index');
    const linkedIndex = await readFile(index);
    await ranWell(person, await person.copse(['run'], { cwd: join(person.repo, 'src/deep') }));
    await ranWell(person, await person.copse(['run'], { cwd: linked }), 'ui-2');
    expect(git(person, person.repo, 'rev-parse', 'ui-2/dark^')).toBe(await person.git('rev-parse', 'mine'));
    for (const cwd of [linked, join(person.repo, 'src'), worktree(person, 'ui-dark'), join(person.repo, '.git')]) {
      const { runs } = JSON.parse((await person.copse(['status', '--json'], { cwd })).stdout) as { runs: { id: string }[] };
      expect(runs.map((run) => run.id)).toEqual(['ui', 'ui-2']);
    }
    expect(await readFile(index)).toEqual(linkedIndex);
    expect(git(person, linked, 'status', '--porcelain')).toBe('');
    await person.holds(before, 'ui-2');
  });

  it('fault 58: through a symlink', async () => {
    const person = await Person.create({ claude: QUICK, files: TWO });
    const link = join(person.home, 'link');
    await symlink(person.repo, link);
    const before = await person.fingerprint();
    await ranWell(person, await person.copse(['run'], { cwd: link }));
    expect(existsSync(worktree(person, 'ui-dark'))).toBe(true);
    await person.holds(before);
  });

  it("fault 60: a hook's environment is ignored", async () => {
    const person = await Person.create({ claude: QUICK, files: TWO });
    const other = join(dirname(person.repo), 'other');
    await mkdir(other);
    git(person, other, 'init', '-q');
    const before = await person.fingerprint();
    const env = {
      GIT_DIR: join(other, '.git'),
      GIT_WORK_TREE: other,
      GIT_INDEX_FILE: join(other, '.git/index'),
      GIT_OBJECT_DIRECTORY: join(other, '.git/objects'),
      GIT_COMMON_DIR: join(other, '.git'),
      GIT_PREFIX: 'src/',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'core.hooksPath',
      GIT_CONFIG_VALUE_0: other,
      GIT_EDITOR: 'false',
    };
    await ranWell(person, await person.copse(['run'], { env }));
    expect((await person.copse(['status'], { env })).stdout).toContain('dark');
    expect(existsSync(join(other, '.git/index'))).toBe(false);
    expect(existsSync(join(other, '.git/copse'))).toBe(false);
    await person.holds(before);
  });
});

describe('a large repository', () => {
  it('fault 59: 100,000 files: the variant has them all, and exactly its own work on top', { timeout: 180_000 }, async () => {
    const person = await Person.create({
      claude: `init(); fs.writeFileSync('dark.txt', 'by dark'); fs.writeFileSync('many/7/7.txt', 'other'); fs.rmSync('many/8', { recursive: true }); done();`,
      files: { 'variants.yaml': variantsYaml(['dark']) },
    });
    const lines = Array.from({ length: 100_000 }, (_, n) => `M 100644 :1 many/${n % 100}/${n}.txt`);
    const stream = `blob\nmark :1\ndata 2\nx\ncommit refs/heads/main\ncommitter A <a@example.com> 0 +0000\ndata 4\nmany\nfrom refs/heads/main^0\n${lines.join('\n')}\n`;
    execFileSync('git', ['fast-import', '--quiet'], { cwd: person.repo, env: person.env, input: stream });
    await person.git('reset', '-q', '--hard');
    const before = await person.fingerprint();
    const ended = await person.copse(['run']);
    expect(ended).toMatchObject({ exit: 0 });
    expect(await person.git('diff', '--shortstat', 'main...ui/dark')).toContain('1002 files changed');
    expect(await person.git('diff', '--name-only', '--diff-filter=AM', 'main...ui/dark')).toBe('dark.txt\nmany/7/7.txt');
    expect(await person.git('-C', worktree(person, 'ui-dark'), 'status', '--porcelain')).toBe('');
    await person.holds(before);
  });
});
