/**
 * The person's hooks, as they are on the target: those in the repository's own `hooks` folder or outside of it as they are, those
 * in a tracked folder (`core.hooksPath=.githooks`, husky's `.husky/_`) as the target's commit has them, never as a variant changed them.
 */
import { constants } from 'node:fs';
import { access, chmod, cp, lstat, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join, normalize, relative } from 'node:path';
import type { AbsolutePath, CommitId } from '../../model/ids.ts';
import { type Environment, scrubGit } from '../../system/environment.ts';
import { exists, isErrno } from '../../system/files.ts';
import { runLogged } from '../../system/processes/run-logged.ts';
import { objectsGit } from '../spawn/git-in.ts';
import { gitEnvironment, spawnGit } from '../spawn/spawn-git.ts';
import { pathText, split } from '../worktree/working-changes.ts';

export interface PersonHooks {
  /** Absolute, or relative to the top of a worktree. */
  readonly folder: string;
  /** A relative folder: its nearest tracked parent, or itself. null: nothing of it is tracked. */
  readonly tracked: string | null;
  /** A relative folder: the worktree whose untracked hooks count (husky writes its own there). null: none. */
  readonly generated: AbsolutePath | null;
  /** Names of hooks that would run. */
  readonly names: ReadonlySet<string>;
}

/** `checkout`: a worktree of the target, or the current directory; null: a bare repository. */
export async function personHooks(o: {
  readonly commonDir: AbsolutePath;
  readonly target: CommitId;
  readonly checkout: AbsolutePath | null;
}): Promise<PersonHooks> {
  // Not as copse runs git elsewhere, with hooks disabled.
  const { text } = await spawnGit(['config', '--type=path', '--get', 'core.hooksPath'], {
    cwd: o.checkout ?? o.commonDir,
    env: gitEnvironment(),
    ok: [0, 1],
  });
  const inside = relativeFolder(text, o.checkout);
  if (inside === null) {
    const folder = text === '' ? join(o.commonDir, 'hooks') : isAbsolute(text) ? text : join(o.checkout ?? o.commonDir, text);
    return { folder, tracked: null, generated: null, names: await executables(folder) };
  }
  const git = objectsGit(o.commonDir);
  const { stdout } = await git.run(['ls-tree', '-z', o.target, '--', `${inside}/`]);
  const names = new Set(
    split(stdout).flatMap((line) => (line.startsWith('100755 ') ? [pathText(line.slice(line.lastIndexOf('/') + 1))] : [])),
  );
  const isTracked = split(stdout).length > 0;
  const generated = o.checkout !== null && !isTracked && (await exists(join(o.checkout, inside))) ? o.checkout : null;
  if (generated !== null) for (const name of await executables(join(generated, inside))) names.add(name);
  return { folder: inside, tracked: isTracked ? inside : await trackedParent(o, inside), generated, names };
}

/** A hooks folder within a worktree, relative to its top; null: it is elsewhere. */
function relativeFolder(configured: string, checkout: AbsolutePath | null): string | null {
  if (configured === '') return null;
  const path = isAbsolute(configured) ? (checkout === null ? '..' : relative(checkout, configured)) : normalize(configured);
  const plain = path.replace(/\/+$/, '');
  return plain === '' || plain === '.' || plain.startsWith('..') || isAbsolute(plain) || plain.split('/')[0] === '.git'
    ? null
    : plain;
}

async function trackedParent(o: { commonDir: AbsolutePath; target: CommitId }, folder: string): Promise<string | null> {
  for (let at = dirname(folder); at !== '.'; at = dirname(at)) {
    if ((await treeAt(o.commonDir, o.target, at)) !== null) return at;
  }
  return null;
}

async function treeAt(commonDir: AbsolutePath, commit: CommitId, folder: string): Promise<string | null> {
  const { text, exitCode } = await objectsGit(commonDir).run(['rev-parse', '--verify', '--quiet', `${commit}:${folder}`], {
    ok: [0, 1, 128],
  });
  return exitCode === 0 ? text : null;
}

async function executables(folder: string): Promise<Set<string>> {
  const names = new Set<string>();
  try {
    for (const name of await readdir(folder)) {
      if (name.endsWith('.sample')) continue;
      const ok = await access(join(folder, name), constants.X_OK).then(
        () => true,
        () => false, // git passes over a hook that may not be executed.
      );
      if (ok && !(await lstat(join(folder, name))).isDirectory()) names.add(name);
    }
  } catch (error) {
    if (!isErrno(error, 'ENOENT', 'ENOTDIR')) throw error;
  }
  return names;
}

/**
 * Provides the hooks for a worktree at `commit` as the target has them, for the time of `use`, which gets the value for
 * `core.hooksPath`. If the commit has other hooks, the target's are in their own folder meanwhile.
 */
export async function withHooksFor<T>(
  o: {
    readonly commonDir: AbsolutePath;
    readonly hooks: PersonHooks;
    readonly target: CommitId;
    readonly commit: CommitId;
    readonly worktree: AbsolutePath;
  },
  use: (hooksPath: string) => Promise<T>,
): Promise<T> {
  const { hooks } = o;
  if (isAbsolute(hooks.folder)) return use(hooks.folder);
  // If the target does not have the folder, a variant may have put a link there, which would lead out of the worktree.
  const same =
    hooks.tracked === null
      ? hooks.generated === null
      : (await treeAt(o.commonDir, o.target, hooks.tracked)) === (await treeAt(o.commonDir, o.commit, hooks.tracked));
  const home = same ? o.worktree : await mkdtemp(join(tmpdir(), 'copse-hooks-'));
  try {
    if (!same && hooks.tracked !== null) await extract(o.commonDir, o.target, hooks.tracked, home);
    if (hooks.generated !== null) {
      // Files that set-up of the variant wrote there are not the person's.
      await rm(join(home, hooks.folder), { recursive: true, force: true });
      await cp(join(hooks.generated, hooks.folder), join(home, hooks.folder), { recursive: true, verbatimSymlinks: true });
    }
    return await use(same ? hooks.folder : join(home, hooks.folder));
  } finally {
    if (!same) await rm(home, { recursive: true, force: true });
  }
}

async function extract(commonDir: AbsolutePath, commit: CommitId, folder: string, into: AbsolutePath): Promise<void> {
  const git = objectsGit(commonDir);
  const { stdout } = await git.run(['ls-tree', '-r', '-z', commit, '--', `${folder}/`]);
  for (const line of split(stdout)) {
    const [mode = '', , id = ''] = line.slice(0, line.indexOf('\t')).split(' ');
    const path = join(into, pathText(line.slice(line.indexOf('\t') + 1)));
    if (mode === '160000') continue;
    const { stdout: content } = await git.run(['cat-file', 'blob', id]);
    await mkdir(dirname(path), { recursive: true });
    if (mode === '120000') await symlink(content.toString('utf8'), path);
    else {
      await writeFile(path, content);
      await chmod(path, mode === '100755' ? 0o755 : 0o644);
    }
  }
}

/** Time enough for a whole test suite; a hook that hangs is ended with Ctrl-C. */
const HOOK_TIMEOUT_MS = 3_600_000;

/**
 * Runs one hook in a worktree as git would: with the person's environment, nothing of it that redirects git. True: it passed or there is
 * none of this name. Its output is written to `log`.
 */
export async function runHook(o: {
  readonly name: string;
  readonly args: readonly string[];
  readonly hooksPath: string;
  readonly worktree: AbsolutePath;
  /** The person's, whole. */
  readonly environment: Environment;
  readonly log: AbsolutePath;
  readonly signal: AbortSignal;
  /** The worktree's, by which its next user finds what a hook left that was killed together with us. */
  readonly marker: string;
}): Promise<boolean> {
  const { LC_ALL, LANGUAGE } = scrubGit(o.environment);
  const { LC_ALL: _ours, ...env } = gitEnvironment();
  const result = await runLogged(
    ['git', '-c', `core.hooksPath=${o.hooksPath}`, 'hook', 'run', '--ignore-missing', o.name, '--', ...o.args],
    {
      cwd: o.worktree,
      env: { ...env, ...(LC_ALL === undefined ? {} : { LC_ALL }), ...(LANGUAGE === undefined ? {} : { LANGUAGE }) },
      log: o.log,
      timeoutMs: HOOK_TIMEOUT_MS,
      marker: o.marker,
      signal: o.signal,
    },
  );
  o.signal.throwIfAborted();
  return result.exitCode === 0;
}
