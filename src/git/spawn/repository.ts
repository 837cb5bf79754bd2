import { basename, dirname, resolve } from 'node:path';
import { CopseError } from '../../model/errors.ts';
import { EXIT } from '../../model/exit-code.ts';
import type { AbsolutePath, BranchName, CommitId } from '../../model/ids.ts';
import { shellWord } from '../../text/shell-word.ts';
import { readHead } from '../refs/head.ts';
import { GitError } from './git-error.ts';
import { gitVersion } from './git-version.ts';
import { gitEnvironment, spawnGit } from './spawn-git.ts';

export interface Repository {
  readonly commonDir: AbsolutePath;
  /** Top of the main worktree, or the bare repository itself. */
  readonly root: AbsolutePath;
  /** Top of the current worktree; the bare repository itself if there is none. */
  readonly here: AbsolutePath;
  /** Git directory of the current worktree. */
  readonly gitDir: AbsolutePath;
  readonly bare: boolean;
  /** Branch of the current worktree; null when detached. */
  readonly headBranch: BranchName | null;
  /** null: no commit yet. */
  readonly headCommit: CommitId | null;
  readonly shallow: boolean;
}

/** `merge-tree --stdin`, `worktree list -z` and `--show-scope` all exist from here on. */
const OLDEST_GIT: readonly [number, number] = [2, 39];

/**
 * The repository that `cwd` is in, also from a subfolder or a linked worktree, whatever `GIT_*` is exported. `checkVersion: false`
 * spares the second git process (both run at once otherwise) where speed matters more than a good word to an old git. `known`: it was
 * opened before, and `cwd` is its root, which may be a bare repository that git must not find by itself.
 *
 * CopseError codes, all exit 3: `not-a-repository`, `unsafe-ownership`, `git-too-old`, `git-missing`.
 */
export async function openRepository(
  cwd: string,
  o: { readonly checkVersion?: boolean; readonly known?: boolean } = {},
): Promise<Repository> {
  const version = o.checkVersion === false ? Promise.resolve() : requireVersion(cwd);
  // Both are awaited whatever the other does: an unhandled rejection would end the process.
  const [checked, found] = await Promise.allSettled([version, discover(cwd, o.known === true)]);
  if (checked.status === 'rejected') throw checked.reason;
  if (found.status === 'rejected') throw found.reason;
  return found.value;
}

async function discover(cwd: string, known: boolean): Promise<Repository> {
  const { stdout, stderr, exitCode } = await spawnGit(
    [
      'rev-parse',
      '--path-format=absolute',
      '--is-bare-repository',
      '--is-inside-work-tree',
      '--is-shallow-repository',
      '--git-common-dir',
      '--git-dir',
      // Last: it fails outside of a work tree, after the others were printed.
      '--show-toplevel',
    ],
    { cwd, env: gitEnvironment(), ok: [0, 128, 129], find: !known },
  );
  const [bareHere, inside, shallow, commonDir, gitDir, top] = stdout.toString('utf8').split('\n');
  if (commonDir === undefined || gitDir === undefined || (exitCode !== 0 && inside === 'true')) {
    throw notARepository(cwd, stderr, exitCode);
  }
  const head = await readHead(commonDir, gitDir);
  const main = await mainWorktree({ commonDir, gitDir, bareHere: bareHere === 'true', top: inside === 'true' ? top : undefined });
  return {
    commonDir,
    gitDir,
    root: main.root,
    here: inside === 'true' && top !== undefined && top !== '' ? top : main.root,
    bare: main.bare,
    headBranch: head.branch,
    headCommit: head.commit,
    shallow: shallow === 'true',
  };
}

async function mainWorktree(o: {
  commonDir: string;
  gitDir: string;
  bareHere: boolean;
  top: string | undefined;
}): Promise<{ root: AbsolutePath; bare: boolean }> {
  if (o.commonDir === o.gitDir) {
    if (o.bareHere) return { root: o.commonDir, bare: true };
    // The current directory is inside `.git`: no top was printed.
    return { root: o.top ?? dirname(o.commonDir), bare: false };
  }
  // In a linked worktree git answers for that worktree; whether the main one is bare, or elsewhere, only the config says.
  const shared = await coreConfig(`${o.commonDir}/config`);
  // Settings for the main worktree alone override those for all.
  const own = isTrue(shared.get('extensions.worktreeconfig')) ? await coreConfig(`${o.commonDir}/config.worktree`) : null;
  const worktree = own?.get('core.worktree') ?? shared.get('core.worktree');
  if (worktree !== undefined) return { root: resolve(o.commonDir, worktree), bare: false };
  if (isTrue(own?.has('core.bare') === true ? own.get('core.bare') : shared.get('core.bare')))
    return { root: o.commonDir, bare: true };
  return { root: basename(o.commonDir) === '.git' ? dirname(o.commonDir) : o.commonDir, bare: false };
}

/** The path of a repository's files in one configuration file; the last of equal keys counts. */
async function coreConfig(file: AbsolutePath): Promise<ReadonlyMap<string, string>> {
  const wanted = '^(core\\.(bare|worktree)|extensions\\.worktreeconfig)$';
  const { text } = await spawnGit(['config', '--file', file, '--get-regexp', wanted], {
    cwd: '/',
    env: gitEnvironment(),
    ok: [0, 1],
  });
  return new Map(
    text.split('\n').map((line) => {
      const space = line.indexOf(' ');
      // A key without `=` is true.
      return space === -1 ? [line, 'true'] : [line.slice(0, space), line.slice(space + 1)];
    }),
  );
}

function isTrue(value: string | undefined): boolean {
  return /^(true|yes|on|1)$/i.test(value ?? '');
}

function notARepository(cwd: string, stderr: string, exitCode: number): CopseError {
  if (stderr.includes('dubious ownership')) {
    const owned = /repository at '([^']+)'/.exec(stderr)?.[1] ?? cwd;
    return new CopseError({
      code: 'unsafe-ownership',
      exit: EXIT.precondition,
      what: `The repository ${owned} belongs to another user; git refuses to work in it.`,
      why: 'Its configuration could make git run programs of that user with your rights.',
      hint: `If you trust it:\n  git config --global --add safe.directory ${shellWord(owned)}`,
    });
  }
  if (stderr.includes('not a git repository')) {
    return new CopseError({
      code: 'not-a-repository',
      exit: EXIT.precondition,
      what: `${cwd} is not in a git repository.`,
      why: 'A run needs a git repository with at least one commit.',
      hint: 'Change into your project, or try the sample first:\n  copse tour',
    });
  }
  return new GitError({
    code: 'git',
    exit: EXIT.precondition,
    what: `git cannot open the repository at ${cwd}.`,
    why: stderr.trim().split('\n')[0] ?? '',
    hint: stderr.includes('safe.bareRepository')
      ? 'Change into one of its worktrees, then repeat the command.'
      : 'See what git says:\n  git status',
    exitCode,
    stderr,
  });
}

async function requireVersion(cwd: string): Promise<void> {
  const text = await gitVersion(cwd);
  const found = parseVersion(text);
  if (found !== null && isAtLeast(found, OLDEST_GIT)) return;
  throw new CopseError({
    code: 'git-too-old',
    exit: EXIT.precondition,
    what: `git ${found?.join('.') ?? text} is too old.`,
    why: `copse needs git ${OLDEST_GIT.join('.')} or newer.`,
    hint: 'Update git, then check again:\n  copse doctor',
  });
}

/** From `git version 2.39.5 (Apple Git-154)`. */
export function parseVersion(text: string): readonly [number, number] | null {
  const match = /(\d+)\.(\d+)/.exec(text);
  return match === null ? null : [Number(match[1]), Number(match[2])];
}

function isAtLeast(found: readonly [number, number], wanted: readonly [number, number]): boolean {
  return found[0] > wanted[0] || (found[0] === wanted[0] && found[1] >= wanted[1]);
}
