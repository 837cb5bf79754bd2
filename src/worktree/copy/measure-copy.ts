import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { gitIn } from '../../git/spawn/git-in.ts';
import type { Repository } from '../../git/spawn/repository.ts';
import type { AbsolutePath } from '../../model/ids.ts';
import type { CopyPlan } from '../../model/plan.ts';
import type { CopyRule } from '../../model/settings.ts';
import { directorySize, exists } from '../../system/files.ts';
import { copyProblems } from './copy-links.ts';
import { copyTops } from './copy-sources.ts';

/** In gitignore's syntax, at the top of the repository; Claude Code's own worktrees read it as well. */
export const INCLUDE_FILE = '.worktreeinclude';

type Measured = CopyPlan & { readonly problems: readonly string[] };

/** The `.worktreeinclude` that counts: the current worktree's, else the main one's; null: there is none. */
export async function includeFile(repository: Repository): Promise<AbsolutePath | null> {
  for (const top of await copyTops(repository)) if (await exists(join(top, INCLUDE_FILE))) return join(top, INCLUDE_FILE);
  return null;
}

/**
 * The files of `copy`: the untracked paths that the patterns (gitignore's syntax) match, whole folders as one, of the current
 * worktree, and missing ones of the main worktree. Without patterns those of `.worktreeinclude`, of which ignored ones only: the file
 * says which ignored files to take.
 */
export async function measureCopy(repository: Repository, rules: readonly CopyRule[] | null): Promise<Measured> {
  const nothing: Measured = { entries: [], bytes: 0, files: 0, problems: [] };
  const include = rules === null ? await includeFile(repository) : null;
  if (rules === null ? include === null : rules.length === 0) return nothing;
  const tops = await copyTops(repository);
  const all = (rules ?? []).map(ruleOf);
  if (tops.length === 0) {
    const wanted = all.filter(({ how }) => how !== 'optional').map(({ path }) => path);
    const problem = `copy: ${wanted.join(', ')}: a bare repository has no files to copy. Run copse in one of its worktrees.`;
    return { ...nothing, problems: wanted.length === 0 ? [] : [problem] };
  }
  const outside = all.filter(({ path }) => path.split('/').includes('..'));
  const problems = outside.map(({ path }) => `copy: ${path} leads out of the repository.`);
  const usable = all.filter((rule) => !outside.includes(rule));
  const found = await firstOf(tops, async (top) => {
    if (include !== null) return topmost(await ignoredOf(top, await untracked(top, [`--exclude-from=${include}`])));
    return usable.length === 0
      ? []
      : topmost(
          await untracked(
            top,
            usable.map(({ path }) => `--exclude=${path}`),
          ),
        );
  });
  const none = await unmatched(tops, usable, [...found.keys()]);
  problems.push(...none.filter(({ rule }) => rule.how !== 'optional').map(({ why }) => why));
  const followed = await firstOf(tops, async (top) => {
    const patterns = usable.filter(({ how }) => how === 'follow').map(({ path }) => `--exclude=${path}`);
    return patterns.length === 0 ? [] : topmost(await untracked(top, patterns));
  });
  let bytes = 0;
  let files = 0;
  for (const [entry, top] of found) {
    const follow = followed.has(entry);
    problems.push(...(await copyProblems(top, entry, { follow })));
    const path = join(top, entry);
    const size = await directorySize(follow ? await realpath(path).catch(() => path) : path);
    bytes += size.bytes;
    files += size.files;
  }
  const entries = [...found.keys()].sort();
  const from = Object.fromEntries([...found].filter(([, top]) => top !== repository.root));
  const missing = none.filter(({ rule }) => rule.how === 'optional').map(({ rule }) => rule.path);
  const follow = entries.filter((entry) => followed.has(entry));
  return {
    entries,
    ...(Object.keys(from).length === 0 ? {} : { from }),
    ...(follow.length === 0 ? {} : { follow }),
    ...(missing.length === 0 ? {} : { missing }),
    bytes,
    files,
    problems,
  };
}

interface Rule {
  readonly path: string;
  readonly how: 'always' | 'follow' | 'optional';
}

function ruleOf(rule: CopyRule): Rule {
  return typeof rule === 'string' ? { path: rule, how: 'always' } : rule;
}

/** Each path with the first of the worktrees that has it, or something above or below it. */
async function firstOf(
  tops: readonly AbsolutePath[],
  find: (top: AbsolutePath) => Promise<readonly string[]>,
): Promise<Map<string, AbsolutePath>> {
  const found = new Map<string, AbsolutePath>();
  for (const top of tops) {
    const before = [...found.keys()];
    for (const path of await find(top)) {
      const known = before.some((one) => one === path || one.startsWith(`${path}/`) || path.startsWith(`${one}/`));
      if (!known) found.set(path, top);
    }
  }
  return found;
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
async function unmatched(
  tops: readonly AbsolutePath[],
  rules: readonly Rule[],
  entries: readonly string[],
): Promise<{ readonly rule: Rule; readonly why: string }[]> {
  const none: { rule: Rule; why: string }[] = [];
  for (const rule of rules) {
    const pattern = rule.path;
    if (pattern.startsWith('!') || pattern.startsWith('#')) continue;
    const plain = pattern.replace(/^\//, '').replace(/\/$/, '');
    if (entries.includes(plain)) continue;
    if ((await firstOf(tops, (top) => untracked(top, [`--exclude=${pattern}`]))).size > 0) continue;
    const literal = !/[*?[]/.test(plain);
    const there = literal && (await Promise.all(tops.map((top) => exists(join(top, plain))))).includes(true);
    const why = there
      ? `copy: ${pattern} is tracked, so every worktree has it anyway.`
      : `copy: ${pattern} matches no untracked file.`;
    none.push({ rule, why });
  }
  return none;
}
