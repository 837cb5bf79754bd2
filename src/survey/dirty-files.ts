import { relative } from 'node:path';
import type { Git } from '../git/door/door.ts';
import type { Repository } from '../git/door/repository.ts';
import { worktreeStatus } from '../git/worktree/status.ts';

const MOST_LISTED = 100;

/** Uncommitted paths of a checkout, without the files that only say what copse is to do. One git process. */
export async function dirtyFiles(
  git: Git,
  o: { readonly repository: Repository; readonly own: readonly (string | null)[] },
): Promise<{ readonly paths: readonly string[]; readonly count: number }> {
  const { here } = o.repository;
  if (noCheckout(o.repository)) return { paths: [], count: 0 };
  const { dirty, untracked } = await worktreeStatus(git);
  const own = new Set(o.own.flatMap((path) => (path === null ? [] : [relative(here, path)])));
  const paths = [...dirty.map(({ path }) => path), ...untracked].filter((path) => !own.has(path));
  return { paths: paths.slice(0, MOST_LISTED), count: paths.length };
}

/** Whether we stand in a bare repository itself, rather than in one of its linked worktrees. */
export function noCheckout({ bare, here, root }: Repository): boolean {
  return bare && here === root;
}
