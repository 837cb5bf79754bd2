import { basename, dirname, join, resolve } from 'node:path';
import { readRegular } from '../git/spawn/read-regular.ts';
import { repairPointers } from '../git/worktree/worktree-pointers.ts';
import { CopseError } from '../model/errors.ts';
import { EXIT } from '../model/exit-code.ts';
import type { AbsolutePath } from '../model/ids.ts';
import type { VariantState } from '../model/run-state/state.ts';
import { exists } from '../system/files.ts';
import { shellWord } from '../text/shell-word.ts';
import { openWorktree } from '../worktree/open-worktree.ts';
import { requireWorktree } from './require-worktree.ts';

export interface SafeWorktree {
  readonly path: AbsolutePath;
  /** What was put right, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * The path of a variant's worktree, for a caller that is about to run git there. An agent can replace the `.git` file of its worktree by one that
 * names a git directory with programs of its own, which even `git show` would run: the file is put right first. CopseErrors, exit 3: as
 * {@link requireWorktree}, and `pointer-replaced` where it cannot be.
 */
export async function requireSafeWorktree(commonDir: AbsolutePath, variant: VariantState): Promise<SafeWorktree> {
  const path = await requireWorktree(variant);
  if (await leadsHere(commonDir, path)) return { path, notes: [] };
  const root = basename(commonDir) === '.git' ? dirname(commonDir) : commonDir;
  const repository = { commonDir, root, bare: root === commonDir };
  const ours = await openWorktree({ repository, path, nonce: variant.created?.nonce ?? null });
  const notes = ours === null || ours.path !== path ? [] : await repairPointers({ worktree: path, gitDir: ours.gitDir });
  if (await leadsHere(commonDir, path)) return { path, notes };
  const pointer = join(path, '.git');
  throw new CopseError({
    code: 'pointer-replaced',
    exit: EXIT.precondition,
    what: `The .git of the worktree of ${variant.name} does not lead to this repository.`,
    why: `Something replaced ${pointer}. git would believe what it finds there, and could run programs that it names.`,
    hint: `Look at it, without git: ls -la ${shellWord(pointer)}`,
  });
}

/** Whether git finds this repository there: its entry and the folder's `.git` lead to each other. Without a `.git` it finds nothing new. */
async function leadsHere(commonDir: AbsolutePath, path: AbsolutePath): Promise<boolean> {
  const pointer = join(path, '.git');
  if (!(await exists(pointer))) return true;
  const named = /^gitdir: (.+)$/.exec(((await readRegular(pointer)) ?? '').trim())?.[1];
  if (named === undefined) return false;
  const entry = resolve(path, named);
  if (dirname(entry) !== join(commonDir, 'worktrees')) return false;
  const back = ((await readRegular(join(entry, 'gitdir'))) ?? '').trim();
  return back !== '' && resolve(entry, back) === pointer;
}
