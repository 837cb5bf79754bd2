import { readdir, realpath } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { AbsolutePath } from '../model/ids.ts';
import { exists, isErrno } from '../system/files.ts';

export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !way.startsWith(sep));
}

/**
 * The path with every symlink of its existing part resolved, and the existing part itself. git records real paths.
 */
async function resolved(path: string): Promise<{ real: AbsolutePath; existing: string; target: string }> {
  let existing = path;
  while (!(await exists(existing)) && dirname(existing) !== existing) existing = dirname(existing);
  const target = await realpath(existing);
  return { real: join(target, relative(existing, path)), existing, target };
}

/**
 * Why a worktree may not be placed at `path`, one sentence; null: it may. A place beside the repository must really be there: a
 * symlink in its path that leads elsewhere would let a clone choose where files are written.
 */
export async function worktreeRootProblem(root: AbsolutePath, path: AbsolutePath): Promise<string | null> {
  const beside = dirname(root);
  if (!isInside(path, beside)) return null;
  const way = await resolved(path).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT', 'ELOOP')) return null; // A dangling or circular symlink on the way.
    throw error;
  });
  if (way === null) return `A symlink on the way to ${path} leads nowhere.`;
  if (isInside(way.real, await realpath(beside))) return null;
  return `${way.existing} leads to ${way.target}, out of ${beside}.`;
}

/** The real path to create at; CopseErrors `worktree-root-outside` and `path-taken` (exit 3). */
export async function requirePlace(root: AbsolutePath, path: AbsolutePath): Promise<AbsolutePath> {
  await requireWorktreeRoot(root, path);
  const { real } = await resolved(path);
  const inside = await readdir(real).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return [];
    if (isErrno(error, 'ENOTDIR')) return ['a file'];
    throw error;
  });
  if (inside.length === 0) return real;
  throw new CopseError({
    code: 'path-taken',
    exit: EXIT.precondition,
    what: `${path} exists and is not empty.`,
    why: 'A worktree needs its own folder.',
    hint: 'Choose another name:\n  copse run --name <name>',
  });
}

/** CopseError `worktree-root-outside` (exit 3). */
export async function requireWorktreeRoot(root: AbsolutePath, path: AbsolutePath): Promise<void> {
  const problem = await worktreeRootProblem(root, path);
  if (problem !== null) {
    throw new CopseError({
      code: 'worktree-root-outside',
      exit: EXIT.precondition,
      what: `Worktrees cannot be created at ${path}.`,
      why: problem,
      hint: 'Remove that symlink, or set another path in your own settings:\n  copse config',
    });
  }
}
