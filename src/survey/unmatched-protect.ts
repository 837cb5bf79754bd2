import { matchesPattern } from '../git/commit/path-pattern.ts';
import type { Git } from '../git/door/door.ts';
import type { CommitId } from '../model/ids.ts';

/** Patterns that match no file of the base: most often misspelt, and then nothing is protected. No git process without patterns. */
export async function unmatchedProtect(
  git: Git,
  commit: CommitId | null,
  patterns: readonly string[],
): Promise<readonly string[]> {
  if (commit === null || patterns.length === 0) return [];
  const { stdout } = await git.run(['ls-tree', '-r', '-z', '--name-only', '--full-tree', commit]);
  const paths = stdout.toString('utf8').split('\0').slice(0, -1);
  return patterns.filter((pattern) => !paths.some((path) => matchesPattern(path, pattern)));
}
