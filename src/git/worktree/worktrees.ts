import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { AbsolutePath, BranchName, CommitId } from '../../model/ids.ts';
import { exists, readTextIfExists, replaceFile } from '../../system/files.ts';
import { MARKER_VARIABLE } from '../../system/processes/process-identity.ts';
import { readHead } from '../refs/head.ts';
import { copyIndex } from '../spawn/copy-index.ts';
import { withoutFilters } from '../spawn/filter-drivers.ts';
import { GitError } from '../spawn/git-error.ts';
import { type Git, QUIET, WHOLE_INDEX } from '../spawn/git-in.ts';
import { openRepository, type Repository } from '../spawn/repository.ts';
import { type ShadowPaths, shadowEnvironment } from '../spawn/shadow-directory.ts';
import { gitEnvironment, spawnGit } from '../spawn/spawn-git.ts';

export interface ListedWorktree {
  readonly path: AbsolutePath;
  /** null: no commit yet, or bare. */
  readonly head: CommitId | null;
  readonly branch: BranchName | null;
  /** The reason, which may be empty; null: not locked. */
  readonly locked: string | null;
  readonly prunable: boolean;
  readonly bare: boolean;
}

/**
 * The main worktree first. One broken entry (an empty `commondir`, as a killed git leaves it) makes `git worktree list` fail for
 * all: the entries are then read one by one, and the broken one is `prunable`.
 */
export async function listWorktrees(git: Git): Promise<ListedWorktree[]> {
  try {
    const { stdout } = await git.run(['worktree', 'list', '--porcelain', '-z']);
    return stdout
      .toString('utf8')
      .split('\0\0')
      .filter((record) => record !== '')
      .map(parseWorktree);
  } catch (error) {
    if (!(error instanceof GitError) || !error.stderr.includes('commondir')) throw error;
    return readWorktrees(await openRepository(git.cwd, { checkVersion: false, known: true }));
  }
}

async function readWorktrees(repository: Repository): Promise<ListedWorktree[]> {
  const { commonDir, root, bare } = repository;
  const main = await readHead(commonDir, commonDir);
  const listed: ListedWorktree[] = [{ path: root, head: main.commit, branch: main.branch, locked: null, prunable: false, bare }];
  for (const name of (await readdir(join(commonDir, 'worktrees'))).sort()) {
    const gitDir = join(commonDir, 'worktrees', name);
    const pointer = (await readTextIfExists(join(gitDir, 'gitdir')))?.trim() ?? '';
    if (pointer === '') continue;
    const { commit, branch } = await readHead(commonDir, gitDir);
    const whole = ((await readTextIfExists(join(gitDir, 'commondir'))) ?? '').trim() !== '' && (await exists(pointer));
    const locked = await worktreeLock(gitDir);
    listed.push({ path: dirname(pointer), head: commit, branch, locked, prunable: !whole && locked === null, bare: false });
  }
  return listed;
}

function parseWorktree(record: string): ListedWorktree {
  const fields = new Map(
    record.split('\0').map((line) => {
      const space = line.indexOf(' ');
      return space === -1 ? [line, ''] : [line.slice(0, space), line.slice(space + 1)];
    }),
  );
  const head = fields.get('HEAD') ?? null;
  return {
    path: fields.get('worktree') ?? '',
    head: head !== null && /^0+$/.test(head) ? null : head,
    branch: fields.get('branch')?.replace(/^refs\/heads\//, '') ?? null,
    locked: fields.get('locked') ?? null,
    prunable: fields.has('prunable'),
    bare: fields.has('bare'),
  };
}

/**
 * Registers a worktree with a new branch at `start`, or with the one that is there at `tip`, locked with `reason`, and checks nothing out. The caller holds the
 * repository lock: registrations that run at once break each other. `--no-track`: with a remote base git would write to the
 * shared config, and fail on its lock.
 */
export async function addWorktree(
  git: Git,
  o: {
    readonly path: AbsolutePath;
    readonly branch: BranchName;
    readonly start: CommitId;
    readonly tip?: CommitId;
    readonly reason: string;
  },
): Promise<void> {
  await git.run([
    'worktree',
    'add',
    '--quiet',
    '--no-checkout',
    '--no-track',
    '--lock',
    '--reason',
    o.reason,
    ...(o.tip === undefined ? ['-b', o.branch, o.path, o.start] : [o.path, o.branch]),
  ]);
}

/**
 * Checks `commit` out into an empty registered worktree and writes its index. Runs smudge filters of the trusted configuration
 * only, none of `withoutFilters`; may fetch what a partial clone lacks. Returns the filters that could not run, whose files are as they
 * are stored; only with `fillLater`, otherwise they are an error.
 */
export async function populate(o: {
  readonly shadow: ShadowPaths;
  readonly workTree: AbsolutePath;
  readonly commit: CommitId;
  /** Value of the marker variable, by which git is found should we die meanwhile. */
  readonly marker?: string;
  /** Filter drivers that are not to run. */
  readonly withoutFilters?: readonly string[];
  /** Set-up comes next, and may unlock what a filter needs. */
  readonly fillLater?: boolean;
  readonly signal?: AbortSignal;
}): Promise<readonly string[]> {
  const index = join(o.shadow.gitDir, 'index');
  const env = gitEnvironment({
    ...(await shadowEnvironment(o.shadow, o.workTree, index)),
    ...(o.marker === undefined ? {} : { [MARKER_VARIABLE]: o.marker }),
  });
  const unfilled: string[] = [];
  for (;;) {
    const off = withoutFilters([...(o.withoutFilters ?? []), ...unfilled]);
    try {
      await spawnGit([...QUIET, ...WHOLE_INDEX, ...off, 'read-tree', '--reset', '-u', o.commit], {
        cwd: o.shadow.dir,
        env,
        ...(o.signal === undefined ? {} : { signal: o.signal }),
      });
      break;
    } catch (error) {
      const driver = error instanceof GitError ? /: smudge filter (.+) failed$/m.exec(error.stderr)?.[1] : undefined;
      if (o.fillLater !== true || driver === undefined || unfilled.includes(driver)) throw error;
      unfilled.push(driver);
    }
  }
  // Our own view of it, with which the commit later spares reading what did not change.
  await copyIndex(index, o.shadow.index);
  return unfilled;
}

/** What `git worktree lock --reason` writes; also over another reason, which git refuses. */
export async function lockWorktree(gitDir: AbsolutePath, reason: string): Promise<void> {
  await replaceFile(join(gitDir, 'locked'), `${reason}\n`);
}

/** null: not locked. */
export async function worktreeLock(gitDir: AbsolutePath): Promise<string | null> {
  return (await readTextIfExists(join(gitDir, 'locked')))?.trim() ?? null;
}
