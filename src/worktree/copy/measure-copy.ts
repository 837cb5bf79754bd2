import { join } from 'node:path';
import { gitIn } from '../../git/door/door.ts';
import type { Repository } from '../../git/door/repository.ts';
import type { CopyPlan } from '../../model/plan.ts';
import { directorySize, exists } from '../../system/files.ts';
import { copyProblems } from './copy-links.ts';

/** In gitignore's syntax, at the top of the repository; what Claude Code's own worktrees read as well. */
export const INCLUDE_FILE = '.worktreeinclude';

/**
 * What `copy` resolves to: the untracked paths of the main worktree that the patterns (gitignore's syntax) match, whole folders as one.
 * Without patterns those of `.worktreeinclude`, of which ignored ones only: the file says which ignored files to take.
 */
export async function measureCopy(
  repository: Repository,
  patterns: readonly string[] | null,
): Promise<CopyPlan & { readonly problems: readonly string[] }> {
  const nothing = { entries: [], bytes: 0, files: 0, problems: [] };
  if (repository.bare) return nothing;
  const include = join(repository.root, INCLUDE_FILE);
  if (patterns === null ? !(await exists(include)) : patterns.length === 0) return nothing;

  const outside = (patterns ?? []).filter((pattern) => pattern.split('/').includes('..'));
  const problems = outside.map((pattern) => `copy: ${pattern} leads out of the repository.`);
  const usable = (patterns ?? []).filter((pattern) => !outside.includes(pattern));
  const chosen = patterns === null ? [`--exclude-from=${include}`] : usable.map((pattern) => `--exclude=${pattern}`);
  const found = chosen.length === 0 ? [] : await untracked(repository.root, chosen);
  const entries = topmost(patterns === null ? await ignoredOf(repository.root, found) : found);

  if (patterns !== null) problems.push(...(await unmatched(repository.root, usable, entries)));
  let bytes = 0;
  let files = 0;
  for (const entry of entries) {
    problems.push(...(await copyProblems(repository.root, entry)));
    const size = await directorySize(join(repository.root, entry));
    bytes += size.bytes;
    files += size.files;
  }
  return { entries, bytes, files, problems };
}

async function untracked(root: string, chosen: readonly string[]): Promise<string[]> {
  const { stdout } = await gitIn(root, { reads: true }).run([
    'ls-files',
    '-z',
    '--others',
    '--ignored',
    '--directory',
    ...chosen,
  ]);
  return stdout.toString('utf8').split('\0').slice(0, -1);
}

async function ignoredOf(root: string, paths: readonly string[]): Promise<string[]> {
  if (paths.length === 0) return [];
  const { stdout } = await gitIn(root, { reads: true }).run(['check-ignore', '-z', '--stdin'], {
    input: paths.map((path) => `${path}\0`).join(''),
    ok: [0, 1],
  });
  return stdout.toString('utf8').split('\0').slice(0, -1);
}

/** git lists a folder whose whole content matches and the content too. */
function topmost(paths: readonly string[]): string[] {
  const folders = paths.filter((path) => path.endsWith('/'));
  const own = paths.filter((path) => !folders.some((folder) => folder !== path && path.startsWith(folder)));
  return [...new Set(own.map((path) => path.replace(/\/$/, '')))].sort();
}

/** A pattern that finds nothing is most often a misspelt one, or names what is tracked and there anyway. */
async function unmatched(root: string, patterns: readonly string[], entries: readonly string[]): Promise<string[]> {
  const problems: string[] = [];
  for (const pattern of patterns) {
    if (pattern.startsWith('!') || pattern.startsWith('#')) continue;
    const plain = pattern.replace(/^\//, '').replace(/\/$/, '');
    if (entries.includes(plain)) continue;
    if ((await untracked(root, [`--exclude=${pattern}`])).length > 0) continue;
    const there = !/[*?[]/.test(plain) && (await exists(join(root, plain)));
    problems.push(
      there ? `copy: ${pattern} is tracked, so every worktree has it anyway.` : `copy: ${pattern} matches no untracked file.`,
    );
  }
  return problems;
}
