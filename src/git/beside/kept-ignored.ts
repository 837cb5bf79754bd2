import { lstatSync } from 'node:fs';
import type { CommitId } from '../../model/ids.ts';
import { matchesPattern } from '../commit/path-pattern.ts';
import type { Git } from '../spawn/git-in.ts';
import { pathBytes, pathText, type RawPath, split } from '../worktree/working-changes.ts';
import { isCache, isInstalled } from './by-products.ts';

/**
 * Ignored files that are work anyway: those that `allow` names, and those that were put into the worktree's own index
 * (`git add -f`). Of the latter without installed packages and caches of tools: `git add -f .` adds all of these.
 */
export async function keptIgnored(o: {
  /** On the index of the commit. */
  readonly looking: Git;
  /** On the worktree's own, which is input. */
  readonly own: Git;
  /** The parent of the new commit. */
  readonly commit: CommitId;
  readonly worktree: string;
  readonly allow: readonly string[];
}): Promise<readonly RawPath[]> {
  const [allowed, staged] = await Promise.all([allowedPaths(o.looking, o.allow), stagedPaths(o)]);
  const files = [...new Set([...allowed, ...staged])].filter((path) => {
    const stat = lstatSync(pathBytes(o.worktree, path), { throwIfNoEntry: false });
    return stat?.isFile() === true || stat?.isSymbolicLink() === true;
  });
  return files.sort();
}

async function allowedPaths(git: Git, allow: readonly string[]): Promise<RawPath[]> {
  if (allow.length === 0) return [];
  const { stdout } = await git.run([
    'ls-files',
    '-z',
    '--others',
    '--ignored',
    '--exclude-standard',
    '--',
    ...allow.flatMap(pathspecs),
  ]);
  return split(stdout).filter((path) => allow.some((pattern) => matchesPattern(pathText(path), pattern)));
}

/** The folders that a pattern may match, so that git does not list all of `node_modules` for it. */
function pathspecs(pattern: string): string[] {
  const anchored = pattern.replace(/^\//, '').replace(/\/$/, '');
  const escaped = anchored.replace(/[[\]\\]/g, '\\$&');
  const at = anchored.includes('/') || pattern.startsWith('/') ? escaped : `**/${escaped}`;
  return [`:(top,glob)${at}`, `:(top,glob)${at}/**`];
}

async function stagedPaths(o: Parameters<typeof keptIgnored>[0]): Promise<RawPath[]> {
  const added = await o.own.run(
    ['diff-index', '--cached', '--name-only', '--no-renames', '--diff-filter=A', '--ignore-submodules=all', '-z', o.commit],
    // An index that git cannot read: then nothing is known to be staged.
    { ok: [0, 128] },
  );
  const paths = split(added.stdout).filter((path) => !isInstalled(path) && !path.split('/').some(isCache));
  if (added.exitCode !== 0 || paths.length === 0) return [];
  const input = Buffer.from(`${paths.join('\0')}\0`, 'latin1');
  const ignored = await o.looking.run(['check-ignore', '--no-index', '-z', '--stdin'], { input, ok: [0, 1, 128] });
  return split(ignored.stdout);
}
