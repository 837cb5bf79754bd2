import { access, constants } from 'node:fs/promises';
import type { CommitId } from '../../model/ids.ts';
import type { HeldBack } from '../../model/outcome.ts';
import { forEachAtMost } from '../../system/for-each-at-most.ts';
import { bytes } from '../../text/amounts.ts';
import { keptIgnored } from '../beside/kept-ignored.ts';
import { isUnchanged, type UntrackedSnapshot } from '../beside/untracked-snapshot.ts';
import { GitError } from '../spawn/git-error.ts';
import type { Git } from '../spawn/git-in.ts';
import { pathBytes, pathText, type RawPath, split, workingChanges } from '../worktree/working-changes.ts';
import { matchesPattern } from './path-pattern.ts';
import { holdsSecret, type Secrets } from './secret-content.ts';
import { looksSecret } from './secret-names.ts';
import { type SizeLimits, tooLarge } from './size-limits.ts';

/** Of files that are too large; there can be very many. */
const LARGE_NAMED = 100;

export interface Staged {
  readonly heldBack: readonly HeldBack[];
  /** Worth knowing, one sentence each. */
  readonly notes: readonly string[];
  /** Tracked paths that were not there. */
  readonly deleted: readonly RawPath[];
  /** Of them, those that are absent on purpose and stay in the commit. */
  readonly absent: ReadonlySet<RawPath>;
}

/**
 * Brings the index of `git` up to date with the agent's files. Left out: files that were untracked before and did
 * not change, repositories inside, ignored files, files that are or hold secrets and files that are too large unless `allow` names
 * them, and files that git cannot
 * read. An ignored file that is staged (`git add -f`) is not left out.
 */
export async function stageChanges(o: {
  /** On the index that is brought up. */
  readonly git: Git;
  /** The same, no filter running. */
  readonly looking: Git;
  /** On the worktree's own index, no filter running. */
  readonly own: Git;
  /** The parent of the new commit. */
  readonly commit: CommitId;
  /** Configured filter drivers. */
  readonly drivers: readonly string[];
  /** Those of them that may not run. */
  readonly forbidden: readonly string[];
  /** Paths absent on purpose (sparse checkout); asked only if something is absent. */
  readonly sparse: () => Promise<ReadonlySet<RawPath>>;
  readonly worktree: string;
  readonly before: UntrackedSnapshot;
  readonly secrets: Secrets;
  readonly allow: readonly string[];
  readonly limits: SizeLimits;
}): Promise<Staged> {
  const changes = await workingChanges(o.looking);
  const heldBack: HeldBack[] = [];
  const notes: string[] = [];
  const wanted: RawPath[] = [];
  const allowed = (path: RawPath): boolean => o.allow.some((pattern) => matchesPattern(pathText(path), pattern));

  for (const path of changes.repositories) {
    if (!o.before.repositories.includes(path)) heldBack.push({ path: pathText(path), why: 'nested-repository', by: null });
  }
  for (const path of changes.submodules) heldBack.push({ path: pathText(path), why: 'submodule', by: null });
  const consider = async (path: RawPath, tracked: boolean): Promise<void> => {
    if (!tracked && (await isUnchanged(o.before, o.worktree, path))) return;
    if (!(await isReadable(o.worktree, path))) {
      notes.push(`${pathText(path)} cannot be read and is not committed.`);
      return;
    }
    const why = await suspicion(o, path);
    if (why === null || allowed(path)) wanted.push(path);
    else if (tracked) {
      wanted.push(path);
      notes.push(
        `${pathText(path)} ${why === 'secret-name' ? 'looks like a secret' : 'holds a secret value'} but is tracked: committed.`,
      );
    } else heldBack.push({ path: pathText(path), why, by: null });
  };
  await forEachAtMost(8, changes.modified, (path) => consider(path, true));
  await forEachAtMost(8, [...changes.untracked, ...(await keptIgnored(o))], (path) => consider(path, false));

  const unasked = wanted.filter((path) => !allowed(path));
  const large = await tooLarge(o.worktree, unasked, o.limits);
  const add = wanted.filter((path) => !large.has(path));
  for (const [path, size] of [...large].slice(0, LARGE_NAMED))
    heldBack.push({ path: pathText(path), why: 'too-large', by: bytes(size) });
  if (large.size > LARGE_NAMED)
    notes.push(`${large.size - LARGE_NAMED} more files are not committed: together they are over commit.maxTotalBytes.`);

  const filtered = await filteredPaths(o.looking, add, o.drivers);
  const through = add.filter((path) => {
    const driver = filtered.get(path);
    if (driver === undefined || !o.forbidden.includes(driver)) return driver !== undefined;
    notes.push(`${pathText(path)} is not committed: its filter ${driver} runs a file that the agent could change.`);
    return false;
  });
  const absent = changes.deleted.length === 0 ? new Set<RawPath>() : await o.sparse();
  const deleted = changes.deleted.filter((path) => !absent.has(path));
  // Deletions first: a file may have become a folder. Files without a filter are staged whatever state the filters are in.
  const refused = await updateIndex(o.looking, [...deleted, ...add.filter((path) => !filtered.has(path)).sort()]);
  refused.push(...(await updateIndex(o.git, through.sort())));
  for (const { path, said } of refused) notes.push(`${pathText(path)} could not be committed: ${said}.`);
  heldBack.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { heldBack, notes, deleted: changes.deleted, absent };
}

async function suspicion(
  o: { worktree: string; secrets: Secrets },
  path: RawPath,
): Promise<'secret-name' | 'secret-content' | null> {
  if (looksSecret(pathText(path))) return 'secret-name';
  return (await holdsSecret(o.secrets, o.worktree, path)) ? 'secret-content' : null;
}

async function isReadable(worktree: string, path: RawPath): Promise<boolean> {
  const bytes = pathBytes(worktree, path);
  try {
    await access(bytes, constants.R_OK);
    return true;
  } catch (error) {
    // A dangling symlink is a fine thing to commit, and a file that is gone meanwhile is removed by git.
    return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ELOOP');
  }
}

interface Refused {
  readonly path: RawPath;
  readonly said: string;
}

/**
 * All at once; if git refuses (one bad path ends the batch: a failing required filter, a name it forbids), halves, so that
 * the rest still gets in and the culprit is named.
 */
async function updateIndex(git: Git, paths: readonly RawPath[]): Promise<Refused[]> {
  if (paths.length === 0) return [];
  try {
    const input = Buffer.from(`${paths.join('\0')}\0`, 'latin1');
    // A file that is there although it was sparse: with the flag on, `--remove` would take it out of the index.
    await git.run(['update-index', '--no-skip-worktree', '-z', '--stdin'], { input, ok: [0, 128] });
    await git.run(['update-index', '--add', '--remove', '--replace', '-z', '--stdin'], { input });
    return [];
  } catch (error) {
    if (!(error instanceof GitError) || error.code !== 'git') throw error;
    if (paths.length === 1) return [{ path: paths[0] ?? '', said: firstReason(error) }];
    const middle = Math.ceil(paths.length / 2);
    return [...(await updateIndex(git, paths.slice(0, middle))), ...(await updateIndex(git, paths.slice(middle)))];
  }
}

function firstReason(error: GitError): string {
  return error.message.replace(/^git update-index failed: /, '').replace(/\.$/, '');
}

/** Those of the paths that attributes send through one of these drivers, with its name. One git process. */
async function filteredPaths(
  git: Git,
  paths: readonly RawPath[],
  drivers: readonly string[],
): Promise<ReadonlyMap<RawPath, string>> {
  if (drivers.length === 0 || paths.length === 0) return new Map();
  const input = Buffer.from(`${paths.join('\0')}\0`, 'latin1');
  const fields = split((await git.run(['check-attr', '-z', '--stdin', 'filter'], { input })).stdout);
  const found = new Map<RawPath, string>();
  for (let i = 0; i + 2 < fields.length; i += 3) {
    const driver = Buffer.from(fields[i + 2] ?? '', 'latin1').toString('utf8');
    if (drivers.includes(driver)) found.set(fields[i] ?? '', driver);
  }
  return found;
}
