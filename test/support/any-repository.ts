import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Person } from './person.ts';
import { variantsYaml } from './variants.ts';

/** Who has a repository, a home, and git. */
export type Owner = Pick<Person, 'repo' | 'home' | 'git' | 'write'>;

/** A kind of repository: one row, made from a person's ordinary one. */
export interface AnyRepository {
  readonly title: string;
  /** Its git directory is not `.git` in the current folder, or its ids are longer: a test that reads git's files skips it. */
  readonly unusual?: true;
  /** Creates it; returns the current folder, if that is not their repository. */
  arrange(person: Owner): Promise<unknown>;
  /** Variables that the person has not. */
  readonly unset?: readonly string[];
  /** Facts of git about the merged commit: its format, and a part of the answer. */
  readonly landed?: readonly [format: string, part: string];
}

/** A person's ordinary repository, before anything special: two folders, a submodule's worth of history. */
export async function ordinary(): Promise<Person> {
  const work =
    'printf "by %s\\n" "$COPSE_VARIANT" > src/"$COPSE_VARIANT".txt && printf "%s\\n" "$COPSE_VARIANT" >> src/story.txt';
  return Person.create({
    files: {
      'variants.yaml': variantsYaml(['a', 'b'], {
        defaults: { runner: { command: ['sh', '-c', work] } },
        verify: { story: 'grep -q one src/story.txt' },
      }),
      '.gitattributes': '*.txt text\n',
      'src/story.txt': 'one\ntwo\n',
      'docs/far.txt': 'far away\n',
    },
  });
}

/** Adds to the person's global configuration. */
export async function globally(person: Owner, text: string): Promise<void> {
  const path = join(person.home, '.gitconfig');
  const before = await readFile(path, 'utf8').catch(() => ''); // The first time there is none.
  await writeFile(path, `${before}${text}\n`);
}

/** A folder beside the person's repository. */
export function beside(person: Owner, name: string): string {
  return join(dirname(person.repo), name);
}

/** A program of the person's. */
export async function program(person: Owner, name: string, script: string): Promise<string> {
  const path = join(person.home, 'bin', name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

async function clone(person: Owner, ...options: string[]): Promise<string> {
  const to = beside(person, 'clone');
  await person.git('config', 'uploadpack.allowFilter', 'true');
  await person.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  await person.git('clone', '-q', ...options, `file://${person.repo}`, to);
  return to;
}

/** Content that is kept changed in the object store, as git-lfs and git-crypt do. */
async function filtered(person: Owner, required: boolean): Promise<void> {
  const clean = await program(person, 'clean', "tr 'a-z' 'n-za-m'");
  await globally(person, `[filter "rot"]\n\tclean = ${clean}\n\tsmudge = ${clean}\n\trequired = ${required}`);
  await person.write('.gitattributes', '*.secret filter=rot\n');
  await person.write('src/key.secret', 'sesame\n');
  await commit(person);
}

async function commit(person: Owner): Promise<void> {
  await person.git('add', '-A');
  await person.git('commit', '-q', '-m', 'more');
}

async function withSubmodule(person: Owner): Promise<void> {
  await globally(person, '[protocol "file"]\n\tallow = always');
  const other = beside(person, 'library');
  await person.git('init', '-q', '-b', 'main', other);
  await person.git('-C', other, 'commit', '-q', '--allow-empty', '-m', 'library');
  await person.git('submodule', '--quiet', 'add', other, 'vendor/library');
  await person.git('commit', '-q', '-m', 'submodule');
}

/** Newer git than the machine's may be needed: a row says so by not being there. */
export const ANY_REPOSITORY: readonly AnyRepository[] = [
  { title: 'ordinary', arrange: () => Promise.resolve(undefined) },
  { title: 'a filter like that of LFS', arrange: (person) => filtered(person, false) },
  { title: 'a required filter', arrange: (person) => filtered(person, true) },
  { title: 'sparse, by folders', arrange: async (person) => void (await person.git('sparse-checkout', 'set', '--cone', 'src')) },
  {
    title: 'sparse, by patterns',
    arrange: async (person) => void (await person.git('sparse-checkout', 'set', '--no-cone', '/*', '!/docs/')),
  },
  { title: 'a submodule', arrange: withSubmodule },
  {
    title: 'a submodule that is not filled',
    arrange: async (person) => {
      await withSubmodule(person);
      await person.git('submodule', '--quiet', 'deinit', '-f', '--all');
    },
  },
  {
    title: 'worktrees of a bare repository',
    unusual: true,
    arrange: async (person) => {
      const bare = beside(person, 'project/.bare');
      await person.git('clone', '-q', '--bare', person.repo, bare);
      await person.git('-C', bare, 'worktree', 'add', '-q', join(bare, '../main'), 'main');
      return join(bare, '../main');
    },
  },
  {
    title: 'a separate git directory',
    unusual: true,
    arrange: async (person) => void (await person.git('init', '-q', '--separate-git-dir', beside(person, 'app.git'))),
  },
  { title: 'alternates', arrange: (person) => clone(person, '--shared') },
  {
    title: 'SHA-256',
    unusual: true,
    arrange: async (person) => {
      const to = beside(person, 'long');
      await person.git('init', '-q', '-b', 'main', '--object-format=sha256', to);
      await person.git('--work-tree', person.repo, '--git-dir', join(to, '.git'), 'add', '-A');
      await person.git('-C', to, 'commit', '-q', '-m', 'first');
      await person.git('-C', to, 'reset', '-q', '--hard');
      return to;
    },
  },
  { title: 'a partial clone', arrange: (person) => clone(person, '--filter=blob:none') },
  {
    title: 'a partial clone whose target was fetched and not checked out',
    arrange: async (person) => {
      const to = await clone(person, '--filter=blob:none');
      await person.write('docs/far.txt', 'further away\n');
      await commit(person);
      await person.git('-C', to, 'checkout', '-q', '-b', 'mine');
      await person.git('-C', to, 'fetch', '-q', 'origin', 'main:main');
      return to;
    },
  },
  { title: 'a shallow clone', arrange: (person) => commitMore(person).then(() => clone(person, '--depth=1')) },
  { title: 'fault 84: safe.bareRepository', arrange: (person) => globally(person, '[safe]\n\tbareRepository = explicit') },
  {
    title: 'fault 84: safe.bareRepository, worktrees of a bare repository',
    unusual: true,
    arrange: async (person) => {
      const bare = beside(person, 'project/.bare');
      await person.git('clone', '-q', '--bare', person.repo, bare);
      await person.git('--git-dir', bare, 'worktree', 'add', '-q', join(bare, '../main'), 'main');
      await globally(person, '[safe]\n\tbareRepository = explicit');
      return join(bare, '../main');
    },
  },
  {
    title: 'fault 85: core.bare for all, and not for the main worktree',
    arrange: async (person) => {
      await person.git('config', 'extensions.worktreeConfig', 'true');
      await person.git('config', '--worktree', 'core.bare', 'false');
      await person.git('config', 'core.bare', 'true');
    },
  },
  {
    title: 'fault 85: core.bare for all, from a linked worktree',
    unusual: true,
    arrange: async (person) => {
      await person.git('config', 'extensions.worktreeConfig', 'true');
      await person.git('config', '--worktree', 'core.bare', 'false');
      const to = beside(person, 'linked');
      await person.git('worktree', 'add', '-q', '-b', 'mine', to);
      await person.git('config', 'core.bare', 'true');
      return to;
    },
  },
  { title: 'line endings of Windows', unusual: true, arrange: (person) => globally(person, '[core]\n\tautocrlf = true') },
  {
    title: 'an identity by path',
    arrange: async (person) => {
      await writeFile(join(person.home, 'work.gitconfig'), '[user]\n\tname = At Work\n\temail = at@work.example\n');
      await globally(
        person,
        `[user]\n\tuseConfigOnly = true\n[includeIf "gitdir:${dirname(person.repo)}/"]\n\tpath = ${join(person.home, 'work.gitconfig')}`,
      );
    },
    unset: ['GIT_AUTHOR_NAME', 'GIT_AUTHOR_EMAIL', 'GIT_COMMITTER_NAME', 'GIT_COMMITTER_EMAIL'],
    landed: ['%cn <%ce>', 'At Work <at@work.example>'],
  },
  {
    title: 'signed commits',
    arrange: async (person) => {
      const gpg = await program(
        person,
        'gpg',
        'cat > /dev/null; echo "[GNUPG:] SIG_CREATED " >&2; printf -- "-----BEGIN PGP SIGNATURE-----\\n\\nsigned\\n-----END PGP SIGNATURE-----\\n"',
      );
      await globally(person, `[commit]\n\tgpgSign = true\n[gpg]\n\tprogram = ${gpg}`);
    },
    landed: ['%B%n%cn', 'A Person'],
  },
  { title: 'push.default', arrange: (person) => globally(person, '[push]\n\tdefault = nothing\n[fetch]\n\tprune = true') },
  {
    title: 'odd names',
    arrange: (person) => globally(person, '[user]\n\tname = "; <rm -rf> \\"Ünï\\" \'q\'"\n\temail = "odd @ name"'),
    unset: ['GIT_AUTHOR_NAME', 'GIT_AUTHOR_EMAIL', 'GIT_COMMITTER_NAME', 'GIT_COMMITTER_EMAIL'],
  },
];

async function commitMore(person: Owner): Promise<void> {
  await person.write('docs/far.txt', 'further away\n');
  await commit(person);
}
